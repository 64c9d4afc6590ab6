"""Intake of an event, the same for every way in: read, checked, and accepted once, or the problem that it has."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from chassis.asking import Asking
from chassis.kernel.errors import Malformed, Refusal
from chassis.problems import ProblemDocument, document_of, malformed
from gateway.intake import Intake, Told
from gateway.titles import TITLES

from .steps import Desk

ONE = "application/cloudevents+json"
Take = Callable[[Told], Awaitable[dict[str, Any]]]


class NewsTakenOut(BaseModel):
    """`repeated` where it had been taken before, and nothing happened."""

    id: str
    source: str
    repeated: bool


class OfBatchOut(BaseModel):
    """What became of one of a batch: as of one by itself, or its `problem`."""

    status: int
    id: str | None = None
    source: str | None = None
    repeated: bool | None = None
    problem: ProblemDocument | None = None


class BatchOut(BaseModel):
    items: list[OfBatchOut]


def media(text: str | None) -> str:
    return (text or "").partition(";")[0].strip().lower()


def read(body: bytes, attributes: Mapping[str, Any]) -> Any:
    """What the body says; in binary mode under `data`, beside the attributes that came with it."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("请求体应为 JSON。", field="body") from None
    return {**attributes, "data": said} if attributes else said


def as_told(said: Any) -> Told:
    try:
        return Told.model_validate(said)
    except ValidationError as error:
        raise RequestValidationError(_in_body(error.errors())) from None


def _in_body(errors: list[Any]) -> list[Mapping[str, Any]]:
    return [{**one, "loc": ("body", *one["loc"])} for one in errors]


async def taker(intake: Intake, desk: Desk, asking: Asking) -> Take:
    """The intake of this partner's events; if it is on the list, only of its permitted types."""
    partner = await desk.named(asking.subject.code or "")

    async def take(event: Told) -> dict[str, Any]:
        if partner is not None:
            partner.may_tell(event.type)
        taken = await intake.take(event, asking)
        return {"id": event.id, "source": event.source, "repeated": taken.repeated}

    return take


async def item(take: Take, said: Any, english: bool) -> dict[str, Any]:
    """What became of one of a batch: taken, or the problem that it has, beside its name where that can be written."""
    try:
        return {"status": 202, **await take(as_told(said))}
    except RequestValidationError as error:
        problem = malformed(error, TITLES, english=english)
    except Refusal as refusal:
        problem = document_of(refusal, english=english)
    named = {
        name: said[name]
        for name in ("id", "source")
        if isinstance(said, dict) and isinstance(said.get(name), str) and said[name].isprintable()
    }
    return {"status": problem["status"], **named, "problem": problem}
