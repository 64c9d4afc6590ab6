"""A-22: party, residents' and financial affairs in the open, by template: what, and by when."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import end_of, local_date
from chassis.kernel.errors import OURS, RuleBroken
from chassis.kernel.required import required_by

from .months import last_day, months_of, next_month, next_quarter
from .rules import DISCLOSED, RULES


class Affairs(StrEnum):
    PARTY = "party"
    RESIDENTS = "residents"
    FINANCIAL = "financial"


class Every(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Due so many `days` after the period (ours)."""

    affairs: Affairs
    what: str
    every: Every
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureBegun:
    """`period`: the period it began in; the clock says when that is over. None of one of before."""

    street: str
    community: str
    template: Template
    period: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodBegan:
    """Those before it are over, and may be disclosed."""

    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosed:
    period: str
    decided: str
    vouchers: str = ""
    tender: str = ""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureCorrected:
    """Of a period that was disclosed: what was said wrong stays on record beside it."""

    instead: Disclosed
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureMissed:
    period: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityLeft:
    """H-11: it lies in another street now, or has come to its last day."""

    street: str
    last: date | None = None


Said = Disclosed | DisclosureCorrected | DisclosureMissed
DisclosureEvent = DisclosureBegun | PeriodBegan | Said | CommunityLeft


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """`awaits`: the period whose date comes next; `period`: the one that isn't over, as far as the clock has said;
    `last`: the community's last day.
    """

    street: str
    community: str
    template: Template
    awaits: str
    period: str | None = None
    last: date | None = None
    begun_at: datetime
    done: tuple[Disclosed, ...] = ()
    corrected: tuple[DisclosureCorrected, ...] = ()
    missed: tuple[DisclosureMissed, ...] = ()

    def counts(self, period: str) -> bool:
        """Whether it is over before the community is (ours)."""
        return self.last is None or _last(self.template.every, period) <= self.last

    @property
    def next_due(self) -> datetime | None:
        return due_of(self.template, self.awaits) if self.counts(self.awaits) else None

    @property
    def owed(self) -> tuple[str, ...]:
        """What is over and wasn't disclosed, missed or not."""
        return _between(self, self.period or self.awaits)

    @property
    def due_at(self) -> datetime | None:
        """Of what is owed longest: it stays due until it is disclosed. Else of what comes next."""
        return due_of(self.template, self.owed[0]) if self.owed else self.next_due

    @property
    def wakes_at(self) -> datetime | None:
        """Also when a period is over, which only then may be disclosed."""
        running = self.period is not None and self.counts(self.period)
        ends = end_of(_last(self.template.every, self.period)) if self.period and running else None
        return min((one for one in (self.next_due, ends) if one is not None), default=None)


def period_of(every: Every, day: date) -> str:
    if every is Every.MONTH:
        return f"{day:%Y-%m}"
    return f"{day.year}-Q{(day.month + 2) // 3}"


def following(every: Every, period: str) -> str:
    return next_month(period) if every is Every.MONTH else next_quarter(period)


def _last(every: Every, period: str) -> date:
    return last_day(period if every is Every.MONTH else months_of(period)[-1])


def due_of(template: Template, period: str) -> datetime:
    return end_of(_last(template.every, period) + timedelta(days=template.days))


def _between(known: Disclosure, last: str) -> tuple[str, ...]:
    """From the first that counts to the one before `last`, those that weren't disclosed."""
    every = known.template.every
    done = {one.period for one in known.done}
    period, found = following(every, period_of(every, local_date(known.begun_at))), []
    while period < last and known.counts(period):
        if period not in done:
            found.append(period)
        period = following(every, period)
    return tuple(found)


def may_disclose(known: Disclosure, now: datetime) -> None:
    if not _open(known, now):
        raise RuleBroken(RULES["A-22"], "没有期满而待公开的期间。", clause=OURS)


