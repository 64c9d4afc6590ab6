"""Problem documents (RFC 9457): what a refusal, or a fault, looks like at the edge."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from .faults import asks_english, path, said
from .kernel.errors import Malformed, OutOfOrder, Refusal, RuleBroken, TooMany, Unavailable
from .problem_types import AT, TYPES
from .telemetry import trace_id
from .titles import titled

MOST_FAULTS = 100
"""Of one request that are named (ours): a megabyte can hold half a million, which nobody mends one by one."""
METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")


class FieldFault(BaseModel):
    """One field that is wrong, its title for people, and what is wrong with it; never its value."""

    field: str
    title: str
    detail: str


class ProblemDocument(BaseModel):
    """Why not: `type` is stable, `rule` and `clause` say which rule of the district forbids it."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None
    errors: list[FieldFault] | None = None
    rule: str | None = None
    clause: str | None = None
    source: str | None = None
    trace: str | None = None


def document_of(refusal: Refusal, *, english: bool = False) -> dict[str, Any]:
    """In English the title and what the platform says itself; a rule and a service speak Chinese."""
    known = TYPES[refusal.kind]
    body: dict[str, Any] = {
        "type": f"{AT}/{refusal.kind}",
        "title": known.english if english else refusal.title,
        "status": known.status,
        "detail": (refusal.english if english else None) or refusal.detail,
        "trace": trace_id(),
    }
    if refusal.field:
        body["field"] = refusal.field
    if isinstance(refusal, RuleBroken):
        body |= {"rule": refusal.rule.id, "clause": refusal.clause, "source": refusal.source}
    return body


def problem(refusal: Refusal, *, english: bool = False) -> JSONResponse:
    body, headers = document_of(refusal, english=english), {}
    status = body["status"]
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(refusal, TooMany | Unavailable):
        headers["Retry-After"] = str(refusal.wait)
    return _problem_response(body, headers)


def _problem_response(body: dict[str, Any], headers: dict[str, str]) -> JSONResponse:
    return JSONResponse(body, body["status"], headers, media_type="application/problem+json")


def malformed(
    error: RequestValidationError | ValidationError, titles: Mapping[str, str], *, english: bool
) -> dict[str, Any]:
    """Names each field that is wrong, up to so many, never the value."""
    faults = [
        {
            "field": path(place),
            "title": path(place) if english else titled(place, titles),
            "detail": said(fault, english=english),
        }
        for fault in _once(error.errors()[:MOST_FAULTS])
        for place in [_place(fault)]
    ]
    first = faults[0]
    return {
        "type": f"{AT}/{Malformed.kind}",
        "title": TYPES[Malformed.kind].english if english else Malformed.title,
        "status": 422,
        "detail": f"{first['title']}: {first['detail']}"
        if english
        else f"{first['title']}：{first['detail']}。",
        "field": faults[0]["field"],
        "errors": faults,
        "trace": trace_id(),
    }


def _once(faults: Sequence[Any]) -> list[Any]:
    """Without lists that are too short for what is wrong with what is in them: only what is in order is counted."""
    within = {fault["loc"][:deep] for fault in faults for deep in range(1, len(fault["loc"]))}
    return [one for one in faults if one["type"] != "too_short" or one["loc"] not in within]


def _place(fault: Mapping[str, Any]) -> tuple[int | str, ...]:
    """Where the field stands; of what is no JSON it is the whole, and not the character where that was seen."""
    loc: tuple[int | str, ...] = fault["loc"]
    return loc[:1] if fault["type"] == "json_invalid" else loc


TWICE = ("malformed", "同一个请求头出现多次", "A header that counts once is there more than once")
PLAIN = {
    400: (
        "malformed",
        "请求体无法读取：应为 UTF-8 编码的 JSON，嵌套不过深",
        "The body can't be read: it should be JSON in UTF-8, not nested too deeply",
    ),
    404: ("no-such-address", "没有这个地址", "No such address"),
    405: ("method-not-allowed", "此地址不支持该方法", "This address doesn't know this method"),
    408: ("malformed", "请求体未在限定时间内送达", "The body didn't come in time"),
    413: ("malformed", "请求体过大", "The body is too large"),
    431: ("malformed", "请求头过大", "The headers are too large"),
    503: (
        "unavailable",
        "同时上传的内容过多，请稍后再试",
        "Too much is being uploaded at once; try again later",
    ),
}
"""Kind and title, in Chinese and in English, of what is answered before anything is asked of a service."""
ELSE = ("malformed", "请求无法处理", "The request can't be dealt with")
UNITS = ((1024 * 1024, "MiB"), (1024, "KiB"))


