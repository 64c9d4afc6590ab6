"""HTTP at the edge of a service: the caller, versions, idempotency, paging; refusals are in `problems`."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query, Request, Response, Security
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict
from starlette.requests import HTTPConnection

from .actions import Action
from .asking import Asking
from .brake import Brake
from .cause import Cause
from .identity import Subject
from .kernel.errors import (
    Malformed,
    PreconditionRequired,
)
from .kind import Changed, Held, derived_id
from .store import Page
from .telemetry import traceparent
from .tokens import Verifier
from .words import Long

A = TypeVar("A")
T = TypeVar("T", bound="Shown[Any]")
F = TypeVar("F", bound=Callable[..., Any])
ASKS = "asks"
NO_CURSOR = "That is no cursor of ours."
ACT_AS = "x-act-as"

# Who asks, and why


class Bearer(HTTPBearer):
    """Says in the API's description that a token is needed; the verifier looks at it itself."""

    async def __call__(self, request: HTTPConnection) -> None:
        return None


Token = Annotated[None, Security(Bearer(scheme_name="bearer", bearerFormat="JWT"))]

KEY = re.compile(r"[\x21-\x7e]{8,128}")
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "schema": {"type": "string"},
    "description": "读取时的 ETag：只改您看到的那一版",
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 8, "maxLength": 128, "pattern": "^[\\x21-\\x7e]+$"},
    "description": "同一键的请求只生效一次，重发得到同样的答复",
}
"""Read by hand and described here: as parameters of the framework's they would be made ready anew for each route."""


LOCATION = {"Location": {"schema": {"type": "string"}, "description": "新建的在哪里查看"}}
"""Of an answer, as it is described."""


def asking(*headers: dict[str, Any]) -> Callable[[F], F]:
    """Marks a dependency with the headers that it reads, for the API's description."""

    def marked(dependency: F) -> F:
        setattr(dependency, ASKS, headers)
        return dependency

    return marked


class Door:
    """Makes the dependencies that give a route its caller; one per service."""

    def __init__(
        self, service: str, verifier: Verifier, clock: Callable[[], datetime], brake: Brake
    ) -> None:
        self._service = service
        self._brake = brake
        self._verifier = verifier
        self.now = clock

    async def _subject(self, request: Request, scope: str) -> Subject:
        subject = await self._verifier.subject(
            request.headers.get("authorization"), request.headers.get(ACT_AS)
        )
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
        heeded = () if versioned is False else ({**IF_MATCH, "required": bool(versioned)},)

        @asking(*heeded, *((IDEMPOTENCY_KEY,) if keyed else ()))
        async def writer(request: Request, _: Token) -> Asking:
            if_match = request.headers.get("if-match")
            subject = await self._subject(request, wanted)
            key = _key(request) if keyed else None
            self._brake.check()
            if versioned and if_match is None:
                raise PreconditionRequired(
                    "修改需要 If-Match 头，值为读取时的 ETag。",
                    field="If-Match",
                    english="A change needs If-Match, with the ETag of what was read.",
                )
            expected = None if versioned is False else _version(if_match)
            return Asking(subject, await self._cause(request, subject, expected, key, claims))

        return Depends(writer)

    async def _cause(
        self,
        request: Request,
        subject: Subject,
        expected: int | None,
        key: str | None,
        claims: bool,
    ) -> Cause:
        cause = Cause(
            actor=subject.acts_as,
            now=self.now(),
            expected=expected,
            traceparent=traceparent(),
            claims=claims,
        )
        if key is None:
            return cause
        # One person's key as another office is another request.
        acting = request.headers.get(ACT_AS)
        digest = await _digest(request, f" {acting}" if acting else "")
        # No key has a space in it: nobody's key is ever taken for another's.
        return replace(cause, key=f"{subject.sub} {key}", fingerprint=digest)


@asking(IDEMPOTENCY_KEY)
def repeatable() -> None:
    """Of a route without a token: that it takes a key, for `unsigned`."""


Repeatable = Annotated[None, Depends(repeatable)]


async def unsigned(request: Request, actor: str, now: datetime) -> Cause:
    """Why something begins that is asked for without a token. Sent again under its key, it is about the same record;
    another request under that key is about another, so that who guesses one is told of nothing that isn't his.
    """
    cause = Cause(actor=actor, now=now, traceparent=traceparent())
    key = _key(request)
    if key is None:
        return cause
    digest = await _digest(request)
    fresh = derived_id("unsigned", key, digest)
    return replace(cause, key=f" {key}", fingerprint=digest, fresh=fresh)


async def _digest(request: Request, more: str = "") -> str:
    line = f"{request.method} {request.url.path}?{request.url.query}{more}\n"
    return hashlib.sha256(line.encode() + await request.body()).hexdigest()


def _key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not KEY.fullmatch(key):
        raise Malformed(
            "幂等键应为 8 到 128 个可见的 ASCII 字符。",
            field="Idempotency-Key",
            english="The key should be of 8 to 128 visible ASCII characters.",
        )
    return key


def _version(if_match: str | None) -> int | None:
    if if_match is None:
        return None
    text = if_match.strip().removeprefix("W/").strip('"')
    if not text.isdecimal() or len(text) > 9:
        raise Malformed(
            "If-Match 应为读取时的 ETag。",
            field="If-Match",
            english="If-Match should be the ETag of what was read.",
        )
    return int(text)


# Questions and answers


class Asked(BaseModel):
    """What a request says; a field nobody knows is an error, not a silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ReasonIn(Asked):
    """Where nothing is asked for but why."""

    reason: Long


Names = dict[str, str | list[str | None] | None]
"""What codes are called, `street_name` and `units_names`; null where a register hasn't the code."""


class Shown(BaseModel, Generic[A]):
    """One aggregate as it is at `version`, which is also its ETag."""

    id: str
    number: str | None = None
    version: int
    correlation: str
    state: A
    due: datetime | None = None
    """The next deadline that runs, where there are any: the reader's own, where it waits for him."""
    wall: bool | None = None
    """Of that deadline: by the clock on the wall, and not in working time."""
    provisional: bool | None = None
    """Of that deadline: counted on days off that haven't been announced yet."""
    names: Names | None = None
    actions: list[Action] | None = None


class Listed(BaseModel, Generic[A]):
    """One page; `next` is the cursor of the page after it, `count` how many there are in all, `counts` how
    many of each code, if asked.
    """

    items: list[Shown[A]]
    next: str | None = None
    count: int | None = None
    counts: dict[str, int] | None = None


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
            raise Malformed(
                "游标属于另一种排序。", field="cursor", english="The cursor is of another order."
            )
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
        raise Malformed("游标无效。", field="cursor", english=NO_CURSOR) from None
    parts = [value, id, *order]
    if not isinstance(id, str) or len(order) > 1 or not all(_is_ours(one) for one in parts):
        raise Malformed("游标无效。", field="cursor", english=NO_CURSOR)
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
