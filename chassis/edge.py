"""Around every request: a span, a metric, a limit on its body, and one answer whatever happens inside."""

import asyncio
import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain

import structlog
from fastapi.responses import JSONResponse
from opentelemetry.trace import SpanKind
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .faults import asks_english
from .kernel.errors import Unavailable
from .problems import Full, TooLarge, fault, plain_problem, problem, said_twice
from .telemetry import Telemetry
from .unchanged import unless_unchanged

MAX_BODY = 1024 * 1024
MAX_UPLOAD = 16 * MAX_BODY
"""For the paths that take whole files and read them as a stream."""
ROOM = 4 * MAX_UPLOAD
"""Bytes of the bodies that a process holds at once: in its settings, where another number is needed."""
SMALL = 64 * 1024
"""Bytes of each body that need no room: what people type comes in, however much is uploaded."""
MAX_HEADERS = 32 * 1024
BODY_WITHIN = 60.0
"""Seconds from the start of a body to its end: sending a byte now and then can't hold a connection open."""
LONGEST_LENGTH = 12
"""Digits of a Content-Length: leading zeros are allowed, but Python reads no number of thousands."""
ONCE = frozenset((b"authorization", b"if-match", b"idempotency-key", b"x-act-as"))
"""Headers that a request says at most once."""
ROUTE = b"gongzhi-route"
"""The header by which a service names the route that answered, for the gateway's access log alone."""
UNSEEN = "unseen"
"""The route that is named for one of which nobody is to learn that it was asked for, or by whom."""
ASKED_AGAIN = (b"cache-control", b"no-cache")
"""The header of a public answer, which may be cached if it is revalidated."""
GONE = 499
"""The status counted for a caller who closed the connection within a request; nothing is answered."""

log = structlog.get_logger()


class Room:
    """What there is for bodies in a process, for as long as their requests last."""

    def __init__(self, most: int = ROOM) -> None:
        self._left = most

    @contextmanager
    def holding(self, receive: Receive) -> Iterator[Receive]:
        """By what has come of it, since what was only announced takes no room; once, however many edges it passes."""
        if isinstance(receive, _Limited):
            yield receive
            return
        size = held = 0

        async def counted() -> Message:
            nonlocal size, held
            message = await receive()
            size += len(message.get("body", b""))
            more = max(size - SMALL, 0) - held
            if more > self._left:
                raise Full
            self._left, held = self._left - more, held + more
            return message

        try:
            yield counted
        finally:
            self._left += held


