"""Weaknesses (薄弱环节, I-13): a theme of a street's scorecard that is low or falling, told once a quarter.

A quarter is looked at some days after its end, so that what was told late still counts. What is found
then stays found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import begin_of, quarter_of

from .scorecard import CONSULTATION, Scorecard

THEMES: Mapping[str, str] = {"whistles": "mean_score", "consultation": CONSULTATION}
"""Theme → the figure of the scorecard that is its level, in hundredths of a point."""
YEARLY = frozenset({"consultation"})
"""What is provisional until its year ends: looked at with the last quarter, without one before."""
FULL = 10_000


class Why(StrEnum):
    BELOW = "below"
    FALLING = "falling"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Hundredths of a point: below which a level is weak, and by how much it must not fall."""

    below: int
    fall: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    street: str
    theme: str
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeaknessFound:
    """`before`: the level of the quarter before, where there was one."""

    street: str
    theme: str
    quarter: str
    level: int
    before: int | None = None
    why: Why
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Weakness:
    found: WeaknessFound


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterOpened:
    """`before`: the levels that the quarter before ended with."""

    quarter: str
    closes_at: datetime
    before: tuple[Level, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterClosed:
    levels: tuple[Level, ...]
    at: datetime


QuarterEvent = QuarterOpened | QuarterClosed


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    quarter: str
    closes_at: datetime
    before: tuple[Level, ...] = ()
    levels: tuple[Level, ...] = ()
    closed_at: datetime | None = None

    @property
    def wakes_at(self) -> datetime | None:
        return None if self.closed_at is not None else self.closes_at

    def close(self, levels: Sequence[Level], now: datetime) -> tuple[QuarterClosed, ...]:
        """Once, when its time has come."""
        if self.wakes_at is None or now < self.closes_at:
            return ()
        return (QuarterClosed(levels=tuple(levels), at=now),)

    def weak(
        self, levels: Sequence[Level], bounds: Bounds, now: datetime
    ) -> tuple[WeaknessFound, ...]:
        """I-13: of each street and theme at most one; low comes before falling."""
        before = {(one.street, one.theme): one.level for one in self.before}
        found = []
        for one in levels:
            earlier = before.get((one.street, one.theme))
            why = _why(one.level, earlier, bounds)
            if why is not None:
                found.append(
                    WeaknessFound(
                        street=one.street,
                        theme=one.theme,
                        quarter=self.quarter,
                        level=one.level,
                        before=earlier,
                        why=why,
                        at=now,
                    )
                )
        return tuple(found)


def levels_of(card: Scorecard) -> tuple[Level, ...]:
    """A theme that has no figure in the quarter has no level: it is never guessed."""
    figures = {figure.name: figure.value for figure in card.figures}
    return tuple(
        Level(street=card.street, theme=theme, level=min(level, FULL))
        for theme, figure in THEMES.items()
        if (level := figures[figure]) is not None
        and (theme not in YEARLY or card.quarter.endswith("Q4"))
    )


def open_quarter(at: datetime, days: int, before: Sequence[Level] = ()) -> QuarterOpened:
    """The one `at` lies in, to be looked at so many days after its end."""
    quarter = quarter_of(at)
    end = begin_of(_after(quarter)) + timedelta(days=days)
    return QuarterOpened(quarter=quarter, closes_at=end, before=tuple(before))


def following(quarter: str, levels: Sequence[Level], days: int) -> QuarterOpened:
    """The next one; `levels`: what this one came to."""
    return open_quarter(begin_of(_after(quarter)), days, levels)


def evolve(quarter: Quarter | None, event: QuarterEvent) -> Quarter:
    if isinstance(event, QuarterOpened):
        return Quarter(quarter=event.quarter, closes_at=event.closes_at, before=event.before)
    if quarter is None:
        raise ValueError("a quarter begins by being opened")
    match event:
        case QuarterClosed():
            return replace(quarter, levels=event.levels, closed_at=event.at)
        case _:
            assert_never(event)


def last_day(quarter: str) -> date:
    return _after(quarter) - timedelta(days=1)


def found(_: Weakness | None, event: WeaknessFound) -> Weakness:
    return Weakness(found=event)


def _why(level: int, before: int | None, bounds: Bounds) -> Why | None:
    if level < bounds.below:
        return Why.BELOW
    if before is not None and before - level >= bounds.fall:
        return Why.FALLING
    return None


def _after(quarter: str) -> date:
    """The first day after a quarter."""
    year, number = int(quarter[:4]), int(quarter[-1])
    return date(year + number // 4, number % 4 * 3 + 1, 1)
