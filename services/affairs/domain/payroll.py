"""A-17, A-18: a street's quarter: submitted, approved by three offices together, paid month by month."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import reduce
from typing import assert_never

from chassis.kernel.clock import end_of, local_date
from chassis.kernel.errors import NotFound, RuleBroken
from chassis.kernel.said import said_by

from .lines import Line
from .months import first_day, last_day, months_of
from .rules import RULES

OFFICES = ("organisation", "civil_affairs", "finance")


class Sheet(StrEnum):
    OPEN = "open"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PAID = "paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterOpened:
    """`since`: the day on which the street's first worker was entered, of the quarter it began with; `followed`: that
    its end is waited for, too, None of one of before.
    """

    street: str
    quarter: str
    since: date | None = None
    followed: bool | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAwaited:
    """Of one that was opened before its end was waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterFollowed:
    """Its last day is over, and the next one is there."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSubmitted:
    """`counted`: when its lines were, None of one of before it was kept."""

    lines: tuple[Line, ...]
    counted: datetime | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidOnPaper:
    """What the form says is to be paid after was paid otherwise, by that paper."""

    worker: str
    month: str
    paper: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeApproved:
    office: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetApproved:
    """By all three."""

    sum: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetReturned:
    office: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPaid:
    month: str
    sum: int
    left: tuple[str, ...] = ()
    """Lines of who was no longer in post."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthMissed:
    month: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthEmpty:
    """It is over, and there was nobody to be paid with it."""

    month: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterPaid:
    """Whoever was to be paid is, though not with each of the three months: with some of them nobody was."""

    at: datetime


FormEvent = SheetSubmitted | PaidOnPaper | OfficeApproved | SheetApproved | SheetReturned
MonthEvent = MonthPaid | MonthMissed | MonthEmpty | QuarterPaid
PayEvent = QuarterOpened | EndAwaited | QuarterFollowed | FormEvent | MonthEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class PaySheet:
    street: str
    quarter: str
    opened_at: datetime
    since: date | None = None
    followed: bool | None = None
    """Whether the next one is there; None where nothing waits for the end of this one."""
    status: Sheet = Sheet.OPEN
    lines: tuple[Line, ...] = ()
    on_paper: tuple[Line, ...] = ()
    """What was taken off it, because it was paid otherwise."""
    counted: datetime | None = None
    approvals: tuple[OfficeApproved, ...] = ()
    returns: tuple[SheetReturned, ...] = ()
    paid: tuple[MonthPaid, ...] = ()
    missed: tuple[MonthMissed, ...] = ()
    empty: tuple[str, ...] = ()

    @property
    def sum(self) -> int:
        return sum(one.total for one in self.lines)

    @property
    def settled(self) -> tuple[Line, ...]:
        """What of it is paid or will be, here or otherwise: not the lines of who was no longer in post."""
        gone = {(one.month, worker) for one in self.paid for worker in one.left}
        stand = (one for one in self.lines if one.paid_with or (one.month, one.worker) not in gone)
        return (*stand, *self.on_paper)

    @property
    def afterwards(self) -> tuple[Line, ...]:
        """What it pays after, of earlier quarters."""
        return tuple(one for one in self.lines if one.paid_with not in (None, one.month))

    def after(self, worker: str, month: str) -> Line:
        for one in self.afterwards:
            if (one.worker, one.month) == (worker, month):
                return one
        raise NotFound

    @property
    def counted_at(self) -> datetime | None:
        """When its lines were; of one that was submitted before that was kept, when it was first approved."""
        return self.counted or min((one.at for one in self.approvals), default=None)

    @property
    def owed(self) -> tuple[str, ...]:
        """Its months: none that was over before anybody was entered (ours)."""
        months = months_of(self.quarter)
        return tuple(one for one in months if self.since is None or last_day(one) >= self.since)

    @property
    def unpaid(self) -> tuple[str, ...]:
        done = {*(one.month for one in self.paid), *self.empty}
        return tuple(one for one in self.owed if one not in done)

    @property
    def to_pay(self) -> tuple[str, ...]:
        """Its months that are unpaid, with those before they are owed with which somebody is to be paid."""
        due = {*self.owed, *(one.paid_with or one.month for one in self.lines)}
        done = {*(one.month for one in self.paid), *self.empty}
        return tuple(one for one in months_of(self.quarter) if one in due - done)

    @property
    def waiting(self) -> tuple[str, ...]:
        """Those of them that weren't found unpaid."""
        found = {one.month for one in self.missed}
        return tuple(one for one in self.unpaid if one not in found)

    @property
    def next_due(self) -> datetime | None:
        """When the first of them is over."""
        return end_of(last_day(self.waiting[0])) if self.waiting else None

    @property
    def ends_at(self) -> datetime:
        return end_of(last_day(months_of(self.quarter)[-1]))

    @property
    def wakes_at(self) -> datetime | None:
        """Also when nothing is owed any more: the next quarter begins with the end of this one."""
        return self.next_due or (self.ends_at if self.followed is False else None)

    @property
    def over(self) -> bool:
        return not self.waiting

    @property
    def of_nobody(self) -> bool:
        """None of its months has anybody to be paid: it counts as sent, with no lines (ours)."""
        return self.status is Sheet.OPEN and not self.unpaid


