"""The shape of this service's policy: the numbers that the documents leave to the platform."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chassis.kernel.errors import Malformed
from chassis.kernel.terms import check_terms

POSITIVE = (
    "examination_days",
    "answer_days",
    "blacklist_years",
    "publicity_days",
    "audit_days",
    "matter_days",
    "rating_years",
    "party_members",
    "points_per_hour",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """What points are redeemed for."""

    name: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """`person_days`: founders and heads, after they left or the organisation is over; `complainant_days`: who
    complained and in which words, after the decision; `volunteer_days`: a name, after who has it left."""

    person_days: int
    complainant_days: int
    volunteer_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationsPolicy:
    """`examination_days` (O-02): working days that a registration takes at least; `answer_days` (O-10):
    working days to answer a listing; `blacklist_years` (O-10): its term, where the decision says none;
    `publicity_days` (O-06): working days that a head is shown first; `audit_days` (O-06): working days to
    audit who left; `matter_days` (O-07): working days to report what came of a matter; `report_by` (O-08):
    month and day by which a year is reported; `rating_years` (O-09): the longest term of a rating;
    `party_members` (O-13): from how many on a branch is due; `points_per_hour`,
    `points_expire_days` (0: never), `levels` by points and `rewards` (O-15).
    """

    examination_days: int
    answer_days: int
    blacklist_years: int
    publicity_days: int
    audit_days: int
    matter_days: int
    report_by: str
    rating_years: int
    party_members: int
    points_per_hour: int
    points_expire_days: int
    levels: Mapping[str, int]
    rewards: Mapping[str, Reward]
    retention: Retention


def check(policy: OrganisationsPolicy) -> None:
    check_terms(policy.retention)
    for field in POSITIVE:
        if getattr(policy, field) <= 0:
            raise Malformed("须大于零。", field=field)
    if policy.points_expire_days < 0:
        raise Malformed("不得小于零。", field="points_expire_days")
    if any(points <= 0 for points in policy.levels.values()):
        raise Malformed("须大于零。", field="levels")
    if any(reward.points <= 0 for reward in policy.rewards.values()):
        raise Malformed("须大于零。", field="rewards")
    if not _month_and_day(policy.report_by):
        raise Malformed("写作月-日，例如 06-30。", field="report_by")


def _month_and_day(text: str) -> bool:
    """A day that every year has; a week isn't one, though Python reads 2001-W01-1."""
    try:
        return f"{date.fromisoformat(f'2001-{text}'):%m-%d}" == text
    except ValueError:
        return False
