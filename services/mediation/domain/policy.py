"""The shape of this service's policy: the numbers that the documents leave to the platform."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.kernel.errors import Malformed
from chassis.kernel.terms import check_terms

from .dispute import Risk, Way

DAYS = ("response_days", "decision_days", "mediation_days", "visit_days", "charge_days", "least")


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """`case_days`: what is sealed of a case, after its end; `mediator_days`: a name, after who has it left."""

    case_days: int
    mediator_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MediationPolicy:
    """`response_days`, `decision_days` and `charge_days` are working days, the others natural ones;
    `judicial`: whose mediation is the court's; `least`: smaller figures aren't shown;
    `reward_fen`: for each settled case, by risk.
    """

    response_days: int
    decision_days: int
    mediation_days: int
    visit_days: int
    charge_days: int
    least: int
    judicial: tuple[str, ...]
    reward_fen: Mapping[Risk, int]
    retention: Retention

    def way_of(self, office: str) -> Way:
        """That of an office: communities and streets have people's mediation."""
        kind, _, code = office.partition(":")
        if kind != "department":
            return Way.PEOPLE
        return Way.JUDICIAL if code in self.judicial else Way.ADMINISTRATIVE

    def ways_of(self, office: str) -> frozenset[Way]:
        """M-06: a department's own, and people's mediation, as of an industry's committee; a court, a street and a
        community have no other than their own.
        """
        own = self.way_of(office)
        return frozenset({own, Way.PEOPLE}) if own is Way.ADMINISTRATIVE else frozenset({own})


def check(policy: MediationPolicy) -> None:
    for days in DAYS:
        if getattr(policy, days) <= 0:
            raise Malformed("须大于零。", field=days)
    if set(policy.reward_fen) != set(Risk) or min(policy.reward_fen.values()) < 0:
        raise Malformed("每一等级的奖补都须写明，且不得为负。", field="reward_fen")
    check_terms(policy.retention)
