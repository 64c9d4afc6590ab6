"""A-17: what happens to a street's quarter, and how it stands by it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import end_of
from chassis.kernel.errors import NotFound

from .lines import Line
from .months import last_day, months_of


class Sheet(StrEnum):
    OPEN = "open"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PAID = "paid"
    NOBODY = "nobody"


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
class LineCorrected:
    """What a form that stands says wrong: with the next that is submitted so much more or less; by none, nothing."""

    line: Line
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
    """Whoever was to be paid is, though not with each of the three months: with some or all nobody was."""

    at: datetime


FormEvent = (
    LineCorrected | SheetSubmitted | PaidOnPaper | OfficeApproved | SheetApproved | SheetReturned
)
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
    corrections: tuple[Line, ...] = ()
    """Of earlier forms, until it is submitted, and again when it is given back; then they are among its lines."""
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
        if self.status is Sheet.OPEN:
            return self.corrections
        gone = {(one.month, worker) for one in self.paid for worker in one.left}
        stand = (one for one in self.lines if one.paid_with or (one.month, one.worker) not in gone)
        return (*stand, *self.on_paper)

    @property
    def given(self) -> tuple[Line, ...]:
        """What of it was paid by now, here or otherwise."""
        paid = {one.month for one in self.paid}
        return tuple(
            one
            for one in self.settled
            if (one.paid_with or one.month) in paid or one in self.on_paper
        )

    @property
    def afterwards(self) -> tuple[Line, ...]:
        """What it pays after, of earlier quarters."""
        after = (one for one in self.lines if one.paid_with not in (None, one.month))
        return tuple(one for one in after if not one.correction)

    def after(self, worker: str, month: str) -> Line:
        for one in self.afterwards:
            if one.key == (worker, month):
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
    def late_when_over(self) -> tuple[str, ...]:
        """Those that are unpaid, but for what only puts right earlier forms: that is no month's pay (ours)."""
        put_right = {one.paid_with for one in self.lines if one.correction}
        due = {one.paid_with or one.month for one in self.lines if not one.correction}
        return tuple(one for one in self.unpaid if one in due or one not in put_right)

    @property
    def waiting(self) -> tuple[str, ...]:
        """Those of them that weren't found unpaid."""
        found = {one.month for one in self.missed}
        return tuple(one for one in self.late_when_over if one not in found)

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
        """None of its months has anybody to be paid: it counts as sent, with no lines (ours). One that was found so
        before that had a status of its own is open.
        """
        return self.status is Sheet.NOBODY or self.found_empty

    @property
    def found_empty(self) -> bool:
        """Not one that puts right what others said: that is submitted still."""
        return self.status is Sheet.OPEN and not self.unpaid and not self.corrections


def sheet_id(street: str, quarter: str) -> str:
    return f"{street}-{quarter}"


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
            nobody = known.status is Sheet.OPEN
            return replace(known, status=Sheet.NOBODY if nobody else Sheet.PAID)
        case _:
            assert_never(event)


def _form(known: PaySheet, event: FormEvent) -> PaySheet:
    match event:
        case LineCorrected():
            others = (one for one in known.corrections if one.about != event.line.about)
            now = (event.line,) if event.line.correction else ()
            return replace(known, corrections=(*others, *now))
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
