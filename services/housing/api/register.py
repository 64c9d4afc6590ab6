"""The register as it is, and as it was or will be on a day."""

from typing import Any

from fastapi import Response

from chassis.http import Door
from chassis.identity import Subject
from chassis.kernel.clock import local_date
from chassis.routes import Routes
from chassis.steps_api import Desked, Single, Which
from chassis.words import Day
from contracts.event import Code
from services.housing.domain.community import Community
from services.housing.domain.street import Street
from services.housing.queries.register import Place, RegisterQueries


def router(queries: RegisterQueries, communities: Desked[Any, Any, Any, Any], door: Door) -> Routes:
    api = Routes(tags=["社区"])
    reading = door.reading()

    @api.get("/streets", summary="各街道")
    async def streets(reader: Subject = reading) -> list[Street]:
        return queries.list_streets()

    @api.get("/communities/{code}", summary="一个社区，某日的样子")
    async def community(
        code: Code,
        response: Response,
        as_of: Day | None = None,
        actions: Which = "now",
        names: bool = False,
        reader: Subject = reading,
    ) -> Single[Community]:
        held = await queries.community(code, as_of)
        return await communities.show(held, reader, response, actions, names=names)

    @api.get("/public/communities", summary="街道和社区的名称（公开）")
    async def places() -> list[Place]:
        return await queries.places(local_date(door.now()))

    return api
