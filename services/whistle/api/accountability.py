"""Accountability cases (W-12): listed, answered by who held the matter, closed by the discipline group."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from chassis.asking import Asking
from chassis.http import Asked, Door, Listed, Paged, Shown, listed, shown
from chassis.identity import Subject
from chassis.trail_api import trail_route
from chassis.words import Flag, Passage
from contracts.event import Code
from services.whistle.desk import WhistleDesk
from services.whistle.domain.accountability import Case, CaseStatus


class CloseIn(Asked):
    upheld: Flag
    finding: Passage


def router(desk: WhistleDesk, door: Door) -> APIRouter:
    api = APIRouter(tags=["accountability"])
    reading, changer = door.reading(), door.writing(versioned=True)

    @api.get("/accountability")
    async def cases(
        page: Paged,
        reader: Subject = reading,
        street: Code | None = None,
        unit: Code | None = None,
        status: CaseStatus | None = None,
    ) -> Listed[Case]:
        wanted = {"street": street, "units": unit, "status": status.value if status else None}
        return listed(await desk.cases.list(reader, wanted, page.after, page.limit), page)

    @api.get("/accountability/{id}")
    async def case(id: str, response: Response, reader: Subject = reading) -> Shown[Case]:
        return shown(await desk.cases.show(id, reader), response)

    @api.post("/accountability/{id}/answer")
    async def answer(
        id: str,
        answer: Annotated[Passage, Body(embed=True)],
        response: Response,
        asking: Asking = changer,
    ) -> Shown[Case]:
        return shown(await desk.answer_case(id, answer, asking), response)

    @api.post("/accountability/{id}/close")
    async def close(
        id: str, body: CloseIn, response: Response, asking: Asking = changer
    ) -> Shown[Case]:
        return shown(await desk.close_case(id, body.upheld, body.finding, asking), response)

    trail_route(api, "/accountability", desk.cases, door)
    return api
