"""O-10: the abnormal list and the blacklist: ground, notice, answer, entry, and how it is left."""

from datetime import date, datetime

from chassis.kernel.clock import (
    WorkTime,
    announced,
    end_of,
    local_date,
    local_minute,
    working_days_after,
)
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required_by

from .days import years_after
from .events import ListingAnswered, ListingEntered, ListingLeft, ListingProposed
from .kinds import Ground, Left, ListKind
from .organisation import Organisation
from .parts import Listing
from .registering import Numbers
from .rules import LISTING, RULES


def may_propose(organisation: Organisation) -> None:
    organisation.must_be_on("O-10")


def propose(
    organisation: Organisation,
    *,
    kind: ListKind,
    ground: Ground,
    findings: str,
    until: date | None,
    now: datetime,
    numbers: Numbers,
) -> ListingProposed:
    """`until`: the last day of its term, where one is said."""
    may_propose(organisation)
    required_by(RULES["O-10"], findings, "findings", "须写明事由。", LISTING)
    if any((one.list, one.ground) == (kind, ground) and one.open for one in organisation.listings):
        raise RuleBroken(RULES["O-10"], "该事由已经告知或列入。", clause=OURS, field="ground")
    if until is not None and until <= local_date(now):
        raise Malformed("期限须晚于今天。", field="until")
    days = numbers.policy.answer_days
    listing = Listing(
        id=str(len(organisation.listings) + 1),
        list=kind,
        ground=ground,
        findings=findings,
        proposed_at=now,
        answer_by=working_days_after(now, days, numbers.work),
        days=days,
        until=until,
    )
    return ListingProposed(listing=listing)


def _answer_by(found: Listing, work: WorkTime) -> datetime:
    return announced(found.answer_by, found.proposed_at, found.days, work)


def may_answer(organisation: Organisation, id: str, now: datetime, work: WorkTime) -> None:
    """Once, in time, before it is decided."""
    found = organisation.listing(id)
    if not found.open or found.entered_on is not None or found.answer is not None:
        raise RuleBroken(RULES["O-10"], "该名单事项已经答复或决定。", clause=OURS)
    if now > (until := _answer_by(found, work)):
        raise RuleBroken(RULES["O-10"], f"申辩期已过（至 {local_minute(until)}）。", clause=OURS)


def answer(
    organisation: Organisation, id: str, *, text: str, now: datetime, work: WorkTime
) -> ListingAnswered:
    may_answer(organisation, id, now, work)
    required_by(RULES["O-10"], text, "answer", clause=LISTING)
    return ListingAnswered(listing=id, answer=text, at=now)


def may_enter(organisation: Organisation, id: str, now: datetime, work: WorkTime) -> None:
    found = organisation.listing(id)
    if not found.open or found.entered_on is not None:
        raise RuleBroken(RULES["O-10"], "该名单事项已经决定。", clause=OURS)
    if found.answer is None and now <= (until := _answer_by(found, work)):
        detail = f"列入前须给予申辩机会：申辩期至 {local_minute(until)}，期满或答复后再列入。"
        raise RuleBroken(RULES["O-10"], detail, clause=LISTING)
    if found.until is not None and now >= end_of(found.until):
        raise RuleBroken(RULES["O-10"], f"告知的期限 {found.until} 已过，不再列入。", clause=OURS)


def enter(
    organisation: Organisation, id: str, *, now: datetime, numbers: Numbers
) -> ListingEntered:
    """The blacklist always has a term, from this decision on where the notice said none; the abnormal list one where
    it is said."""
    may_enter(organisation, id, now, numbers.work)
    found, today = organisation.listing(id), local_date(now)
    until = found.until
    if until is None and found.list is ListKind.BLACKLIST:
        until = years_after(today, numbers.policy.blacklist_years)
    return ListingEntered(listing=id, on=today, until=until, at=now)


def may_lift(organisation: Organisation, id: str) -> None:
    if not organisation.listing(id).open:
        raise RuleBroken(RULES["O-10"], "该名单事项已经移出。", clause=OURS)


def lift(
    organisation: Organisation, id: str, *, why: str, now: datetime, in_error: bool = False
) -> ListingLeft:
    """Put right, or entered in error; or, before it was entered, dropped on what was answered."""
    may_lift(organisation, id)
    required_by(RULES["O-10"], why, "reason", "移出须写明改正情况或理由。", LISTING)
    left = Left.IN_ERROR if in_error else Left.PUT_RIGHT
    if not organisation.listing(id).stands:
        left = Left.DROPPED
    if left is Left.PUT_RIGHT and organisation.listing(id).ground is Ground.REPORT_MISSED:
        _reported(organisation, now)
    return ListingLeft(listing=id, left=left, on=local_date(now), why=why, at=now)


def _reported(organisation: Organisation, now: datetime) -> None:
    """Every year: of a listing that stands, one that was missed since is no ground of its own."""
    missing = "、".join(map(str, organisation.unreported(now)))
    if missing:
        raise RuleBroken(
            RULES["O-10"], f"{missing} 年度报告尚未补交，不得移出。", clause=OURS, field="reason"
        )


def end_terms(organisation: Organisation, now: datetime) -> tuple[ListingLeft, ...]:
    """A term that is over ends its listing by itself, once."""
    return tuple(
        ListingLeft(listing=one.id, left=Left.TERM, on=local_date(now), why=None, at=now)
        for one in organisation.listings
        if one.stands and one.until is not None and now >= end_of(one.until)
    )
