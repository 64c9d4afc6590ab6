"""HTTP at the edge of a service: who asks, problem documents, versions, idempotency, paging."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, FastAPI, Header, Query, Request, Response, Security
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.routing import Match

from .asking import Asking
from .brake import Brake
from .cause import Cause
from .faults import path, said, titled, wants_english
from .identity import Subject, Unauthenticated, Verifier
from .kernel.errors import (
    Malformed,
    PreconditionRequired,
    Refusal,
    RuleBroken,
    TooMany,
)
from .kind import Changed, Held
from .store import Page
from .telemetry import trace_id, traceparent

A = TypeVar("A")
T = TypeVar("T", bound="Shown[Any]")
METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")
STATUS = {
    "rule-broken": 409,
    "unknown-reference": 422,
    "malformed": 422,
    "not-allowed": 403,
    "not-found": 404,
    "precondition-required": 428,
    "stale": 412,
    "key-reused": 422,
    "too-many": 429,
    "unavailable": 503,
}


# Problem documents (RFC 9457)


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


def problem(refusal: Refusal) -> JSONResponse:
    status = 401 if isinstance(refusal, Unauthenticated) else STATUS[refusal.kind]
    body: dict[str, Any] = {
        "type": f"/problems/{refusal.kind}",
        "title": refusal.title,
        "status": status,
        "detail": refusal.detail,
        "trace": trace_id(),
    }
    if refusal.field:
        body["field"] = refusal.field
    if isinstance(refusal, RuleBroken):
        rule = refusal.rule
        body |= {"rule": rule.id, "clause": refusal.clause, "source": rule.source}
    headers = {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(refusal, TooMany):
        headers["Retry-After"] = str(refusal.wait)
    if status == 503:
        headers["Retry-After"] = "2"
    return _problem_response(body, headers)


def _problem_response(body: dict[str, Any], headers: dict[str, str]) -> JSONResponse:
    return JSONResponse(body, body["status"], headers, media_type="application/problem+json")


def _malformed(
    error: RequestValidationError, titles: Mapping[str, str], *, english: bool
) -> JSONResponse:
    """Names each field that is wrong, never the value."""
    faults = [
        {
            "field": path(fault["loc"]),
            "title": path(fault["loc"]) if english else titled(fault["loc"], titles),
            "detail": said(fault, english=english),
        }
        for fault in error.errors()
    ]
    first = faults[0]
    body = {
        "type": "/problems/malformed",
        "title": "Request not acceptable" if english else Malformed.title,
        "status": 422,
        "detail": f"{first['title']}: {first['detail']}"
        if english
        else f"{first['title']}：{first['detail']}。",
        "field": faults[0]["field"],
        "errors": faults,
        "trace": trace_id(),
    }
    return _problem_response(body, {})


def plain_problem(status: int, headers: Mapping[str, str] | None = None) -> JSONResponse:
    kinds = {
        400: ("malformed", "同一个请求头出现多次"),
        404: ("not-found", "没有这个地址"),
        405: ("not-allowed", "此地址不支持该方法"),
        413: ("malformed", "请求体过大"),
    }
    kind, title = kinds.get(status, ("malformed", "请求无法处理"))
    body = {"type": f"/problems/{kind}", "title": title, "status": status, "detail": title}
    return _problem_response(body, dict(headers or {}))


def fault() -> JSONResponse:
    body = {
        "type": "about:blank",
        "title": "内部错误",
        "status": 500,
        "detail": "系统内部错误，请凭 trace 联系管理员。",
        "trace": trace_id(),
    }
    return _problem_response(body, {})


def answer_refusals(app: FastAPI, titles: Mapping[str, str]) -> None:
    """One answer for each way of saying no; `titles` are what people call the fields."""

    @app.exception_handler(Refusal)
    async def refused(_: Request, refusal: Refusal) -> Response:
        return problem(refusal)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> Response:
        english = wants_english(request.headers.get("accept-language"))
        return _malformed(error, titles, english=english)

    @app.exception_handler(Exception)
    async def failed(_: Request, __: Exception) -> Response:
        # Answered here, raised again by the framework, and logged once at the edge.
        return fault()

    @app.exception_handler(HTTPException)
    async def plain(request: Request, error: HTTPException) -> Response:
        allowed = _allowed(app, request) if error.status_code == 405 else None
        return plain_problem(error.status_code, allowed)


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
        said = f"没有这个查询参数；可用的有：{'、'.join(sorted(known)) or '无'}。"
        raise Malformed(said, field=f"query.{strange[:40]}")


# Who asks, and why


class Bearer(HTTPBearer):
    """Says in the API's description that a token is needed; the verifier looks at it itself."""

    async def __call__(self, request: HTTPConnection) -> None:
        return None


Token = Annotated[None, Security(Bearer(scheme_name="bearer", bearerFormat="JWT"))]


