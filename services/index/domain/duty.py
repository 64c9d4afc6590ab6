"""Duties by the calendar (I-18): so many times in a year or half-year, by the district or by a street.

A period closes with its last day (Asia/Shanghai); one that isn't met is missed, once. What was over
before the duty was entered here is no period of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import end_of, local_date
from chassis.kernel.errors import OURS, RuleBroken

from .rules import RULES

DISTRICT = "district"
PUBLISHED = "index_published"
"""Met by an edition that is published in its year, and by nothing that is reported."""


class Per(StrEnum):
    YEAR = "year"
    HALF = "half"


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A duty as the documents set it: `body` is `district` or `street`, `owner` a department."""

    code: str
    title: str
    body: str
    owner: str | None
    times: int
    per: Per
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyOpened:
    """For one year; a street's has `street`, the district's the `unit` that records it."""

    code: str
    title: str
    street: str | None = None
    unit: str | None = None
    year: int
    times: int
    per: Per
    clauses: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRecorded:
    """Done on a day, with the number or name of what shows it."""

    held_on: date
    evidence: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodMet:
    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyMissed:
    """`done` of the `times` it was to be done by the period's last day."""

    period: str
    done: int
    due: date


DutyEvent = DutyOpened | DutyRecorded | PeriodMet | DutyMissed


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    name: str
    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """`closed`: the periods that are over, met or missed; `missed` of these stays."""

    opened: DutyOpened
    records: tuple[DutyRecorded, ...] = ()
    closed: tuple[str, ...] = ()
    missed: tuple[DutyMissed, ...] = ()

    @property
    def periods(self) -> tuple[Period, ...]:
        """That weren't over when it was entered."""
        year, entered = self.opened.year, local_date(self.opened.at)
        whole = Period(name=f"{year}", first=date(year, 1, 1), last=date(year, 12, 31))
        halves = (
            Period(name=f"{year}-H1", first=whole.first, last=date(year, 6, 30)),
            Period(name=f"{year}-H2", first=date(year, 7, 1), last=whole.last),
        )
        every = (whole,) if self.opened.per is Per.YEAR else halves
        return tuple(period for period in every if period.last >= entered)

    @property
    def wakes_at(self) -> datetime | None:
        """When the next period is over."""
        current = self.current
        if current is None:
            return None
        return end_of(current.last)

    @property
    def current(self) -> Period | None:
        return next((one for one in self.periods if one.name not in self.closed), None)

    def close(self, now: datetime, published: Sequence[datetime] = ()) -> tuple[DutyEvent, ...]:
        """The period that is over; `published`: when the year's editions were, of which one meets that duty.

        What was recorded or published after the period's end came too late for it.
        """
        current, wakes_at = self.current, self.wakes_at
        if current is None or wakes_at is None or now < wakes_at:
            return ()
        done = sum(
            current.holds(record.held_on) and record.at < wakes_at for record in self.records
        )
        if self.opened.code == PUBLISHED:
            done = sum(current.holds(local_date(at)) for at in published)
        if done >= self.opened.times:
            return (PeriodMet(period=current.name),)
        return (DutyMissed(period=current.name, done=done, due=current.last),)

    def may_record(self) -> None:
        if self.opened.code == PUBLISHED:
            raise RuleBroken(RULES["I-18"], "公布指数以公布的版本为准，不另行登记。", clause=OURS)

    def record(self, *, held_on: date, evidence: str, by: str, now: datetime) -> DutyRecorded:
        """I-18: on a day of its year that has come, with what shows it; each day once."""
        self.may_record()
        if held_on.year != self.opened.year or held_on > local_date(now):
            raise RuleBroken(
                RULES["I-18"], "日期须在本年内，且不晚于今天。", clause=OURS, field="held_on"
            )
        if any(record.held_on == held_on for record in self.records):
            raise RuleBroken(RULES["I-18"], "这一天已经登记过。", clause=OURS, field="held_on")
        if not evidence.strip():
            raise RuleBroken(RULES["I-18"], "须写明会议纪要等佐证。", clause=OURS, field="evidence")
        return DutyRecorded(held_on=held_on, evidence=evidence, by=by, at=now)


def opened(
    printed: Printed, year: int, streets: tuple[str, ...], now: datetime
) -> dict[str, DutyOpened]:
    """One for the district or for each street, by its id."""
    bodies = streets if printed.body == "street" else (DISTRICT,)
    return {
        f"{printed.code}.{body}.{year}": DutyOpened(
            code=printed.code,
            title=printed.title,
            street=None if body == DISTRICT else body,
            unit=printed.owner,
            year=year,
            times=printed.times,
            per=printed.per,
            clauses=printed.clauses,
            at=now,
        )
        for body in bodies
    }


def following(duty: Duty, now: datetime) -> tuple[str, DutyOpened]:
    """Next year's, when this year's is over."""
    next_year = duty.opened.year + 1
    body = duty.opened.street or DISTRICT
    return f"{duty.opened.code}.{body}.{next_year}", replace(duty.opened, year=next_year, at=now)


def evolve(duty: Duty | None, event: DutyEvent) -> Duty:
    if isinstance(event, DutyOpened):
        return Duty(opened=event)
    if duty is None:
        raise ValueError("a duty begins by being opened")
    match event:
        case DutyRecorded():
            return replace(duty, records=(*duty.records, event))
        case PeriodMet():
            return replace(duty, closed=(*duty.closed, event.period))
        case DutyMissed():
            missed = (*duty.missed, event)
            return replace(duty, closed=(*duty.closed, event.period), missed=missed)
        case _:
            assert_never(event)
