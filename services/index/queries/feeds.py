"""What the platform holds for a measuring point, down to each event (I-10)."""

from dataclasses import dataclass
from typing import Any

from chassis.identity import Subject
from chassis.kernel.errors import NotFound
from chassis.kind import Held
from chassis.store import Page
from services.index.access import ACCESS
from services.index.desk import IndexDesk, observation_resource
from services.index.domain import counted
from services.index.domain.feed import (
    COMPLAINTS_OF,
    Feed,
    Figure,
    complaints,
    disputes,
    organisations,
)
from services.index.domain.observation import FigureReported, Observation

from .scorecards import events_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Fed:
    """`value` is missing where the population is asked for first, or there is nothing to divide by."""

    year: int
    point: int
    figure: Figure | None
    value: str | None
    reports: tuple[FigureReported, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedQueries:
    desk: IndexDesk

    async def fed(self, year: int, point: int, subject: Subject) -> Fed:
        """For its sources and who leads; NotFound for others."""
        measured = await self.desk.point(year, point)
        known = await self.desk.observations.look(f"{year}.{point}")
        awaited = Observation(year=year, point=point, units=measured.units)
        if not ACCESS.may_see(subject, observation_resource(awaited)):
            raise NotFound
        figure = await self.desk.figure(year, measured)
        return Fed(
            year=year,
            point=point,
            figure=figure,
            value=figure.value() if figure else None,
            reports=known.aggregate.reports if known else (),
        )

    async def behind(
        self, fed: Fed, after: Page | None, limit: int
    ) -> tuple[list[dict[str, Any]], list[Held[Any]]]:
        """Each whistle, dispute or organisation with its events; nothing where the platform holds nothing."""
        page: dict[str, Any] = {"after": after, "limit": limit}
        if fed.figure is None:
            return [], []
        if fed.figure.feed is Feed.COMPLAINTS:
            where = {"category": COMPLAINTS_OF, "year": fed.year}
            entries = await self.desk.entries.find(where, **page)
            items = [
                {
                    "whistle": one.id,
                    "standing": one.aggregate.standing,
                    **_adds(complaints({one.aggregate.standing: 1})),
                    "events": events_of(one.aggregate.heard),
                }
                for one in entries
            ]
            return items, [*entries]
        if fed.figure.feed is Feed.MEDIATION:
            where = {"year": fed.year, "people": True}
            ended = await self.desk.disputes.find(where, **page)
            return [
                {
                    "dispute": one.id,
                    **_adds(disputes(int(one.aggregate.heard[0].settled), 1)),
                    "events": events_of(one.aggregate.heard),
                }
                for one in ended
            ], [*ended]
        if await self.desk.is_counted(fed.figure.feed, fed.year):
            told = await self.desk.counted.find({}, **page)
            return [
                {
                    "counted": one.id,
                    **_adds(counted.alone(fed.figure.feed, one.aggregate, fed.year)),
                    "events": events_of(one.aggregate.heard),
                }
                for one in told
            ], [*told]
        known = await self.desk.organisations.find({}, **page)
        return [
            {
                "organisation": one.id,
                **_adds(organisations(fed.figure.feed, [one.aggregate], fed.year)),
                "events": events_of(one.aggregate.heard),
            }
            for one in known
        ], [*known]


def _adds(alone: Figure) -> dict[str, int | None]:
    """What the figure would be made of if there were this one alone."""
    return {"part": alone.part, "of": alone.of}
