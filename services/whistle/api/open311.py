"""Open311 GeoReport v2: a thin public face on problems. JSON and XML, requests sent as a form, no token.

`address_id` is the community's code; `address_string` its place; the description is sealed like any full text.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from chassis.cause import Cause
from chassis.http import STATUS
from chassis.kernel.clock import SHANGHAI
from chassis.kernel.errors import Malformed, NotFound, Refusal
from chassis.subscriptions import first_fault
from chassis.telemetry import traceparent
from contracts.event import Code
from services.whistle.commands import CollectProblem
from services.whistle.desk import WhistleDesk
from services.whistle.domain.course import RESIDENT
from services.whistle.domain.problem import Channel
from services.whistle.queries.open311 import Open311, Row

from .texts import Long, Short

BASE = "/open311/v2"
LONGEST = timedelta(days=90)


class Form(StrEnum):
    JSON = "json"
    XML = "xml"


class RequestIn(BaseModel):
    """What we understand of a request; other fields of the specification are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    service_code: Code
    address_id: Code
    description: Annotated[Long, StringConstraints(min_length=1)]
    address_string: Short | None = None
    first_name: Short = ""
    last_name: Short = ""
    phone: Short = ""
    email: Short = ""

    def reporter(self) -> dict[str, str] | None:
        name, contact = f"{self.last_name}{self.first_name}", self.phone or self.email
        return {"name": name, "contact": contact} if name or contact else None


def router(desk: WhistleDesk, clock: Callable[[], datetime]) -> APIRouter:
    api = APIRouter(tags=["open311"])
    shown = Open311(desk)

    @api.get(BASE + "/services.{form}")
    async def services(form: Form) -> Response:
        return _answer(form, "services", "service", await shown.services())

    @api.post(BASE + "/requests.{form}")
    async def ask(form: Form, request: Request) -> Response:
        try:
            command = _command(await request.body())
            cause = Cause(actor=RESIDENT, now=clock(), traceparent=traceparent())
            id = await desk.collect_publicly(command, cause)
        except Refusal as refusal:
            return _refused(form, refusal)
        notice = f"回执码 {desk.reporters.receipt(id)}，凭此查询、评价，请妥善保存。"
        row: Row = {"service_request_id": id, "service_notice": notice, "account_id": None}
        return _answer(form, "service_requests", "request", [row], status=201)

    @api.get(BASE + "/requests.{form}")
    async def requests(
        form: Form,
        service_code: Code | None = None,
        start_date: Annotated[datetime | None, Query()] = None,
        end_date: Annotated[datetime | None, Query()] = None,
    ) -> Response:
        until = (end_date or clock()).astimezone(SHANGHAI)
        since = (start_date or until - LONGEST).astimezone(SHANGHAI)
        if until - since > LONGEST:
            return _refused(form, Malformed("一次最多查询 90 天。", field="start_date"))
        rows = await shown.requests(since, until, service_code)
        return _answer(form, "service_requests", "request", rows)

    @api.get(BASE + "/requests/{name}")
    async def one(name: str) -> Response:
        id, _, ending = name.rpartition(".")
        if ending not in tuple(Form):
            raise NotFound("没有这个地址。")
        try:
            row = await shown.request(id)
        except Refusal as refusal:
            return _refused(Form(ending), refusal)
        return _answer(Form(ending), "service_requests", "request", [row])

    return api


def _command(body: bytes) -> CollectProblem:
    try:
        said = RequestIn(**dict(parse_qsl(body.decode())))
    except ValidationError as error:
        raise Malformed(first_fault(error)) from None
    except UnicodeDecodeError:
        raise Malformed("请求不是 UTF-8 表单。") from None
    return CollectProblem(
        channel=Channel.DIGITAL,
        community=said.address_id,
        category=said.service_code,
        title="",
        asked=said.description,
        place=said.address_string,
        reporter=said.reporter(),
    )


def _answer(form: Form, whole: str, each: str, rows: Sequence[Row], status: int = 200) -> Response:
    if form is Form.JSON:
        told = [{name: text for name, text in row.items() if text is not None} for row in rows]
        return JSONResponse(told, status)
    return Response(_xml(whole, each, rows), status, media_type="application/xml; charset=utf-8")


def _refused(form: Form, refusal: Refusal) -> Response:
    """As the specification wants errors: 400 for what is wrong with the request."""
    status = 404 if isinstance(refusal, NotFound) else min(STATUS[refusal.kind], 503)
    status = status if status in (404, 503) else 400
    row: dict[str, Any] = {"code": str(status), "description": refusal.detail}
    return _answer(form, "errors", "error", [row], status)


def _xml(whole: str, each: str, rows: Sequence[Mapping[str, str | None]]) -> bytes:
    root = ElementTree.Element(whole)
    for row in rows:
        element = ElementTree.SubElement(root, each)
        for name, text in row.items():
            ElementTree.SubElement(element, name).text = text
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written