def sheet_id(street: str, quarter: str) -> str:
    return f"{street}-{quarter}"


def may_submit(known: PaySheet) -> None:
    if known.status is not Sheet.OPEN:
        raise RuleBroken(RULES["A-17"], "该季度已经报送。")
    if known.of_nobody:
        raise RuleBroken(
            RULES["A-17"],
            "该季度各月均无人应发，无须报送；后来查明应发的，在以后最早一张未报送的审批表上补发。",
        )


def submit(known: PaySheet, lines: tuple[Line, ...], now: datetime) -> Sequence[PayEvent]:
    """Of nobody only once it is over: then that is what is said, though its months were told as unpaid (ours)."""
    may_submit(known)
    if not lines and now < known.ends_at:
        raise RuleBroken(RULES["A-17"], "该季度没有在岗人员；季度结束后仍无人应发的，再报送办结。")
    nobody = tuple(MonthEmpty(month=month) for month in _nobodys(known, lines, now))
    return (*nobody, SheetSubmitted(lines=lines, counted=now, at=now)) if lines else nobody


def may_take_off(known: PaySheet, worker: str, month: str) -> None:
    """Before anybody has approved the sum; what an office gives back is counted from the beginning."""
    known.after(worker, month)
    if known.status is not Sheet.SUBMITTED or known.approvals:
        raise RuleBroken(
            RULES["A-17"], "补发的行在部门审批之前划除；已有部门审批的，须先退回街道。"
        )


def take_off(known: PaySheet, worker: str, month: str, paper: str, now: datetime) -> PaidOnPaper:
    may_take_off(known, worker, month)
    said_by(RULES["A-17"], paper, "paper", "须写明补发的凭证号。")
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
    return _paid_up(known, (said, SheetApproved(sum=known.sum, at=now)), now)


def give_back(known: PaySheet, office: str, reason: str, now: datetime) -> SheetReturned:
    may_approve(known, office)
    said_by(RULES["A-17"], reason, "reason", "退回须写明理由。")
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
        raise RuleBroken(RULES["A-17"], "尚未到该月。", field="month")
    lines = [one for one in known.lines if one.month == month and not one.paid_with]
    left = tuple(one.worker for one in lines if one.worker not in in_post)
    after = [one for one in known.lines if one.paid_with == month]
    fen = sum(one.total for one in (*lines, *after) if one.paid_with or one.worker not in left)
    paid = MonthPaid(month=month, sum=fen, left=left, at=now)
    return _paid_up(known, (*late(known, known.lines, now), paid), now)


