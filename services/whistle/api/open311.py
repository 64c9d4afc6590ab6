"""Open311 GeoReport v2: a thin public face on problems. JSON and XML, requests sent as a form, no token.

`address_id` is the community's code, where a client knows it; else `lat` and `long` say where it is, else a
community's name in `address_string`; what says neither waits for its place. The description is sealed.
Errors are the specification's own, in the form that was asked for.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree

from fastapi import Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from chassis.address_limits import SubmissionLimit, address_of
from chassis.faults import each_wrong
from chassis.http import Repeatable, unsigned
from chassis.kernel.clock import SHANGHAI
from chassis.kernel.errors import Malformed, NotFound, Refusal, TooMany, Unavailable
from chassis.routes import Routes
from chassis.words import Passage, Short
from contracts.event import Code, of_our_time
from services.whistle.desk import WhistleDesk
from services.whistle.desk.placing import Report
from services.whistle.domain.course import RESIDENT
from services.whistle.domain.placing import Spotted, spotted
from services.whistle.queries.open311 import MOST, Open311, Row, Search, Shown

from .open311_shapes import DISCOVERY, ERRORS, REQUESTS, SERVICES, TAKEN

BASE = "/open311/v2"
LONGEST = timedelta(days=90)
XML, JSON = "text/xml", "application/json"
EACH = {
    "services": "service",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
"""What the entries of a list are called in XML."""

PROBLEM = "application/problem+json"
Described = dict[int | str, dict[str, Any]]


def _told(shape: Mapping[str, Any], *statuses: int, why: str, ours: bool = False) -> Described:
    """The two forms; `ours`: or a problem document, where the platform refuses before it comes here."""
    content = {form: {"schema": dict(shape)} for form in (JSON, XML)}
    if ours:
        content[PROBLEM] = {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}
    return {status: {"description": why, "content": content} for status in statuses}


def _shown(shape: Mapping[str, Any]) -> Described:
    return _told(shape, 200, why="内容")


UNFIT = _told(ERRORS, 400, why="请求内容有误")
"""As Open311 has it; everywhere else that is a 422."""
MISSING = _told(ERRORS, 404, why="未找到", ours=True)
BUSY = _told(ERRORS, 503, why="暂时不可用", ours=True)
OFTEN = _told(ERRORS, 429, why="请求过于频繁", ours=True)

Words = Annotated[list[str] | None, Query()]
"""May be given several times, or with commas."""


def everywhere(
    jurisdiction_id: str | None = None, api_key: str | None = None, extensions: str | None = None
) -> None:
    """What clients of the standard send wherever they ask: here is one city, no key is needed, nothing is extended."""


class Form(StrEnum):
    JSON = "json"
    XML = "xml"


class RequestIn(BaseModel):
    """What we understand of a request; other fields of the specification are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    service_code: Code
    address_id: Code | None = None
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    long: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    description: Annotated[Passage, StringConstraints(min_length=1)]
    address_string: Short | None = None
    first_name: Short = ""
    last_name: Short = ""
    phone: Short = ""
    email: Short = ""

    def spotted(self) -> Spotted | None:
        if self.lat is None or self.long is None:
            return None
        return spotted(self.lat, self.long)

    def reporter(self) -> dict[str, str] | None:
        name, contact = f"{self.last_name}{self.first_name}", self.phone or self.email
        return {"name": name, "contact": contact} if name or contact else None


SENT = {"application/x-www-form-urlencoded": {"schema": RequestIn.model_json_schema()}}


class Unfit(Malformed):
    """All that is wrong with a request: who asks is told of it in one go."""

    def __init__(self, each: Sequence[str]) -> None:
        super().__init__("；".join(each))
        self.each = each


def router(desk: WhistleDesk, clock: Callable[[], datetime]) -> Routes:
    api = Routes(tags=["Open311"], dependencies=[Depends(everywhere)])
    posts = SubmissionLimit(clock)
    _reading(api, Open311(desk), clock)

    @api.post(
        BASE + "/requests.{form}",
        summary="Open311：提交反映",
        status_code=201,
        responses=_told(TAKEN, 201, why="已收到") | UNFIT | MISSING | OFTEN | BUSY,
        openapi_extra={"requestBody": {"required": True, "content": SENT}},
    )
    async def ask(form: Form, request: Request, again: Repeatable) -> Response:
        try:
            _, policy = await desk.policy()
            limits = policy.open311
            cause = await unsigned(request, RESIDENT, clock())
            if not await desk.taken(cause.fresh):
                posts.count(
                    address_of(request),
                    each_minute=limits.posts_each_minute,
                    each_day=limits.posts_each_day,
                )
            report = _report(await request.body())
            id = await desk.collect_publicly(report, cause)
            code = await desk.reporters.receipt(id)
        except Refusal as refusal:
            return _refused(form, refusal)
        notice = f"回执码 {code}，凭此查询、评价，请妥善保存。"
        row: Row = {"service_request_id": id, "service_notice": notice, "account_id": None}
        return _answer(form, "service_requests", [row], status=201)

    return api


