"""What a summoned unit reports of itself, and its clocks."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field, StringConstraints

from chassis.asking import Asking
from chassis.files_api import FileOut, download
from chassis.http import Asked, Door, Shown, shown
from chassis.identity import Subject
from chassis.words import Passage, Reason, Short, Whole
from contracts.event import Code, Id
from services.whistle import commands
from services.whistle.desk import WhistleDesk
from services.whistle.domain.task import Outcome, Result, Which
from services.whistle.domain.whistle import Whistle

Proofs = Annotated[tuple[Id, ...], Field(max_length=20)]
"""Ids of files that the unit has filed for this whistle."""


class ArriveIn(Asked):
    place: Annotated[Short, StringConstraints(min_length=1)] | None = None
    proofs: Proofs = ()


class ResultIn(Asked):
    outcome: Outcome
    summary: Passage
    ground: Passage | None = None
    who_can: Short | None = None
    whose: Code | None = None
    proofs: Proofs = ()


class DeclineIn(Asked):
    """Not ours: whose it is, and on what ground."""

    whose: Code
    ground: Passage


class CompetenceIn(Asked):
    unit: Code
    reason: Passage


class ExtendIn(Asked):
    """A unit asks with days and reason; the dispatching authority grants by naming the deadline."""

    which: Which = Which.HANDLING
    days: Annotated[Whole, Field(ge=1, le=60)] | None = None
    reason: Passage | None = None


def router(desk: WhistleDesk, door: Door) -> APIRouter:
    """Of itself a unit reports without having to know the version: others act side by side."""
    api = APIRouter(tags=["whistle"])
    reporting, changer = door.writing(versioned=None), door.writing(versioned=True)
    reading, creator = door.reading(), door.writing(versioned=False, claims=True)
    base = "/whistles/{id}/units/{unit}"

    @api.post(base + "/arrive")
    async def arrive(
        id: str,
        unit: Code,
        response: Response,
        body: ArriveIn | None = None,
        asking: Asking = reporting,
    ) -> Shown[Whistle]:
        command = commands.Arrive(**body.model_dump()) if body else commands.Arrive()
        return shown(await desk.arrive(id, unit, command, asking), response)

    @api.post(base + "/result")
    async def result(
        id: str, unit: Code, body: ResultIn, response: Response, asking: Asking = reporting
    ) -> Shown[Whistle]:
        command = commands.FileResult(result=Result(**body.model_dump()))
        return shown(await desk.file_result(id, unit, command, asking), response)

    @api.post(base + "/proofs", status_code=201)
    async def prove(id: str, unit: Code, request: Request, asking: Asking = creator) -> FileOut:
        """The body is the file: JPEG, PNG or PDF, told by its first bytes."""
        filed = await desk.file_proof(id, unit, await request.body(), asking)
        return FileOut(id=filed.id, media=filed.aggregate.media, size=filed.aggregate.size)

    @api.get("/whistles/{id}/proofs/{proof}", response_class=Response)
    async def proof(id: str, proof: Id, reader: Subject = reading) -> Response:
        found, content = await desk.read_proof(id, proof, reader)
        return download(proof, found.media, content)

    @api.post(base + "/decline")
    async def decline(
        id: str, unit: Code, body: DeclineIn, response: Response, asking: Asking = reporting
    ) -> Shown[Whistle]:
        declined = await desk.decline(id, unit, body.whose, body.ground, asking)
        return shown(declined, response)

    @api.post("/whistles/{id}/competence")
    async def competence(
        id: str, body: CompetenceIn, response: Response, asking: Asking = changer
    ) -> Shown[Whistle]:
        decided = await desk.decide_competence(id, body.unit, body.reason, asking)
        return shown(decided, response)

    @api.post(base + "/extend")
    async def extend(
        id: str, unit: Code, body: ExtendIn, response: Response, asking: Asking = reporting
    ) -> Shown[Whistle]:
        if body.days is None:
            granted = await desk.grant_extension(id, unit, body.which, asking)
            return shown(granted, response)
        command = commands.AskExtension(which=body.which, days=body.days, reason=body.reason or "")
        return shown(await desk.ask_extension(id, unit, command, asking), response)

    @api.post(base + "/pause")
    async def pause(
        id: str, unit: Code, reason: Reason, response: Response, asking: Asking = reporting
    ) -> Shown[Whistle]:
        return shown(await desk.pause(id, unit, reason, asking), response)

    @api.post(base + "/resume")
    async def resume(
        id: str, unit: Code, response: Response, asking: Asking = reporting
    ) -> Shown[Whistle]:
        return shown(await desk.resume(id, unit, asking), response)

    return api
