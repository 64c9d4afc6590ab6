"""Partners' way in: CloudEvents 1.0 over HTTP, structured, binary or a batch, each item with its own answer."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from fastapi import Request

from chassis.asking import Asking
from chassis.faults import wants_english
from chassis.http import Door
from chassis.kernel.errors import Malformed
from chassis.routes import Routes
from chassis.titles import title_of
from contracts.published import PARTNERS
from gateway.docs import RELEASED
from gateway.intake import Intake, Told
from gateway.titles import TITLES

from .proof import telling
from .steps import Desk
from .taking import ONE, BatchOut, NewsTakenOut, as_told, item, media, read, taker

BATCH = "application/cloudevents-batch+json"
MOST = 100
"""Events in one batch."""
UNSAID = frozenset(("", "application/octet-stream"))
PREFIX = "ce-"
ENVELOPE = Told.model_json_schema()


def _titled(shapes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {**shape, "title": title_of("Told", name, TITLES) or name}
        for name, shape in shapes.items()
    }


def _sent(type: str) -> dict[str, Any]:
    """An event of one type as a partner sends it.

    Published is how it is delivered: with attributes that we give it, and each time in one form, where any form that
    says its offset is taken.
    """
    data = json.loads((RELEASED / "schemas" / f"{type}.json").read_bytes())["properties"]["data"]
    for shape in data["properties"].values():
        if shape.get("format") == "date-time":
            del shape["pattern"]
    told = {**ENVELOPE["properties"], "type": {"type": "string", "const": type}}
    told["data"] = {**data, "properties": _titled(data["properties"])}
    return {**ENVELOPE, "title": data["title"], "properties": _titled(told)}


SHAPE = {"oneOf": [_sent(type) for type in sorted(PARTNERS)]}
EVENT = {
    "specversion": "1.0",
    "id": "12345-0001",
    "source": "/partners/hotline",
    "type": "partner.problem_reported.v1",
    "time": "2026-03-02T09:05:00+08:00",
    "data": {
        "community": "guanshangzhongxinqu",
        "category": "parking",
        "title": "消防通道被占用",
        "reported_at": "2026-03-02T09:00:00+08:00",
        "reference": "12345-0001",
    },
}
SEVERAL = {"type": "array", "minItems": 1, "maxItems": MOST, "items": SHAPE}
CONTENT: dict[str, dict[str, Any]] = {
    ONE: {"schema": SHAPE, "example": EVENT},
    BATCH: {"schema": SEVERAL, "example": [EVENT]},
    "application/json": {"schema": SHAPE, "example": EVENT},
}
TAKEN: dict[int | str, dict[str, Any]] = {202: {"model": NewsTakenOut | BatchOut}}


def partners_router(intake: Intake, desk: Desk, door: Door) -> Routes:
    api = Routes(prefix="/api/v1", tags=["事件"])
    proven = telling(desk, door)

    @api.post(
        "/partners/events",
        status_code=202,
        summary="合作方报送事件",
        response_model=None,
        responses=TAKEN,
        openapi_extra={"requestBody": {"required": True, "content": CONTENT}},
    )
    async def tell(request: Request, asking: Asking = proven) -> dict[str, Any]:
        """One event, structured or binary (attributes in `ce-` headers, the data as the body): taken or refused.

        A batch is taken item by item, each with its own status and, where it is refused, its own problem;
        the same again changes nothing.
        """
        said = await _said(request)
        take = await taker(intake, desk, asking)
        if media(request.headers.get("content-type")) != BATCH:
            return await take(as_told(said))
        if not isinstance(said, list) or not 1 <= len(said) <= MOST:
            raise Malformed(f"一批应为 1 到 {MOST} 个事件的列表。", field="body")
        english = wants_english(request.headers.get("accept-language"))
        return {"items": [await item(take, one, english) for one in said]}

    return api


def _is_json(text: str) -> bool:
    """A body may say nothing of itself; what says that it is text or a form is no event."""
    return text in UNSAID or text == "application/json" or text.endswith("+json")


async def _said(request: Request) -> Any:
    if not _is_json(media(request.headers.get("content-type"))):
        raise Malformed(
            f"请求体应为 JSON：{ONE}、{BATCH} 或 application/json。", field="Content-Type"
        )
    attributes = {
        name.removeprefix(PREFIX): unquote(value)
        for name, value in request.headers.items()
        if name.startswith(PREFIX)
    }
    return read(await request.body(), attributes)