def _reading(api: Routes, shown: Open311, clock: Callable[[], datetime]) -> None:
    @api.get(
        BASE + "/discovery.{form}", summary="Open311：接口发现", responses=_shown(DISCOVERY) | BUSY
    )
    async def discovery(form: Form) -> Response:
        return await _answered(form, "discovery", shown.discovery([XML, JSON]))

    @api.get(
        BASE + "/services.{form}", summary="Open311：反映类别", responses=_shown(SERVICES) | BUSY
    )
    async def services(form: Form) -> Response:
        return await _answered(form, "services", shown.services())

    @api.get(
        BASE + "/requests.{form}",
        summary="Open311：列出反映",
        responses=_shown(REQUESTS) | UNFIT | BUSY,
    )
    async def requests(
        form: Form,
        service_request_id: Words = None,
        service_code: Words = None,
        start_date: str | None = None,
        end_date: str | None = None,
        status: Words = None,
    ) -> Response:
        """Ids override everything else; otherwise a span of at most 90 days, the latest by default."""
        try:
            if ids := _words(service_request_id):
                rows = await shown.named(_few(ids))
            else:
                since, until = _span(start_date, end_date, clock())
                search = Search(
                    since=since,
                    until=until,
                    services=_words(service_code),
                    statuses=_statuses(_words(status)),
                )
                rows = await shown.requests(search)
        except Refusal as refusal:
            return _refused(form, refusal)
        return _answer(form, "service_requests", rows)

    @api.get(
        BASE + "/requests/{name}",
        summary="Open311：查看一件反映",
        responses=_shown(REQUESTS) | MISSING | BUSY,
    )
    async def one(name: str) -> Response:
        id, _, ending = name.rpartition(".")
        if ending not in tuple(Form):
            raise NotFound("没有这个地址。")

        async def rows() -> list[Row]:
            return [await shown.request(id)]

        return await _answered(Form(ending), "service_requests", rows())


# What was asked


def _report(body: bytes) -> Report:
    try:
        said = RequestIn(**dict(parse_qsl(body.decode(), errors="strict")))
    except ValidationError as error:
        raise Unfit([f"{field}：{why}" for field, why in each_wrong(error)]) from None
    except UnicodeDecodeError:
        raise Malformed("请求不是 UTF-8 表单。") from None
    return Report(
        community=said.address_id,
        category=said.service_code,
        asked=said.description,
        place=said.address_string,
        spotted=said.spotted(),
        reporter=said.reporter() or {},
    )


def _words(given: list[str] | None) -> list[str]:
    parts = [word.strip() for words in given or () for word in words.split(",")]
    return [word for word in dict.fromkeys(parts) if word]


def _few(ids: list[str]) -> list[str]:
    if len(ids) > MOST:
        raise Malformed(f"一次最多查询 {MOST} 件。", field="service_request_id")
    return ids


def _statuses(words: list[str]) -> list[Shown]:
    try:
        return [Shown(word) for word in words]
    except ValueError:
        raise Malformed("status 只有 open 和 closed。", field="status") from None


def _span(start: str | None, end: str | None, now: datetime) -> tuple[datetime, datetime]:
    until = _time(end, "end_date") if end else now
    since = _time(start, "start_date") if start else until - LONGEST
    if not since <= until:
        raise Malformed("起止时间颠倒。", field="start_date")
    if until - since > LONGEST:
        raise Malformed("一次最多查询 90 天。", field="start_date")
    return since, until


def _time(text: str, field: str) -> datetime:
    """In the W3C's format; without an offset it is a Shanghai clock's."""
    try:
        # A plus sign that wasn't escaped arrives as a space.
        at = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise Malformed("时间写作 2026-01-01T00:00:00+08:00。", field=field) from None
    try:
        return of_our_time(at if at.tzinfo else at.replace(tzinfo=SHANGHAI))
    except ValueError as unfit:
        raise Malformed(f"{unfit}。", field=field) from None


# What is answered


def _answer(form: Form, whole: str, told: Row | Sequence[Row], status: int = 200) -> Response:
    if form is Form.JSON:
        return JSONResponse(told, status, media_type=f"{JSON}; charset=utf-8")
    root = ElementTree.Element(whole)
    _grow(root, told)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(written, status, media_type=f"{XML}; charset=utf-8")


async def _answered(form: Form, whole: str, told: Awaitable[Row | Sequence[Row]]) -> Response:
    try:
        return _answer(form, whole, await told)
    except Refusal as refusal:
        return _refused(form, refusal)


def _grow(element: ElementTree.Element, told: Any) -> None:
    match told:
        case Mapping():
            for name, value in told.items():
                _grow(ElementTree.SubElement(element, name), value)
        case list():
            for value in told:
                _grow(ElementTree.SubElement(element, EACH[element.tag]), value)
        case bool():
            element.text = str(told).lower()
        case None:
            pass
        case _:
            element.text = str(told)


def _refused(form: Form, refusal: Refusal) -> Response:
    """404 for what isn't there (a service too), 400 for anything else that is wrong with the request."""
    headers: dict[str, str] = {}
    match refusal:
        case NotFound() | Refusal(field="category"):
            status = 404
        case TooMany():
            status, headers = 429, {"Retry-After": str(refusal.wait)}
        case Unavailable():
            status, headers = 503, {"Retry-After": str(refusal.wait)}
        case _:
            status = 400
    each = refusal.each if isinstance(refusal, Unfit) else [refusal.detail]
    rows: list[Row] = [{"code": status, "description": why} for why in each]
    answer = _answer(form, "errors", rows, status)
    answer.headers.update(headers)
    return answer