class Door:
    """Makes the dependencies by which a route learns who asks; one per service."""

    def __init__(
        self, service: str, verifier: Verifier, clock: Callable[[], datetime], brake: Brake
    ) -> None:
        self._service = service
        self._brake = brake
        self._verifier = verifier
        self.now = clock

    async def _subject(self, request: Request, scope: str) -> Subject:
        subject = await self._verifier.subject(request.headers.get("authorization"))
        subject.needs(scope)
        return subject

    def reading(self) -> Any:
        """The `Subject` of a GET: needs `<service>:read`."""

        async def reader(request: Request, _: Token) -> Subject:
            return await self._subject(request, f"{self._service}:read")

        return Depends(reader)

    def writing(
        self,
        *,
        versioned: bool | None,
        scope: str | None = None,
        keyed: bool = True,
        claims: bool = False,
    ) -> Any:
        """The `Asking` of a change: needs `<service>:write`, or the scope that is named.

        `versioned`: True where If-Match is required, None where it is optional, False on a create.
        `keyed`: whether an Idempotency-Key is taken; `claims` where what the request is about comes
        out of its body, so that the key has to be claimed. One key on two paths is two effects.
        """
        wanted = scope or f"{self._service}:write"

        async def writer(
            request: Request,
            _: Token,
            if_match: Annotated[str | None, Header()] = None,
            idempotency_key: Annotated[
                str | None, Header(min_length=8, max_length=128, pattern=r"^[\x21-\x7e]+$")
            ] = None,
        ) -> Asking:
            subject = await self._subject(request, wanted)
            self._brake.check()
            if versioned and if_match is None:
                raise PreconditionRequired(
                    "修改需要 If-Match 头，值为读取时的 ETag。", field="If-Match"
                )
            expected = None if versioned is False else _version(if_match)
            cause = await self._cause(request, subject, expected, idempotency_key)
            return Asking(subject, replace(cause, claims=claims))

        async def unkeyed(
            request: Request, token: Token, if_match: Annotated[str | None, Header()] = None
        ) -> Asking:
            return await writer(request, token, if_match)

        return Depends(writer if keyed else unkeyed)

    async def _cause(
        self, request: Request, subject: Subject, expected: int | None, key: str | None
    ) -> Cause:
        cause = Cause(
            actor=subject.acts_as,
            now=self.now(),
            expected=expected,
            traceparent=traceparent(),
        )
        if key is None:
            return cause
        target = f"{request.url.path}?{request.url.query}"
        asked = f"{request.method} {target}\n".encode() + await request.body()
        digest = hashlib.sha256(asked).hexdigest()
        # No key has a space in it: nobody's key is ever taken for another's.
        return replace(cause, key=f"{subject.sub} {key}", fingerprint=digest)


def _version(if_match: str | None) -> int | None:
    if if_match is None:
        return None
    text = if_match.strip().removeprefix("W/").strip('"')
    if not text.isdecimal() or len(text) > 9:
        raise Malformed("If-Match 应为读取时的 ETag。", field="If-Match")
    return int(text)


# Questions and answers


class Asked(BaseModel):
    """What a request says; a field nobody knows is an error, not a silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Shown(BaseModel, Generic[A]):
    """One aggregate as it is at `version`, which is also its ETag."""

    id: str
    number: str | None = None
    version: int
    correlation: str
    state: A
    names: dict[str, Any] | None = None


class Listed(BaseModel, Generic[A]):
    """One page; `next` is the cursor of the page after it, `count` how many there are in all, if asked."""

    items: list[Shown[A]]
    next: str | None = None
    count: int | None = None


def shown(held: Held[A] | Changed[A, Any], response: Response) -> Shown[A]:
    return tagged(as_shown(held, held.aggregate), response)


def tagged(shown: T, response: Response) -> T:
    response.headers["ETag"] = f'"{shown.version}"'
    return shown


def as_shown(held: Held[Any], state: A) -> Shown[A]:
    """`state`: the aggregate, or what is shown of it."""
    return Shown(
        id=held.id,
        number=held.number,
        version=held.version,
        correlation=held.correlation,
        state=state,
    )


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a list goes on, in which order, and how long a page is."""

    after: Page | None
    limit: int
    order: str = ""

    def within(self, order: str) -> "Paging":
        """In this order; Malformed for a cursor that was made in another."""
        if self.after is not None and self.order != order:
            raise Malformed("游标属于另一种排序。", field="cursor")
        return self


def paging(
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Paging:
    if cursor is None:
        return Paging(None, limit)
    try:
        value, id, *order = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, TypeError):
        raise Malformed("游标无效。", field="cursor") from None
    parts = [value, id, *order]
    if not isinstance(id, str) or len(order) > 1 or not all(_is_ours(one) for one in parts):
        raise Malformed("游标无效。", field="cursor")
    return Paging(Page(value, id), limit, str(order[0]) if order else "")


def _is_ours(part: Any) -> bool:
    """Something that a cursor of ours could hold."""
    if isinstance(part, str):
        return part.isprintable()
    return isinstance(part, int) and abs(part) < 2**63


Paged = Annotated[Paging, Depends(paging)]


def cursor_after(value: Any, id: str, *order: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([value, id, *order]).encode()).decode()


def more_after(found: Sequence[Held[Any]], page: Paging) -> str | None:
    """The cursor of the page after these, in the order of ids; None where this one isn't full."""
    return cursor_after(found[-1].id, found[-1].id) if len(found) == page.limit else None


def listed(found: list[Held[A]], page: Paging) -> Listed[A]:
    """A page of a list in the order of ids."""
    return Listed(
        items=[as_shown(held, held.aggregate) for held in found], next=more_after(found, page)
    )
