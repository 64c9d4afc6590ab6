"""The yards of a community, over HTTP; they come in by import."""

from fastapi import APIRouter, Response

from chassis.guarded import Guarded
from chassis.http import Door, Shown, shown
from chassis.identity import Subject
from chassis.trail_api import trail_route
from contracts.event import Code
from services.housing.domain.yards import Yards, YardsEntered


def routes(api: APIRouter, yards: Guarded[Yards, YardsEntered], door: Door) -> None:
    reading = door.reading()

    @api.get("/yards/{community}")
    async def of_community(
        community: Code, response: Response, reader: Subject = reading
    ) -> Shown[Yards]:
        return shown(await yards.show(community, reader), response)

    trail_route(api, "/yards", yards, door)