def disclose(known: Disclosure, said: Disclosed, tendered: bool) -> list[DisclosureEvent]:
    """How it was decided, the vouchers of money, and what a tender led to."""
    may_disclose(known, said.at)
    _whole(known, said, tendered)
    if any(one.period == said.period for one in known.done):
        raise RuleBroken(
            RULES["A-22"], "该期间已经公开；有误的，另作更正公开。", clause=OURS, field="period"
        )
    if said.period not in _open(known, said.at):
        raise RuleBroken(RULES["A-22"], "不是应当公开的期间。", clause=DISCLOSED, field="period")
    return [*come_due(known, said.at), said]


def may_correct(known: Disclosure) -> None:
    if not known.done:
        raise RuleBroken(RULES["A-22"], "尚无已经公开的期间。", clause=OURS)


def correct(known: Disclosure, said: Disclosed, tendered: bool, reason: str) -> DisclosureCorrected:
    """All of it anew, with why."""
    may_correct(known)
    required_by(RULES["A-22"], reason, "reason", "更正须写明理由。", OURS)
    _whole(known, said, tendered)
    if not any(one.period == said.period for one in known.done):
        raise RuleBroken(RULES["A-22"], "该期间尚未公开。", clause=OURS, field="period")
    return DisclosureCorrected(instead=said, reason=reason)


def _whole(known: Disclosure, said: Disclosed, tendered: bool) -> None:
    required_by(RULES["A-22"], said.decided, "decided", "须公开决策过程。", DISCLOSED)
    if known.template.affairs is Affairs.FINANCIAL:
        required_by(RULES["A-22"], said.vouchers, "vouchers", "财务公开须附原始凭证。", DISCLOSED)
    if tendered:
        required_by(RULES["A-22"], said.tender, "tender", "招标结果须公开。", DISCLOSED)


def _open(known: Disclosure, now: datetime) -> tuple[str, ...]:
    """To the last that is over (ours: of what still runs nobody can account)."""
    return _between(known, period_of(known.template.every, local_date(now)))


def come_due(known: Disclosure, now: datetime) -> list[DisclosureEvent]:
    """By the clock: a period that begins, and what is late."""
    began = begin(known, now) if known.period is not None else []
    return [*began, *late(known, now)]


def begin(known: Disclosure, now: datetime) -> list[PeriodBegan]:
    period = period_of(known.template.every, local_date(now))
    over = known.period is None or known.counts(known.period)
    return [PeriodBegan(period=period)] if over and period != known.period else []


def late(known: Disclosure, now: datetime) -> list[DisclosureEvent]:
    """Every period whose time is over and that wasn't disclosed."""
    missed: list[DisclosureEvent] = []
    done, period = {one.period for one in known.done}, known.awaits
    while known.counts(period) and now >= (due := due_of(known.template, period)):
        if period not in done:
            missed.append(DisclosureMissed(period=period, due=due))
        period = following(known.template.every, period)
    return missed


def leave(known: Disclosure, street: str, last: date | None) -> tuple[CommunityLeft, ...]:
    """Once."""
    said = CommunityLeft(street=street, last=last)
    return (said,) if (known.street, known.last) != (street, last) else ()


def evolve(known: Disclosure | None, event: DisclosureEvent) -> Disclosure:
    if isinstance(event, DisclosureBegun):
        every = event.template.every
        first = following(every, period_of(every, local_date(event.at)))
        return Disclosure(
            street=event.street,
            community=event.community,
            template=event.template,
            awaits=first,
            period=event.period,
            begun_at=event.at,
        )
    if known is None:
        raise ValueError("a disclosure begins with its template")
    match event:
        case PeriodBegan():
            return replace(known, period=event.period)
        case Disclosed():
            return _forward(replace(known, done=(*known.done, event)))
        case DisclosureCorrected():
            return replace(known, corrected=(*known.corrected, event))
        case DisclosureMissed():
            return _forward(replace(known, missed=(*known.missed, event)))
        case CommunityLeft():
            return replace(known, street=event.street, last=event.last)
        case _:
            assert_never(event)


def _forward(known: Disclosure) -> Disclosure:
    """To the first period after `awaits` that is neither disclosed nor missed."""
    over = {one.period for one in known.done} | {one.period for one in known.missed}
    period = known.awaits
    while period in over:
        period = following(known.template.every, period)
    return replace(known, awaits=period)
