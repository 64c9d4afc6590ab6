"""Whistles: blown, registered, dispatched, escalated."""

from fastapi import APIRouter, Response

from chassis.asking import Asking
from chassis.http import Asked, Door, Listed, Paged, Shown, listed, shown
from chassis.identity import Subject
from chassis.trail_api import trail_route
from chassis.words import Reason, Short
from contracts.event import Code
from services.whistle import commands
from services.whistle.desk import WhistleDesk
from services.whistle.domain.course import Status
from services.whistle.domain.events import Kind, Level
from services.whistle.domain.whistle import Whistle


class WhistleIn(Asked):
    level: Level
    kind: Kind
    units: tuple[Code, ...]
    lead: Code
    problem: str | None = None
    title: Short | None = None
    category: Code | None = None


class StreetBlowIn(Asked):
    kind: Kind
    units: tuple[Code, ...]
    lead: Code


class SolveIn(Asked):
    leader: Short
    office: Code


def router(desk: WhistleDesk, door: Door) -> APIRouter:
    api = APIRouter(tags=["whistle"])
    reading, creator, changer = (
        door.reading(),
        door.writing(versioned=False, claims=True),
        door.writing(versioned=True),
    )

    @api.post("/whistles", status_code=201)
    async def blow(body: WhistleIn, response: Response, asking: Asking = creator) -> Shown[Whistle]:
        return shown(await desk.blow(commands.Blow(**body.model_dump()), asking), response)

    @api.get("/whistles")
    async def whistles(
        page: Paged,
        reader: Subject = reading,
        state: Status | None = None,
        street: Code | None = None,
        unit: Code | None = None,
        kind: Kind | None = None,
        overdue: bool | None = None,
    ) -> Listed[Whistle]:
        wanted = {
            "status": state.value if state else None,
            "street": street,
            "units": unit,
            "kind": kind.value if kind else None,
            "overdue": overdue,
        }
        return listed(await desk.whistles.list(reader, wanted, page.after, page.limit), page)

    @api.get("/whistles/{id}")
    async def whistle(id: str, response: Response, reader: Subject = reading) -> Shown[Whistle]:
        return shown(await desk.whistles.show(id, reader), response)

    @api.get("/whistles/{id}/asked")
    async def asked(id: str, reader: Subject = reading) -> dict[str, str]:
        return {"asked": await desk.asked_of_whistle(id, reader)}

    @api.post("/whistles/{id}/register")
    async def register(id: str, response: Response, asking: Asking = changer) -> Shown[Whistle]:
        return shown(await desk.register(id, asking), response)

    @api.post("/whistles/{id}/reject")
    async def reject(
        id: str, reason: Reason, response: Response, asking: Asking = changer
    ) -> Shown[Whistle]:
        return shown(await desk.reject(id, reason, asking), response)

    @api.post("/whistles/{id}/dispatch")
    async def dispatch(id: str, response: Response, asking: Asking = changer) -> Shown[Whistle]:
        return shown(await desk.dispatch(id, asking), response)

    @api.post("/whistles/{id}/escalate")
    async def escalate(
        id: str, reason: Reason, response: Response, asking: Asking = changer
    ) -> Shown[Whistle]:
        return shown(await desk.escalate(id, reason, asking), response)

    @api.post("/whistles/{id}/solve")
    async def solve(
        id: str, body: SolveIn, response: Response, asking: Asking = changer
    ) -> Shown[Whistle]:
        return shown(await desk.solve(id, body.leader, body.office, asking), response)

    @api.post("/whistles/{id}/blow")
    async def blow_at_street(
        id: str, body: StreetBlowIn, response: Response, asking: Asking = changer
    ) -> Shown[Whistle]:
        command = commands.BlowAtStreet(**body.model_dump())
        return shown(await desk.blow_at_street(id, command, asking), response)

    @api.post("/whistles/{id}/withdraw")
    async def withdraw(
        id: str, reason: Reason, response: Response, asking: Asking = changer
    ) -> Shown[Whistle]:
        return shown(await desk.withdraw(id, reason, asking), response)

    trail_route(api, "/whistles", desk.whistles, door)
    return api
