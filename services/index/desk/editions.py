"""Editions of the index: computed from what is filed."""

from asyncio import to_thread
from datetime import datetime

from chassis.kernel.errors import NotFound
from services.index.domain.computing import Input, compute, fingerprint
from services.index.domain.edition import EditionDrafted, Stage
from services.index.domain.improvement import Course, ImprovementAsked, asks, with_level
from services.index.domain.method import METHOD
from services.index.domain.sensitivity import uncertainty

from .observations import ObservationDesk, parsed
from .scorecards import ScorecardDesk


class EditionDesk(ObservationDesk, ScorecardDesk):
    __slots__ = ()

    async def drafted(
        self, id: str, year: int, reason: str | None, by: str, now: datetime
    ) -> EditionDrafted:
        """From the figures filed and the system that holds now."""
        if await self.years.look(str(year)) is None:
            raise NotFound(f"{year} 年没有开始报送。", field="year")
        system = await self.systems.of_year(year)
        _, policy = await self.policies.current()
        inputs = await self._inputs(year)
        least = policy.coverage_percent
        result = compute(system, inputs, least)
        hash = fingerprint(system, METHOD, inputs, least)
        return EditionDrafted(
            edition=id,
            year=year,
            number=await self.editions.count({"year": year}) + 1,
            system=system.version,
            method=METHOD.version,
            least_covered=least,
            inputs=inputs,
            result=result,
            hash=hash,
            uncertainty=await to_thread(
                uncertainty, system, inputs, least, hash[:16], policy.draws
            ),
            streets=await self.standings(str(year)),
            lowest_points=with_level(result, policy.lowest_points),
            reason=reason,
            by=by,
            at=now,
        )

    # What an edition asks

    async def asked(self, id: str) -> tuple[ImprovementAsked]:
        """How an improvement begins; NotFound for a point that the year's published edition doesn't ask about."""
        year, number = parsed(id)
        published = [
            held.aggregate
            async for held in self.editions.every({"year": year, "stage": Stage.PUBLISHED.value})
        ]
        if not published:
            raise NotFound(f"{year} 年的指数尚未公布。")
        newest = max(published, key=lambda one: one.drafted.number)
        for ask in asks(newest.drafted.result, newest.drafted.lowest_points):
            if ask.point == number:
                made = newest.drafted
                units = (await self.point(year, number)).units
                return (ImprovementAsked(year=year, edition=made.edition, ask=ask, units=units),)
        raise NotFound(f"{year} 年的指数没有把这个测量点列为短板。")

    async def unlooked(self, year: int) -> int:
        """How many of a year's answers nobody has looked at again."""
        return await self.improvements.count({"year": year, "course": Course.ANSWERED.value})

    async def latest(self, year: int) -> str | None:
        """The id of the year's last edition."""
        made = [
            (held.aggregate.drafted, held.id) async for held in self.editions.every({"year": year})
        ]
        last = max(made, key=lambda one: (one[0].number, one[0].at, one[1]), default=None)
        return last[1] if last else None

    async def _inputs(self, year: int) -> tuple[Input, ...]:
        """The last filing of each point."""
        filed = await self.of_year(year)
        return tuple(
            Input(
                point=point,
                observation=f"{year}.{point}",
                filing=len(observation.filings),
                values=latest.values,
                grades=tuple(one.grade for one in latest.grades),
            )
            for point, observation in sorted(filed.items())
            if (latest := observation.latest) is not None
        )
