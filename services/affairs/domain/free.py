"""A-02: work that needs no admission: claimed by its basis, and whether it is so said by the leading group's office."""

from datetime import date, datetime

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required_by

from .admission import Admission, ClaimAccepted, End, Ended, Exempted, Refused, Status
from .rules import RULES


def exempt(exempted: Exempted) -> Exempted:
    """Who claims it names the basis."""
    required_by(RULES["A-02"], exempted.item, "item", "须写明事项名称。")
    required_by(RULES["A-02"], exempted.basis, "basis", "主张免于准入的须写明依据。")
    to_come(exempted.until, exempted.at)
    return exempted


def to_come(until: date | None, now: datetime) -> None:
    if until is not None and until < local_date(now):
        raise Malformed("期限不得早于今天。", field="until")


def may_accept(known: Admission, now: datetime) -> None:
    if not known.claimed:
        raise RuleBroken(RULES["A-02"], "没有待认定的免于准入主张。", clause=OURS)
    if known.until is not None and known.until < local_date(now):
        raise RuleBroken(RULES["A-02"], "所写期限已过，不再认定。", clause=OURS)


def accept(known: Admission, now: datetime) -> ClaimAccepted:
    may_accept(known, now)
    return ClaimAccepted(at=now)


def may_contest(known: Admission) -> None:
    """A claim, and what stands on one: the basis may be gone since (ours)."""
    if known.free is None or not (known.in_force or known.status is Status.CLAIMED):
        raise RuleBroken(RULES["A-02"], "不是免于准入的工作，或者已不在社区。", clause=OURS)


def contest(known: Admission, reason: str, now: datetime) -> Refused | Ended:
    """It never was free, or is so no longer: then it leaves."""
    may_contest(known)
    required_by(RULES["A-02"], reason, "reason", "不认定免于准入须写明理由。", OURS)
    if known.in_force:
        return Ended(how=End.CONTESTED, reason=reason, at=now)
    return Refused(reason=reason, document="", at=now)
