"""Word, verification, marks, the answer, and opening again."""

from typing import Annotated

from fastapi import APIRouter, Body, Response
from pydantic import Field

from chassis.asking import Asking
from chassis.http import Asked, Door, Shown, shown
from chassis.words import Flag, Passage, Reason, Whole
from contracts.event import Code
from services.whistle import commands
from services.whistle.desk import WhistleDesk
from services.whistle.domain.events import Finding, Manner
from services.whistle.domain.whistle import Whistle


class WordIn(Asked):
    done: Flag
    said: Passage = ""


class ReturnIn(Asked):
    units: tuple[Code, ...]
    reason: Passage


class FindingIn(Asked):
    unit: Code
    manner: Manner


class MarkIn(Asked):
    points: Whole
    findings: Annotated[tuple[FindingIn, ...], Field(max_length=30)] = ()


def router(desk: WhistleDesk, door: Door) -> APIRouter:
    api = APIRouter(tags=["whistle"])
    changer = door.writing(versioned=True)

    @api.post("/whistles/{id}/confirm")
    async def confirm(
        id: str, body: WordIn, response: Response, asking: Asking = changer
    ) -> Shown[Whistle]:
        return shown(await desk.confirm(id, body.done, body.said, asking), response)

    @api.post("/whistles/{id}/verify")
    async def verify(id: str, response: Response, asking: Asking = changer) -> Shown[Whistle]:
        return shown(await desk.verify(id, asking), response)

    @api.post("/whistles/{id}/return")
    async def send_back(
        id: str, body: ReturnIn, response: Response, asking: Asking = changer
    ) -> Shown[Whistle]:
        return shown(await desk.send_back(id, body.units, body.reason, asking), response)

    @api.post("/whistles/{id}/marks")
    async def marks(
        id: str, body: MarkIn, response: Response, asking: Asking = changer
    ) -> Shown[Whistle]:
        findings = tuple(Finding(unit=one.unit, manner=one.manner) for one in body.findings)
        command = commands.GiveMark(points=body.points, findings=findings)
        return shown(await desk.mark(id, command, asking), response)

    @api.post("/whistles/{id}/evaluate")
    async def evaluate(id: str, response: Response, asking: Asking = changer) -> Shown[Whistle]:
        return shown(await desk.evaluate(id, asking), response)

    @api.post("/whistles/{id}/answer")
    async def answer(
        id: str,
        answer: Annotated[Passage, Body(embed=True)],
        response: Response,
        asking: Asking = changer,
    ) -> Shown[Whistle]:
        return shown(await desk.answer(id, answer, asking), response)

    @api.post("/whistles/{id}/reopen")
    async def reopen(
        id: str, reason: Reason, response: Response, asking: Asking = changer
    ) -> Shown[Whistle]:
        return shown(await desk.reopen(id, reason, asking), response)

    return api
