"""A year's collection (年度报送): who is reminded before the last day, and what was missed on it, once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import assert_never

from chassis.kernel.clock import begin_of, end_of, local_date
from chassis.kernel.errors import RuleBroken

from .rules import RULES

Units = Mapping[int, tuple[str, ...]]
"""Measuring point → its sources."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOpened:
    year: int
    due: date
    remind_on: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DueMoved:
    due: date
    remind_on: date
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsReminded:
    """What was outstanding on the day of the reminder."""

    points: tuple[int, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationMissed:
    point: int
    units: tuple[str, ...]
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class YearLapsed:
    """The last day is over, whatever was missed."""

    at: datetime


YearEvent = YearOpened | DueMoved | PointsReminded | ObservationMissed | YearLapsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """`due`: the last day to file, of Asia/Shanghai; what is filed later stays missed."""

    year: int
    due: date
    remind_on: date
    opened_at: datetime
    reminded: tuple[PointsReminded, ...] = ()
    missed: tuple[ObservationMissed, ...] = ()
    lapsed_at: datetime | None = None

    @property
    def ends_at(self) -> datetime:
        return end_of(self.due)

    @property
    def wakes_at(self) -> datetime | None:
        """When there is something to tell: the reminder, then the end of the last day."""
        if self.lapsed_at is not None:
            return None
        return self.ends_at if self._told else begin_of(self.remind_on)

    @property
    def _told(self) -> bool:
        """Since the last day stands where it stands."""
        return any(told.at >= begin_of(self.remind_on) for told in self.reminded)

    def outstanding(self, points: Units, filed: Mapping[int, datetime]) -> Units:
        """What nobody filed by the last day; `filed`: when each point first was."""
        return {
            point: units
            for point, units in points.items()
            if point not in filed or filed[point] >= self.ends_at
        }

    def come_due(self, outstanding: Units, now: datetime) -> tuple[YearEvent, ...]:
        if self.lapsed_at is not None:
            return ()
        if now >= self.ends_at:
            missed = [
                ObservationMissed(point=point, units=units, due=self.due)
                for point, units in sorted(outstanding.items())
            ]
            return (*missed, YearLapsed(at=now))
        if not self._told and now >= begin_of(self.remind_on):
            return (PointsReminded(points=tuple(sorted(outstanding)), at=now),)
        return ()

    def may_move(self) -> None:
        if self.lapsed_at is not None:
            raise RuleBroken(RULES["I-03"], "报送已经截止，不再改期；逾期记录保留。")

    def move(self, *, due: date, remind_days: int, reason: str, now: datetime) -> DueMoved:
        self.may_move()
        if not reason.strip():
            raise RuleBroken(RULES["I-03"], "改期须写明理由。", field="reason")
        if now >= self.ends_at or due < local_date(now):
            raise RuleBroken(RULES["I-03"], "截止日已过，或新的截止日早于今天。", field="due")
        remind_on = due - timedelta(days=remind_days)
        return DueMoved(due=due, remind_on=remind_on, reason=reason, at=now)


def evolve(year: Year | None, event: YearEvent) -> Year:
    if isinstance(event, YearOpened):
        return Year(year=event.year, due=event.due, remind_on=event.remind_on, opened_at=event.at)
    if year is None:
        raise ValueError("a year begins by being opened")
    match event:
        case DueMoved():
            return replace(year, due=event.due, remind_on=event.remind_on)
        case PointsReminded():
            return replace(year, reminded=(*year.reminded, event))
        case ObservationMissed():
            return replace(year, missed=(*year.missed, event))
        case YearLapsed():
            return replace(year, lapsed_at=event.at)
        case _:
            assert_never(event)
