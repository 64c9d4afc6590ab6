"""The register of units, and what is left of a blowing unit's points."""

from typing import Any

from fastapi import APIRouter, Response

from chassis.asking import Asking
from chassis.http import Asked, Door, Listed, Paged, Shown, listed, shown
from chassis.identity import Subject
from chassis.words import Day, Short
from contracts.event import Code, Id
from services.whistle import commands
from services.whistle.desk import WhistleDesk
from services.whistle.domain.unit import Unit, UnitKind
from services.whistle.queries import WhistleQueries


class UnitIn(Asked):
    name: Short
    kind: UnitKind
    serves: tuple[Code, ...] = ()
    valid_from: Day
    valid_to: Day | None = None


def router(desk: WhistleDesk, queries: WhistleQueries, door: Door) -> APIRouter:
    api = APIRouter(tags=["whistle"])
    reading, lister = door.reading(), door.writing(versioned=None)

    @api.get("/units")
    async def units(page: Paged, reader: Subject = reading) -> Listed[Unit]:
        return listed(await queries.list_units(page.after, page.limit), page)

    @api.put("/units/{code}")
    async def list_unit(
        code: Code, body: UnitIn, response: Response, asking: Asking = lister
    ) -> Shown[Unit]:
        command = commands.ListUnit(**body.model_dump())
        return shown(await desk.list_unit(code, command, asking), response)

    @api.get("/routes")
    async def routes(
        category: Code, community: Code, problem: Id | None = None, reader: Subject = reading
    ) -> dict[str, Any]:
        return await queries.suggested(category, community, problem, reader)

    @api.get("/standings/{blower}")
    async def standing(blower: str, year: int, reader: Subject = reading) -> dict[str, Any]:
        return await queries.standing(blower, year, reader)

    return api