class TooLarge(HTTPException):
    """What is more of a request than may come, and how much may."""

    def __init__(self, status: int, most: int) -> None:
        super().__init__(status)
        self.most = most

    def bound(self, *, english: bool) -> str:
        size = next(f"{self.most // size} {unit}" for size, unit in UNITS if self.most >= size)
        if english:
            return f": at most {size} ({self.most} bytes)"
        return f"：至多 {size}（{self.most} 字节）"


class Full(HTTPException):
    """As much is coming in already as the process has room for."""

    WAIT = 5

    def __init__(self) -> None:
        super().__init__(503, headers={"Retry-After": str(self.WAIT)})


def said_twice(*, english: bool) -> JSONResponse:
    """A header that counts once."""
    return _plainly(400, TWICE, english)


def plain_problem(
    error: HTTPException, headers: Mapping[str, str] | None = None, *, english: bool = False
) -> JSONResponse:
    bound = error.bound(english=english) if isinstance(error, TooLarge) else ""
    said = PLAIN.get(error.status_code, ELSE)
    return _plainly(error.status_code, said, english, headers or error.headers, bound)


def _plainly(
    status: int,
    said: tuple[str, str, str],
    english: bool,
    headers: Mapping[str, str] | None = None,
    bound: str = "",
) -> JSONResponse:
    kind, title = said[0], said[1 + english]
    body = {
        "type": f"{AT}/{kind}",
        "title": title,
        "status": status,
        "detail": title + bound,
        "trace": trace_id(),
    }
    return _problem_response(body, dict(headers or {}))


FAULT = ("内部错误", "系统内部错误，请凭 trace 联系管理员。")
FAULT_IN_ENGLISH = ("Internal error", "Something broke here: tell the administrator the trace.")


def fault(*, english: bool = False) -> JSONResponse:
    title, detail = FAULT_IN_ENGLISH if english else FAULT
    body = {
        "type": "about:blank",
        "title": title,
        "status": 500,
        "detail": detail,
        "trace": trace_id(),
    }
    return _problem_response(body, {})


def answer_refusals(
    app: FastAPI,
    titles: Mapping[str, str],
    note: Callable[[str, str], None] = lambda *_: None,
    started: Callable[[], bool] = lambda: True,
    steps: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """One answer for each way of saying no; `titles` are what people call the fields, and `steps` what they call the
    steps; `note` is told which rule stood in the way of which operation.

    What is missing until it has `started` is on its way, and nobody need look for it.
    """

    @app.exception_handler(Refusal)
    async def refused(request: Request, refusal: Refusal) -> Response:
        if isinstance(refusal, RuleBroken):
            note(refusal.rule.id, request.scope["route"].unique_id)
        if isinstance(refusal, OutOfOrder):
            refusal = refusal.called(steps)
        if isinstance(refusal, Unavailable) and not started():
            refusal = Unavailable("平台正在启动，请稍后再试；/readyz 答复 200 即已就绪。")
        return problem(refusal, english=asks_english(request.scope))

    @app.exception_handler(RequestValidationError)
    async def unfit(request: Request, error: RequestValidationError) -> Response:
        return _problem_response(malformed(error, titles, english=asks_english(request.scope)), {})

    @app.exception_handler(Exception)
    async def failed(request: Request, _: Exception) -> Response:
        # Answered here, raised again by the framework, and logged once at the edge.
        return fault(english=asks_english(request.scope))

    @app.exception_handler(HTTPException)
    async def plain(request: Request, error: HTTPException) -> Response:
        allowed = _allowed(app, request) if error.status_code == 405 else None
        return plain_problem(error, allowed, english=asks_english(request.scope))


def _allowed(app: FastAPI, request: Request) -> dict[str, str]:
    """What the address does support, over all of its routes; HEAD goes where GET does (`edge`)."""
    methods = [
        method
        for method in METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in app.routes
        )
    ]
    if "GET" in methods:
        methods.append("HEAD")
    return {"Allow": ", ".join(sorted(methods))}


def _query_names(dependant: Dependant) -> frozenset[str]:
    """Of a route and of everything it depends on."""
    own = frozenset(field.alias for field in dependant.query_params)
    return own.union(*(_query_names(below) for below in dependant.dependencies))


async def only_what_is_known(request: Request) -> None:
    """A query parameter that nobody knows is an error, as an unknown field of a body is.

    A list that was to be filtered by `stauts` would otherwise be everything.
    """
    if not request.query_params:
        return  # nearly every command
    known = _query_names(request.scope["route"].dependant)
    strange = next((name for name in request.query_params if name not in known), None)
    if strange is not None:
        names = sorted(known)
        raise Malformed(
            f"没有这个查询参数；可用的有：{'、'.join(names) or '无'}。",
            field=f"query.{strange[:40]}",
            english=f"No such query parameter; there are: {', '.join(names) or 'none'}.",
        )
