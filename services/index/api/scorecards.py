"""Scorecards, down to their events, and the streets side by side."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from chassis.exports import Format, exported
from chassis.http import Door, Paged, more_after
from chassis.identity import Subject
from chassis.kernel.errors import Malformed
from contracts.event import Code
from services.index.domain.scorecard import Scorecard
from services.index.domain.standing import Standings
from services.index.queries.rankings import RankingQueries
from services.index.queries.scorecards import ScorecardQueries

Quarter = Annotated[str, Query(pattern=r"^20[0-9]{2}-Q[1-4]$")]


class Behind(BaseModel):
    """What is behind a figure: each whistle, payment, evaluation or community with its events."""

    items: list[dict[str, Any]]
    next: str | None = None


def router(queries: ScorecardQueries, rankings: RankingQueries, door: Door) -> APIRouter:
    api = APIRouter(tags=["记分卡"])
    reading = door.reading()

    @api.get("/scorecards/{street}")
    async def scorecard(street: Code, quarter: Quarter, reader: Subject = reading) -> Scorecard:
        return await queries.scorecard(street, quarter, reader)

    @api.get("/scorecards/{street}/{figure}/events")
    async def events(
        street: Code, figure: str, quarter: Quarter, page: Paged, reader: Subject = reading
    ) -> Behind:
        asked = (street, figure, quarter, reader, page.after, page.limit)
        items, found = await queries.behind(*asked)
        return Behind(items=items, next=more_after(found, page))

    @api.get("/rankings", response_model=None)
    async def ranking(
        quarter: Quarter, format: Format = Format.JSON, reader: Subject = reading
    ) -> Any:
        """Each figure's places, ties said; a street sees its own."""
        table = await rankings.ranking(quarter, reader)
        return exported(table, format, f"index-rankings-{quarter}")

    @api.get("/rankings/standings")
    async def standing(
        quarter: Annotated[str | None, Query(pattern=r"^20[0-9]{2}-Q[1-4]$")] = None,
        year: Annotated[int | None, Query(ge=2000, le=2099)] = None,
        reader: Subject = reading,
    ) -> Standings:
        """How sure each street's place is, of a quarter or a year, under other weights and normalisations."""
        if (quarter is None) is (year is None):
            raise Malformed("须写明一个季度，或一个年份。", field="quarter")
        return await rankings.standings(quarter or str(year), reader)

    return api
