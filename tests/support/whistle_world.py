"""What holds in the generated year, and how a whistle's life goes on in it: time, chance, and one write an act."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chassis.aggregates import Aggregates
from chassis.calendar import NationalCalendar
from chassis.cause import Cause
from chassis.kernel.clock import SHANGHAI, Deadline, WorkTime
from services.whistle.domain import judging
from services.whistle.domain.course import CALLED
from services.whistle.domain.events import WhistleEvent
from services.whistle.domain.evolution import evolve
from services.whistle.domain.ladder import Steps
from services.whistle.domain.policy import WhistlePolicy
from services.whistle.domain.unit import Unit, UnitKind
from services.whistle.domain.whistle import Whistle
from services.whistle.steps.whistles import next_due

YEAR = 2025


def clock(month: int, day: int, hour: int = 10, year: int = YEAR) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SHANGHAI)


BEFORE, FIRST, LAST = clock(12, 1, year=2024), clock(12, 10, year=2024), clock(12, 24)
SPRING = timedelta(days=50)
"""A rush before Spring Festival, whose days off nobody knows of yet."""
PUBLISHED, AFTERMATH, AGAIN = (clock(1, day, year=2026) for day in (5, 6, 20))
NOTICES = (
    (BEFORE, WorkTime(days=NationalCalendar(date(2024, 12, 31)))),
    (clock(3, 10), WorkTime(days=NationalCalendar(date(2025, 12, 31)))),
    (clock(1, 12, year=2026), WorkTime(days=NationalCalendar(date(2026, 12, 31)))),
)
Decide = Callable[[Whistle], WhistleEvent | Iterable[WhistleEvent]]
HOUR = timedelta(hours=1)
MOMENT = timedelta(seconds=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What holds at a time: the policy, the register, and the working days as they were known."""

    editions: tuple[tuple[datetime, WhistlePolicy], ...]
    units: dict[str, Unit]

    def policy(self, now: datetime) -> tuple[int, WhistlePolicy]:
        number = sum(since <= now for since, _ in self.editions)
        return number, self.editions[number - 1][1]

    def numbered(self, number: int) -> WhistlePolicy:
        return self.editions[number - 1][1]

    def work(self, now: datetime) -> WorkTime:
        return [work for since, work in NOTICES if since <= now][-1]

    def notices(self, after: datetime, until: datetime) -> list[datetime]:
        return [since for since, _ in NOTICES if after < since <= until]

    @property
    def departments(self) -> list[str]:
        return [u.code for u in self.units.values() if u.kind is UnitKind.DEPARTMENT]


class Suspended(Exception):
    """It is still going on when the time is over."""


class Course:
    def __init__(
        self,
        world: World,
        whistles: Aggregates[Whistle, WhistleEvent],
        id: str,
        chance: random.Random,
        now: datetime,
        end: datetime,
    ) -> None:
        self._world, self._whistles, self._id = world, whistles, id
        self._chance, self._now, self._end = chance, now, end
        self._watched = chance.random() < 0.5
        """Whether a scheduler comes by; without one, acts record what they are late with."""
        self._whistle: Whistle | None = None

    @property
    def _is(self) -> Whistle:
        if self._whistle is None:
            raise ValueError("it is blown first")
        return self._whistle

    @property
    def _rungs(self) -> Steps:
        return Steps(rungs=lambda at: self._world.policy(at)[1].rungs, work=self._work)

    @property
    def _work(self) -> WorkTime:
        return self._world.work(self._now)

    def _perhaps(self, likelihood: float) -> bool:
        return self._chance.random() < likelihood

    def _cause(self, by: str) -> Cause:
        return Cause(actor=by, now=self._now)

    async def _act(self, by: str, *decisions: Decide) -> None:
        """One write; each decision sees what the one before led to."""

        def decide(whistle: Whistle) -> list[WhistleEvent]:
            happened: list[WhistleEvent] = []
            for decision in decisions:
                decided = decision(whistle)
                for event in decided if isinstance(decided, Iterable) else [decided]:
                    happened.append(event)
                    whistle = evolve(whistle, event)
            return happened

        changed = await self._whistles.change(self._id, decide, self._cause(by))
        self._whistle = changed.aggregate

    async def _until(self, at: datetime) -> None:
        """Meanwhile notices come out and, where it is watched, rungs fire."""
        at = max(at, self._now + MOMENT)
        if at >= self._end:
            raise Suspended
        for notice in self._world.notices(self._now, at):
            await self._fired(notice)
            self._now = notice
            if self._is.status in CALLED:
                await self._act(
                    "system:calendar",
                    lambda w: judging.renew_calendar(w, rungs=self._rungs, now=self._now),
                )
        await self._fired(at)
        self._now = at

    async def _fired(self, until: datetime) -> None:
        while self._watched and (due := next_due(self._is)) is not None and due + MOMENT < until:
            self._now = max(self._now, due + MOMENT)
            await self._act("system:clock", lambda w: w.fire(now=self._now, rungs=self._rungs))

    async def _later(self, most: timedelta) -> None:
        await self._until(self._now + most * self._chance.random())

    def _by(self, deadline: Deadline) -> datetime:
        """Mostly in time; who is late is so by hours or by days."""
        if self._perhaps(0.7) and deadline.due > self._now:
            return self._now + (deadline.due - self._now) * self._chance.random()
        return max(self._now, deadline.due) + HOUR * self._chance.expovariate(1 / 30)
