"""A year's figures: what may be filed, who is reminded, what was missed."""

from datetime import datetime, timedelta

from chassis.cause import Cause
from chassis.kernel.clock import local_date
from chassis.kernel.errors import NotFound
from chassis.policy import PLATFORM
from services.index.domain.collecting import Units, Year, YearOpened
from services.index.domain.observation import Observation, ObservationAwaited
from services.index.domain.system import MeasuringPoint

from .registers import Registers


class ObservationDesk(Registers):
    __slots__ = ()

    async def point(self, year: int, number: int) -> MeasuringPoint:
        """Of the year's system; NotFound for one that it doesn't have."""
        for point in (await self.systems.of_year(year)).points:
            if point.number == number:
                return point
        raise NotFound(f"没有这个测量点：{number}", field="point")

    async def awaited(self, id: str) -> tuple[ObservationAwaited]:
        """How an observation begins; NotFound for no point of ours and no year that was opened."""
        year, number = parsed(id)
        if await self.years.look(str(year)) is None:
            raise NotFound(f"{year} 年没有开始报送。", field="year")
        point = await self.point(year, number)
        return (ObservationAwaited(year=year, point=number, units=point.units, name=point.name),)

    async def of_year(self, year: int) -> dict[int, Observation]:
        """Point → what is filed."""
        return {
            held.aggregate.point: held.aggregate
            async for held in self.observations.every({"year": year})
        }

    # Years

    async def open_year(self, year: int, now: datetime) -> None:
        """Unless it is open already."""
        _, policy = await self.policies.current()
        due = policy.due(year)
        remind_on = due - timedelta(days=policy.remind_days)
        begun = YearOpened(year=year, due=due, remind_on=remind_on, at=now)
        await self.years.once(str(year), [begun], Cause(actor=PLATFORM, now=now))

    async def first_year(self, now: datetime) -> int:
        """That is collected here; where none is open yet, the year whose last day to file is the next to come."""
        opened = [held.aggregate.year async for held in self.years.every({})]
        _, policy = await self.policies.current()
        year = local_date(now).year
        return min(opened, default=year + (policy.due(year) < local_date(now)))

    async def seed_years(self, now: datetime) -> None:
        """The first; one opens the next, and where the last one didn't, it is opened here."""
        every = [held.aggregate async for held in self.years.every({})]
        last = max(every, key=lambda one: one.year, default=None)
        if last is None:
            await self.open_year(await self.first_year(now), now)
        elif last.lapsed_at is not None:
            await self.open_year(last.year + 1, now)

    async def come_due(self, id: str, cause: Cause) -> None:
        """A reminder or the end of the last day; with that the next year is open."""
        year = (await self.years.get(id)).aggregate
        outstanding = await self._outstanding(year)
        if cause.now >= year.ends_at:
            await self.open_year(year.year + 1, cause.now)
        await self.years.change(id, lambda known: known.come_due(outstanding, cause.now), cause)

    async def _outstanding(self, year: Year) -> Units:
        filed = {
            point: observation.filings[0].at
            for point, observation in (await self.of_year(year.year)).items()
            if observation.filings
        }
        points = (await self.systems.of_year(year.year)).points
        return year.outstanding({one.number: one.units for one in points}, filed)


def parsed(id: str) -> tuple[int, int]:
    year, _, point = id.partition(".")
    if not (year.isdecimal() and len(year) == 4 and point.isdecimal() and len(point) <= 3):
        raise NotFound("观测值编号为“年份.测量点序号”。")
    return int(year), int(point)
