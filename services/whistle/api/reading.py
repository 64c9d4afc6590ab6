"""What is read of problems and whistles besides themselves: full texts, proofs, whom to call, points."""

from typing import Any

from fastapi import APIRouter, Response

from chassis.files_api import download
from chassis.http import Door
from chassis.identity import Subject
from contracts.event import Code, Id
from services.whistle.desk import WhistleDesk
from services.whistle.queries import WhistleQueries


def router(desk: WhistleDesk, queries: WhistleQueries, door: Door) -> APIRouter:
    api = APIRouter(tags=["whistle"])
    reading = door.reading()

    @api.get("/problems/{id}/asked")
    async def asked(id: str, reader: Subject = reading) -> dict[str, str]:
        return {"asked": await desk.asked_of_problem(id, reader)}

    @api.get("/whistles/{id}/asked")
    async def asked_of_whistle(id: str, reader: Subject = reading) -> dict[str, str]:
        return {"asked": await desk.asked_of_whistle(id, reader)}

    @api.get("/whistles/{id}/proofs/{proof}", response_class=Response)
    async def proof(id: str, proof: Id, reader: Subject = reading) -> Response:
        found, content = await desk.read_proof(id, proof, reader)
        return download(proof, found.media, content)

    @api.get("/routes")
    async def routes(
        category: Code, community: Code, problem: Id | None = None, reader: Subject = reading
    ) -> dict[str, Any]:
        return await queries.suggested(category, community, problem, reader)

    @api.get("/standings/{blower}")
    async def standing(blower: str, year: int, reader: Subject = reading) -> dict[str, Any]:
        return await queries.standing(blower, year, reader)

    return api