def _paid_up(
    known: PaySheet, happened: tuple[PayEvent, ...], now: datetime
) -> tuple[PayEvent, ...]:
    """With which, where it was approved, nothing of it is to be paid any more."""
    after: PaySheet = reduce(evolve, happened, known)
    done = after.status is Sheet.APPROVED and not after.to_pay
    return (*happened, QuarterPaid(at=now)) if done else happened


def late(
    known: PaySheet, lines: Collection[Line], now: datetime
) -> tuple[MonthMissed | MonthEmpty, ...]:
    """Every month that is over and unpaid; with which of them, by those `lines`, nobody was to be paid (ours)."""
    nobody, found = _nobodys(known, lines, now), {one.month for one in known.missed}
    return tuple(
        MonthEmpty(month=month) if month in nobody else MonthMissed(month=month, due=due)
        for month in known.unpaid
        if now >= (due := end_of(last_day(month))) and (month in nobody or month not in found)
    )


def _nobodys(known: PaySheet, lines: Collection[Line], now: datetime) -> tuple[str, ...]:
    """Those that are over and unpaid, told so or not, with which by those `lines` nobody is to be paid."""
    owed = {one.paid_with or one.month for one in lines}
    over = (one for one in known.unpaid if now >= end_of(last_day(one)))
    return tuple(one for one in over if one not in owed)


def come_due(known: PaySheet, lines: Collection[Line], now: datetime) -> Sequence[PayEvent]:
    """By the clock: what is late, and that it is over: the next one was opened before. `lines`: what is due by now."""
    over = now >= known.ends_at and not known.followed
    said = lines if known.status is Sheet.OPEN else known.lines
    followed = (QuarterFollowed(at=now),) if over else ()
    return (*_paid_up(known, late(known, said, now), now), *followed)


def await_end(known: PaySheet) -> tuple[EndAwaited, ...]:
    return (EndAwaited(),) if known.followed is None else ()


def evolve(known: PaySheet | None, event: PayEvent) -> PaySheet:
    if isinstance(event, QuarterOpened):
        return PaySheet(
            street=event.street,
            quarter=event.quarter,
            opened_at=event.at,
            since=event.since,
            followed=event.followed,
        )
    if known is None:
        raise ValueError("a sheet begins with its quarter")
    match event:
        case EndAwaited():
            return replace(known, followed=False)
        case QuarterFollowed():
            return replace(known, followed=True)
        case MonthPaid() | MonthMissed() | MonthEmpty() | QuarterPaid():
            return _month(known, event)
        case _:
            return _form(known, event)


def _month(known: PaySheet, event: MonthEvent) -> PaySheet:
    match event:
        case MonthPaid():
            after = replace(known, paid=(*known.paid, event))
            every = len(after.paid) == len(months_of(known.quarter))
            return replace(after, status=Sheet.PAID) if every else after
        case MonthMissed():
            return replace(known, missed=(*known.missed, event))
        case MonthEmpty():
            return replace(known, empty=(*known.empty, event.month))
        case QuarterPaid():
            return replace(known, status=Sheet.PAID)
        case _:
            assert_never(event)


def _form(known: PaySheet, event: FormEvent) -> PaySheet:
    match event:
        case SheetSubmitted():
            owed = {one.paid_with or one.month for one in event.lines}
            sent = replace(known, status=Sheet.SUBMITTED, lines=event.lines, counted=event.counted)
            return replace(sent, empty=tuple(one for one in known.empty if one not in owed))
        case PaidOnPaper():
            off = known.after(event.worker, event.month)
            lines = tuple(one for one in known.lines if one is not off)
            return replace(known, lines=lines, on_paper=(*known.on_paper, off))
        case OfficeApproved():
            return replace(known, approvals=(*known.approvals, event))
        case SheetApproved():
            return replace(known, status=Sheet.APPROVED)
        case SheetReturned():
            returns = (*known.returns, event)
            cleared = replace(known, lines=(), on_paper=(), counted=None, approvals=())
            return replace(cleared, status=Sheet.OPEN, returns=returns)
        case _:
            assert_never(event)
