"""What the platform and its partners hold for a measuring point, until its department confirms it."""

from collections.abc import Iterable

from chassis.cause import Cause
from services.index.domain import counted, feed
from services.index.domain.counted import CountHeard
from services.index.domain.entry import Standing
from services.index.domain.feed import (
    COMPLAINTS_OF,
    FED,
    DisputeHeard,
    Feed,
    Figure,
    OrganisationHeard,
)
from services.index.domain.observation import (
    FigureReported,
    Observation,
    ObservationEvent,
    evolve,
)
from services.index.domain.system import MeasuringPoint

from .observations import ObservationDesk


class FeedDesk(ObservationDesk):
    __slots__ = ()

    async def hear_organisation(self, id: str, heard: OrganisationHeard, cause: Cause) -> None:
        await self.organisations.record(id, lambda known: feed.hear(known, heard), cause)

    async def hear_count(self, id: str, heard: CountHeard, cause: Cause) -> None:
        await self.counted.record(id, lambda known: counted.hear(known, heard), cause)

    async def hear_dispute(self, id: str, heard: DisputeHeard, cause: Cause) -> None:
        await self.disputes.record(id, lambda known: feed.hear_dispute(known, heard), cause)

    async def hear_report(self, id: str, report: FigureReported, cause: Cause) -> None:
        """NotFound for no point of ours and no year that was opened."""
        [awaited] = await self.awaited(id)

        def heard(known: Observation | None) -> Iterable[ObservationEvent]:
            if known is None:
                return [awaited, *evolve(None, awaited).hear(report)]
            return known.hear(report)

        await self.observations.record(id, heard, cause)

    async def figure(self, year: int, point: MeasuringPoint) -> Figure | None:
        """None for a point that the platform holds nothing for."""
        fed = FED.get(point.name)
        if fed is None:
            return None
        if fed is Feed.COMPLAINTS:
            where = {"category": COMPLAINTS_OF, "year": year}
            rows = await self.entries.tally(where, by="standing", sums=("alarms",))
            return feed.complaints({Standing(row["standing"]): row["count"] for row in rows})
        if fed is Feed.MEDIATION:
            ended = {"year": year, "people": True}
            settled = await self.disputes.count({**ended, "settled": True})
            return feed.disputes(settled, await self.disputes.count(ended))
        figure = await self._counted(fed, year)
        if figure is not None:
            return figure
        known = [held.aggregate async for held in self.organisations.every({})]
        return feed.organisations(fed, known, year)

    async def is_counted(self, fed: Feed, year: int) -> bool:
        """Whether it is made of what the register of social organisations counted."""
        return await self._counted(fed, year) is not None

    async def _counted(self, fed: Feed, year: int) -> Figure | None:
        counts = [held.aggregate async for held in self.counted.every({})]
        return counted.organisations(fed, counts, year)
