"""What is read here besides the records themselves; the steps are in `steps`."""

from typing import Annotated

from fastapi import APIRouter, Query

from chassis.http import Door
from chassis.identity import Subject
from contracts.event import Code

from .domain.catalogue import Catalogue, Differences
from .domain.panel import Panel
from .domain.standing import Standing
from .queries import ProcurementQueries
from .steps.words import Year


def routers(queries: ProcurementQueries, door: Door) -> tuple[APIRouter, ...]:
    api = APIRouter(tags=["承接方"])
    reading = door.reading()

    @api.get("/suppliers/{id}/eligibility")
    async def eligibility(
        id: str,
        project: Annotated[Code, Query(alias="for")],
        year: Year,
        reader: Subject = reading,
    ) -> Standing:
        return await queries.eligibility(id, project, year, reader, door.now())

    @api.get("/catalogue", tags=["目录"])
    async def in_force(year: Year, reader: Subject = reading) -> Catalogue:
        return await queries.desk.catalogue(year)

    @api.get("/catalogues/{id}/differences", tags=["目录"])
    async def differences(
        id: str, other: Annotated[str, Query(alias="with")], reader: Subject = reading
    ) -> Differences:
        return await queries.differences(id, other, reader)

    @api.get("/contracts/{id}/panel", tags=["合同"])
    async def panel(id: str, _: Subject = reading) -> Panel:
        return await queries.panel(id)

    return (api,)