class Edge:
    """Pure ASGI: a span and a metric for each request, a limit on its body, no caching."""

    def __init__(
        self,
        app: ASGIApp,
        service: str,
        telemetry: Telemetry,
        uploads: Collection[str] = (),
        *,
        behind: bool = False,
        room: Room | None = None,
        unseen: tuple[str, ...] = (),
    ) -> None:
        """`uploads`: paths, `{id}` for any part; `behind`: the caller is our gateway, and gets the route that answers;
        `room`: the process's; `unseen`: how the operations begin whose routes are all called UNSEEN.
        """
        self._app = app
        self._service = service
        self._base = f"/api/v1/{service}"
        self._telemetry = telemetry
        self._uploads = _any_of(uploads)
        self._behind = behind
        self._room = room or Room()
        self._unseen = unseen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            # Asked as a GET, and counted as one, so that no route has to know of it.
            scope, send = {**scope, "method": "GET"}, _bodiless(send)
        await self._measured(scope, receive, send)

    async def _measured(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        parent = headers.get(b"traceparent")
        began, status, started = time.perf_counter(), 500, False

        async def watched(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                message["headers"] = [*_not_kept(message["headers"]), *self._told(scope)]
            await send(message)

        with self._telemetry.span(
            f"{scope['method']} {self._service}",
            SpanKind.SERVER,
            parent=parent.decode("latin-1") if parent else None,
            attributes={"http.request.method": scope["method"], "gongzhi.service": self._service},
        ) as span:
            try:
                await self._answered(
                    headers, scope, receive, unless_unchanged(scope, headers, watched)
                )
            except ClientDisconnect:
                # Half a request is none, and nobody is there to be told.
                status = GONE
            except (Exception, asyncio.CancelledError) as cause:
                # What it was and where is in the log, under the trace the caller is given; its text is nowhere.
                log.exception("request_failed", service=self._service)
                if not started:
                    await _instead(cause, scope)(scope, receive, watched)
            route = (self._route(scope) or "unmatched").removeprefix(self._base)
            span.set_attribute("http.route", route)
            span.set_attribute("http.response.status_code", status)
            seconds = time.perf_counter() - began
            self._telemetry.answered(self._service, scope["method"], route, status, seconds)

    def _told(self, scope: Scope) -> Iterator[tuple[bytes, bytes]]:
        if self._behind and (path := self._route(scope)):
            yield ROUTE, path.encode()

    def _route(self, scope: Scope) -> str:
        route = scope.get("route")
        if getattr(route, "unique_id", "").startswith(self._unseen):
            return UNSEEN
        return str(getattr(route, "path", ""))

    async def _answered(
        self, headers: dict[bytes, bytes], scope: Scope, receive: Receive, send: Send
    ) -> None:
        english = asks_english(scope)
        if len(headers) < len(scope["headers"]) and _said_twice(scope["headers"]):
            await said_twice(english=english)(scope, receive, send)
            return
        if sum(map(len, chain.from_iterable(scope["headers"]))) > MAX_HEADERS:
            await plain_problem(TooLarge(431, MAX_HEADERS), english=english)(scope, receive, send)
            return
        length = headers.get(b"content-length", b"0")
        most = MAX_UPLOAD if self._uploads(scope["path"]) else MAX_BODY
        if not fits(length, most):
            await plain_problem(TooLarge(413, most), english=english)(scope, receive, send)
            return
        try:
            with self._room.holding(receive) as held:
                await self._app(scope, limited(held, most), send)
        except HTTPException as error:
            # Our own limit, met where no framework stands between it and us.
            await plain_problem(error, english=english)(scope, receive, send)


def _any_of(paths: Iterable[str]) -> Callable[[str], object]:
    alternatives = (re.escape(path).replace(re.escape("{id}"), "[^/]+") for path in paths)
    return re.compile("|".join(alternatives) or "(?!)").fullmatch


def _bodiless(send: Send) -> Send:
    async def told(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return told


def _said_twice(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Which of the two counts would be each reader's own guess."""
    names = [name for name, _ in headers if name in ONCE]
    return len(set(names)) != len(names)


def _not_kept(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """`no-store`, unless the answer asks to be revalidated; set once, however many edges it passes."""
    if ASKED_AGAIN in headers:
        return [*headers]
    others = [one for one in headers if one[0].lower() != b"cache-control"]
    return [*others, (b"cache-control", b"no-store")]


class _Limited:
    """A body limited in bytes and in time."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self.most = receive, most
        self._size, self._whole = 0, False
        self._until: float | None = None

    async def __call__(self) -> Message:
        self._until = self._until or asyncio.get_running_loop().time() + BODY_WITHIN
        try:
            # After its end comes only that the caller is gone, whenever that is.
            async with asyncio.timeout_at(None if self._whole else self._until):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408) from None
        self._size += len(message.get("body", b""))
        if self._size > self.most:
            raise TooLarge(413, self.most)
        self._whole = not message.get("more_body")
        return message


def fits(length: bytes, most: int) -> bool:
    """Whether a body whose Content-Length is this may come at all."""
    return length.isdigit() and len(length) <= LONGEST_LENGTH and int(length) <= most


def limited(receive: Receive, most: int) -> Receive:
    """Once, however many edges it passes in one process."""
    if isinstance(receive, _Limited) and receive.most <= most:
        return receive
    return _Limited(receive, most)


def _instead(cause: BaseException, scope: Scope) -> JSONResponse:
    """What is answered when the app has not: cancelled is a stopping server out of patience."""
    if isinstance(cause, asyncio.CancelledError):
        stopping = Unavailable(
            "服务正在停止，请稍后再试。", english="The service is stopping; try again later."
        )
        return problem(stopping, english=asks_english(scope))
    return fault(english=asks_english(scope))
