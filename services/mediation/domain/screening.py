"""M-01: the meetings on disputes, the district's monthly and a street's half-monthly (排查).

A period closes with its last day (Asia/Shanghai); one without a meeting is missed, once. More meetings are
held where disputes gather. The first period that counts is the first whole one. A street that has no community when
a period ends has nobody to hold meetings for: they end, and resume with the next community that it gets (ours).
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar, assert_never

from chassis.kernel.clock import end_of, local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken

from .rules import MEETING, RULES

DISTRICT = "district"
HALF = 15
"""The last day of a month's first half."""


class Level(StrEnum):
    DISTRICT = "district"
    STREET = "street"


class Scope(StrEnum):
    """经常性排查, 集中排查."""

    REGULAR = "regular"
    CONCENTRATED = "concentrated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningBegun:
    level: Level
    street: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Of a case on the list: who deals with it, by when. `number`: what people call the case."""

    case: str
    number: str | None = None
    office: str
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingHeld:
    """`cases`: its list, `numbers` what people call these; `minutes`: the name or number of its minutes."""

    on: date
    scope: Scope
    cases: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    decided: tuple[Decided, ...]
    minutes: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodMet:
    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingMissed:
    period: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningEnded:
    """The street has no community any more."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningResumed:
    at: datetime


ScreeningEvent = (
    ScreeningBegun | MeetingHeld | PeriodMet | MeetingMissed | ScreeningEnded | ScreeningResumed
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    name: str
    first: date
    last: date

    @property
    def due(self) -> datetime:
        return end_of(self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """`awaits`: a day of the period in which a meeting is awaited, none once they ended; `missed` stays."""

    level: Level
    street: str | None = None
    awaits: date | None = None
    meetings: tuple[MeetingHeld, ...] = ()
    missed: tuple[MeetingMissed, ...] = ()

    @property
    def period(self) -> Period | None:
        return period_of(self.level, self.awaits) if self.awaits else None

    @property
    def wakes_at(self) -> datetime | None:
        """When the period is over."""
        return self.period.due if self.period else None

    def close(self, now: datetime, *, there: bool) -> tuple[ScreeningEvent, ...]:
        """The period that is over; what was recorded after its end came too late for it. `there`: whether there was
        somebody to hold its meeting for when it ended.
        """
        period = self.period
        if period is None or now < period.due:
            return ()
        if not there:
            return (ScreeningEnded(at=now),)
        if any(
            period.first <= one.on <= period.last and one.at < period.due for one in self.meetings
        ):
            return (PeriodMet(period=period.name),)
        return (MeetingMissed(period=period.name, due=period.due),)

    def resume(self, now: datetime) -> tuple[ScreeningResumed, ...]:
        return (ScreeningResumed(at=now),) if self.awaits is None else ()

    def meet(self, meeting: MeetingHeld, begun: date) -> MeetingHeld:
        """With its list, each decision about a case on it, and a date to come. `begun`: the day records did."""
        if meeting.on > local_date(meeting.at):
            raise Malformed("日期不得晚于今天。", field="on")
        since = period_of(self.level, begun).first
        if meeting.on < since:
            detail = f"会议自 {since} 起登记，日期不得早于此日。"
            raise RuleBroken(RULES["M-01"], detail, clause=OURS, field="on")
        if any(one.on == meeting.on for one in self.meetings):
            raise RuleBroken(RULES["M-01"], "这一天的会议已登记。", clause=OURS, field="on")
        if not meeting.minutes.strip():
            raise RuleBroken(RULES["M-01"], "须写明会议纪要。", clause=MEETING, field="minutes")
        listed = set(meeting.cases)
        for place, one in enumerate(meeting.decided):
            if one.case not in listed:
                detail, field = "决定须针对会议清单上的纠纷。", f"decided.{place}.case"
                raise RuleBroken(RULES["M-01"], detail, clause=MEETING, field=field)
            if one.until < meeting.on:
                detail, field = "办理期限不得早于会议。", f"decided.{place}.until"
                raise RuleBroken(RULES["M-01"], detail, clause=MEETING, field=field)
        return meeting


class Known(Protocol):
    """A community as the register told of it; days written as such."""

    @property
    def valid_from(self) -> str: ...

    @property
    def valid_to(self) -> str | None: ...


K = TypeVar("K", bound=Known)


def as_of(told: Sequence[K], day: str) -> K | None:
    """The community as it was on that day, of all that was told of it, in order; None where there was none."""
    then = next((one for one in reversed(told) if one.valid_from <= day), None)
    ended = then is not None and then.valid_to is not None and then.valid_to < day
    return None if ended else then


def period_of(level: Level, day: date) -> Period:
    """A month, `2026-11`, or a half of one, `2026-11-2`."""
    last = day.replace(day=monthrange(day.year, day.month)[1])
    if level is Level.DISTRICT:
        return Period(name=f"{day:%Y-%m}", first=day.replace(day=1), last=last)
    if day.day <= HALF:
        return Period(name=f"{day:%Y-%m}-1", first=day.replace(day=1), last=day.replace(day=HALF))
    return Period(name=f"{day:%Y-%m}-2", first=day.replace(day=HALF + 1), last=last)


def begin(street: str | None, now: datetime) -> tuple[str, ScreeningBegun]:
    """By the id of its record."""
    level = Level.STREET if street else Level.DISTRICT
    return street or DISTRICT, ScreeningBegun(level=level, street=street, at=now)


def _after(level: Level, day: date) -> date:
    return period_of(level, day).last + timedelta(days=1)


def _next(known: Screening) -> date | None:
    return known.period.last + timedelta(days=1) if known.period else None


def evolve(known: Screening | None, event: ScreeningEvent) -> Screening:
    if isinstance(event, ScreeningBegun):
        first = _after(event.level, local_date(event.at))
        return Screening(level=event.level, street=event.street, awaits=first)
    if known is None:
        raise ValueError("a screening begins with its street or district")
    match event:
        case MeetingHeld():
            return replace(known, meetings=(*known.meetings, event))
        case PeriodMet():
            return replace(known, awaits=_next(known))
        case MeetingMissed():
            return replace(known, awaits=_next(known), missed=(*known.missed, event))
        case ScreeningEnded():
            return replace(known, awaits=None)
        case ScreeningResumed():
            return replace(known, awaits=_after(known.level, local_date(event.at)))
        case _:
            assert_never(event)
