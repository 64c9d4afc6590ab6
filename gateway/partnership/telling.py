"""Partners' way in: CloudEvents 1.0 over HTTP, structured, binary or a batch, each item with its own answer."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import unquote

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from chassis.asking import Asking
from chassis.faults import wants_english
from chassis.http import Door
from chassis.kernel.errors import Malformed, Refusal
from chassis.problems import document_of, malformed
from gateway.intake import Intake, Told
from gateway.titles import TITLES

from .proof import telling
from .steps import Desk

ONE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
MOST = 100
"""Events in one batch."""
PREFIX = "ce-"
Take = Callable[[Told], Awaitable[dict[str, Any]]]
SHAPE = Told.model_json_schema()
CONTENT = {
    ONE: {"schema": SHAPE},
    BATCH: {"schema": {"type": "array", "minItems": 1, "maxItems": MOST, "items": SHAPE}},
    "application/json": {"schema": SHAPE},
}


def partners_router(intake: Intake, desk: Desk, door: Door) -> APIRouter:
    api = APIRouter(prefix="/api/v1", tags=["事件"])
    proven = telling(desk, door)

    @api.post(
        "/partners/events",
        status_code=202,
        summary="合作方报送事件",
        openapi_extra={"requestBody": {"required": True, "content": CONTENT}},
    )
    async def tell(request: Request, asking: Asking = proven) -> dict[str, Any]:
        """One event, structured or binary (attributes in `ce-` headers, the data as the body): taken or refused.

        A batch is taken item by item, each with its own status and, where it is refused, its own problem;
        the same again changes nothing.
        """
        said = await _said(request)
        take = await _taker(intake, desk, asking)
        if _media(request) != BATCH:
            return await take(_told(said))
        if not isinstance(said, list) or not 1 <= len(said) <= MOST:
            raise Malformed(f"一批应为 1 到 {MOST} 个事件的列表。", field="body")
        english = wants_english(request.headers.get("accept-language"))
        return {"items": [await _item(take, one, english) for one in said]}

    return api


def _media(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _said(request: Request) -> Any:
    """What the body says; in binary mode under `data`, beside the attributes of the headers."""
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise Malformed("请求体应为 JSON。", field="body") from None
    attributes = {
        name.removeprefix(PREFIX): unquote(value)
        for name, value in request.headers.items()
        if name.startswith(PREFIX)
    }
    return {**attributes, "data": body} if attributes else body


def _told(said: Any) -> Told:
    try:
        return Told.model_validate(said)
    except ValidationError as error:
        raise RequestValidationError(_in_body(error.errors())) from None


def _in_body(errors: list[Any]) -> list[Mapping[str, Any]]:
    return [{**one, "loc": ("body", *one["loc"])} for one in errors]


async def _taker(intake: Intake, desk: Desk, asking: Asking) -> Take:
    """What takes this partner's news, where it is on the list only of the types that it may tell."""
    partner = await desk.named(asking.subject.code or "")

    async def take(told: Told) -> dict[str, Any]:
        if partner is not None:
            partner.may_tell(told.type)
        taken = await intake.take(told, asking)
        return {"id": told.id, "source": told.source, "repeated": taken.repeated}

    return take


async def _item(take: Take, said: Any, english: bool) -> dict[str, Any]:
    """What became of one of a batch: taken, or the problem that it has."""
    try:
        return {"status": 202, **await take(_told(said))}
    except RequestValidationError as error:
        problem = malformed(error, TITLES, english=english)
    except Refusal as refusal:
        problem = document_of(refusal)
    named = {
        name: said[name]
        for name in ("id", "source")
        if isinstance(said, dict) and isinstance(said.get(name), str)
    }
    return {"status": problem["status"], **named, "problem": problem}
