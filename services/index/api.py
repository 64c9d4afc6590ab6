"""HTTP in: scorecards down to their events, the indicator system as printed, a year's figures."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel

from chassis.exports import Format, exported
from chassis.http import Door, Paged, more_after
from chassis.identity import Subject
from contracts.event import Code

from .domain.method import METHOD, Method
from .domain.scorecard import Scorecard
from .domain.system import IndicatorSystem
from .queries import IndexQueries

Quarter = Annotated[str, Query(pattern=r"^20[0-9]{2}-Q[1-4]$")]


Year = Annotated[int, Path(ge=2000, le=2099)]


class Behind(BaseModel):
    """The entries behind a figure: each whistle with the events it was made from."""

    items: list[dict[str, Any]]
    next: str | None = None


def routers(queries: IndexQueries, door: Door) -> tuple[APIRouter, ...]:
    api = APIRouter(tags=["index"])
    reading = door.reading()

    @api.get("/scorecards/{street}")
    async def scorecard(street: Code, quarter: Quarter, reader: Subject = reading) -> Scorecard:
        return await queries.scorecard(street, quarter, reader)

    @api.get("/scorecards/{street}/{figure}/events")
    async def events(
        street: Code, figure: str, quarter: Quarter, page: Paged, reader: Subject = reading
    ) -> Behind:
        found = await queries.behind(street, figure, quarter, reader, page.after, page.limit)
        items = [
            {
                "whistle": held.id,
                "events": [
                    {
                        "id": heard.event,
                        "type": heard.type,
                        "sequence": heard.sequence,
                        "at": heard.at,
                    }
                    for heard in held.aggregate.heard
                ],
            }
            for held in found
        ]
        return Behind(items=items, next=more_after(found, page))

    @api.get("/method")
    async def method(reader: Subject = reading) -> Method:
        """How figures become scores: published with what is computed by it."""
        return METHOD

    @api.get("/systems")
    async def systems(reader: Subject = reading) -> list[dict[str, Any]]:
        return [
            {
                "version": one.version,
                "document": one.document,
                "counts": one.counts,
                "settled": len(one.settled),
            }
            for one in await queries.desk.systems.every()
        ]

    @api.get("/systems/{version}")
    async def system(version: str, reader: Subject = reading) -> IndicatorSystem:
        return await queries.desk.systems.at(version)

    @api.get("/observations/{year}", response_model=None)
    async def figures(year: Year, format: Format = Format.JSON, reader: Subject = reading) -> Any:
        """For a source its own points only: empty, it is the sheet to fill in."""
        table = await queries.figures(year, reader)
        return exported(table, format, f"index-observations-{year}")

    return (api,)
