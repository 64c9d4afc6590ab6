"""A-17, A-18: a street's quarter: submitted, approved by three offices together, paid month by month."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import reduce

from chassis.kernel.clock import end_of, local_date
from chassis.kernel.errors import OURS, RuleBroken
from chassis.kernel.required import required_by

from .lines import Line
from .months import first_day, last_day, months_of
from .rules import RULES
from .sheet import (
    EndAwaited,
    MonthEmpty,
    MonthMissed,
    MonthPaid,
    OfficeApproved,
    PaidOnPaper,
    PayEvent,
    PaySheet,
    QuarterFollowed,
    QuarterPaid,
    Sheet,
    SheetApproved,
    SheetReturned,
    SheetSubmitted,
    evolve,
)

OFFICES = ("organisation", "civil_affairs", "finance")


def may_submit(known: PaySheet) -> None:
    if known.of_nobody:
        raise RuleBroken(
            RULES["A-17"],
            "该季度各月均无人应发，无须报送；后来查明应发的，在以后最早一张未报送的审批表上补发。",
            clause=OURS,
        )
    if known.status is not Sheet.OPEN:
        raise RuleBroken(RULES["A-17"], "该季度已经报送。")


def submit(known: PaySheet, lines: tuple[Line, ...], now: datetime) -> Sequence[PayEvent]:
    """Of nobody only once it is over: then that is what is said, though its months were told as unpaid (ours)."""
    may_submit(known)
    if not lines and now < known.ends_at:
        raise RuleBroken(
            RULES["A-17"], "该季度没有在岗人员；季度结束后仍无人应发的，再报送办结。", clause=OURS
        )
    nobody = tuple(MonthEmpty(month=month) for month in _nobodys(known, lines, now))
    if lines:
        return (*nobody, SheetSubmitted(lines=lines, counted=now, at=now))
    return paid_up(known, nobody, now)


def may_take_off(known: PaySheet, worker: str, month: str) -> None:
    """Before anybody has approved the sum; what an office gives back is counted from the beginning."""
    known.after(worker, month)
    if known.status is not Sheet.SUBMITTED or known.approvals:
        raise RuleBroken(
            RULES["A-17"], "补发的行在部门审批之前划除；已有部门审批的，须先退回街道。", clause=OURS
        )


def take_off(known: PaySheet, worker: str, month: str, paper: str, now: datetime) -> PaidOnPaper:
    may_take_off(known, worker, month)
    required_by(RULES["A-17"], paper, "paper", "须写明补发的凭证号。", OURS)
    return PaidOnPaper(worker=worker, month=month, paper=paper, at=now)


def may_approve(known: PaySheet, office: str) -> None:
    if known.status is not Sheet.SUBMITTED:
        raise RuleBroken(RULES["A-17"], "街道报送之后由组织、民政、财政共同审批一次。")
    if office not in OFFICES:
        raise RuleBroken(RULES["A-17"], "由组织、民政、财政三个部门审批。")
    if any(one.office == office for one in known.approvals):
        raise RuleBroken(RULES["A-17"], "本部门已经审批。")


def approve(known: PaySheet, office: str, now: datetime) -> Sequence[PayEvent]:
    may_approve(known, office)
    said = OfficeApproved(office=office, at=now)
    if {one.office for one in known.approvals} | {office} != set(OFFICES):
        return (said,)
    return paid_up(known, (said, SheetApproved(sum=known.sum, at=now)), now)


def give_back(known: PaySheet, office: str, reason: str, now: datetime) -> SheetReturned:
    may_approve(known, office)
    required_by(RULES["A-17"], reason, "reason", "退回须写明理由。", OURS)
    return SheetReturned(office=office, reason=reason, at=now)


def may_pay(known: PaySheet) -> None:
    if known.status is not Sheet.APPROVED:
        raise RuleBroken(RULES["A-17"], "审批之后按月发放。")


def pay(known: PaySheet, month: str, in_post: frozenset[str], now: datetime) -> Sequence[PayEvent]:
    """Once for each month, to who was in post on its first day; with what is paid after."""
    may_pay(known)
    if month not in months_of(known.quarter):
        raise RuleBroken(RULES["A-17"], "不是该季度的月份。", field="month")
    if any(one.month == month for one in known.paid):
        raise RuleBroken(RULES["A-17"], "该月已经发放。", field="month")
    if first_day(month) > local_date(now):
        raise RuleBroken(RULES["A-17"], "尚未到该月。", clause=OURS, field="month")
    lines = [one for one in known.lines if one.month == month and not one.paid_with]
    left = tuple(one.worker for one in lines if one.worker not in in_post)
    after = [one for one in known.lines if one.paid_with == month]
    fen = sum(one.total for one in (*lines, *after) if one.paid_with or one.worker not in left)
    paid = MonthPaid(month=month, sum=fen, left=left, at=now)
    return paid_up(known, (*late(known, known.lines, now), paid), now)


def paid_up(known: PaySheet, happened: tuple[PayEvent, ...], now: datetime) -> tuple[PayEvent, ...]:
    """With which nothing of it is to be paid any more, where it was approved, or turns out to be nobody's."""
    after: PaySheet = reduce(evolve, happened, known)
    done = after.found_empty or (after.status is Sheet.APPROVED and not after.to_pay)
    return (*happened, QuarterPaid(at=now)) if done else happened


def late(
    known: PaySheet, lines: Collection[Line], now: datetime
) -> tuple[MonthMissed | MonthEmpty, ...]:
    """Every month that is over and unpaid; with which of them, by those `lines`, nobody was to be paid (ours)."""
    nobody = _nobodys(known, lines, now)
    return tuple(
        MonthEmpty(month=month) if month in nobody else MonthMissed(month=month, due=due)
        for month in known.unpaid
        if now >= (due := end_of(last_day(month))) and (month in nobody or month in known.waiting)
    )


def _nobodys(known: PaySheet, lines: Collection[Line], now: datetime) -> tuple[str, ...]:
    """Those that are over and unpaid, told so or not, with which by those `lines` nobody is to be paid."""
    owed = {one.paid_with or one.month for one in lines}
    over = (one for one in known.unpaid if now >= end_of(last_day(one)))
    return tuple(one for one in over if one not in owed)


def come_due(known: PaySheet, lines: Collection[Line], now: datetime) -> Sequence[PayEvent]:
    """By the clock: what is late, and that it is over: the next one was opened before. `lines`: what is due by now;
    with what only puts right earlier forms nobody is to be paid, as long as it isn't submitted.
    """
    over = now >= known.ends_at and not known.followed
    due = [one for one in lines if not one.correction]
    said = due if known.status is Sheet.OPEN else known.lines
    followed = (QuarterFollowed(at=now),) if over else ()
    return (*paid_up(known, late(known, said, now), now), *followed)


def await_end(known: PaySheet) -> tuple[EndAwaited, ...]:
    return (EndAwaited(),) if known.followed is None else ()
