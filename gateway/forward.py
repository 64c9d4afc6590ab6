"""Forwarding to services: one port, two adapters. A direct call in the all-in-one, HTTP otherwise."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import aiohttp
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from yarl import URL

from chassis.faults import asks_english
from chassis.kernel.errors import Unavailable
from chassis.problems import problem
from chassis.telemetry import traceparent

from .circuit import Circuit

HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization te trailers transfer-encoding "
    b"upgrade host content-length x-forwarded-for".split()
)
ANNOUNCES = frozenset((b"content-length", b"transfer-encoding"))
"""A request without either has no body (RFC 9112, 6.3)."""
AS_ASKED = frozenset(("Accept", "Accept-Encoding", "User-Agent"))
"""Headers that the client would add where the caller sends none."""
TIMEOUT = aiohttp.ClientTimeout(total=30, connect=5)
KEPT_IDLE = 15.0
"""Seconds that an idle connection is kept; less than a service keeps it."""
CONNECT = 2.0
AWAY = "办理这件事的服务没有应答，请稍后再试。"
AWAY_IN_ENGLISH = "The service that deals with this doesn't answer; try again later."
"""Without the service's name: only its code is known here, which means nothing to the reader."""


class Forward(Protocol):
    """The services behind the gateway, by name."""

    @property
    def names(self) -> tuple[str, ...]: ...

    async def __call__(self, service: str, scope: Scope, receive: Receive, send: Send) -> None: ...

    async def ask(self, service: str, path: str, within: float) -> tuple[int, Any]:
        """A GET of the gateway's own: status and JSON body; 503 where it isn't answered in so many seconds."""

    async def close(self) -> None: ...


class Direct:
    """The services live in this process."""

    def __init__(self, apps: Mapping[str, ASGIApp]) -> None:
        self._apps = apps

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._apps)

    async def __call__(self, service: str, scope: Scope, receive: Receive, send: Send) -> None:
        await self._apps[service](_untraced(scope), receive, send)

    async def ask(self, service: str, path: str, within: float) -> tuple[int, Any]:
        """Nothing stands between: however long it takes."""
        status, body = 500, b""

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            nonlocal status, body
            if message["type"] == "http.response.start":
                status = message["status"]
            body += message.get("body", b"")

        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [],
        }
        await self._apps[service](scope, receive, send)
        return status, json.loads(body)

    async def close(self) -> None:
        return None


class OverHttp:
    """The services are elsewhere; connections are kept and shared."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self._addresses = addresses
        self._circuits = {service: Circuit() for service in addresses}
        self._session: aiohttp.ClientSession | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._addresses)

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(keepalive_timeout=KEPT_IDLE),
                timeout=TIMEOUT,
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    async def __call__(self, service: str, scope: Scope, receive: Receive, send: Send) -> None:
        circuit = self._circuits[service]
        if wait := circuit.closed_for():
            await problem(
                Unavailable(AWAY, wait=wait, english=AWAY_IN_ENGLISH), english=asks_english(scope)
            )(scope, receive, send)
            return
        # As it was asked, byte for byte: decoded, a `%2e%2e` would climb and a `%3F` begin a query.
        target = scope["raw_path"].decode("latin-1")
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode("latin-1")
        url = URL(self._addresses[service] + target, encoded=True)
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in _traced(scope)["headers"]
            if name not in HOP_BY_HOP
        ]
        announced = any(name in ANNOUNCES for name, _ in scope["headers"])
        if scope.get("client"):
            # Ours, never the caller's: a service counts wrong receipt codes by address.
            headers.append(("X-Forwarded-For", scope["client"][0]))
        try:
            async with self._client().request(
                scope["method"],
                url,
                headers=headers,
                data=await _body(receive) if announced else None,
                allow_redirects=False,
                skip_auto_headers=AS_ASKED,
            ) as answer:
                circuit.reached()
                await _relayed(answer.status, answer.raw_headers, await answer.read(), send)
        except (aiohttp.ClientError, TimeoutError):
            circuit.failed()
            await problem(Unavailable(AWAY, english=AWAY_IN_ENGLISH), english=asks_english(scope))(
                scope, receive, send
            )

    async def ask(self, service: str, path: str, within: float) -> tuple[int, Any]:
        timeout = aiohttp.ClientTimeout(total=within, connect=CONNECT)
        try:
            url = self._addresses[service] + path
            async with self._client().get(url, timeout=timeout) as answer:
                return answer.status, await answer.json()
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            return 503, {"troubles": {"reach": type(error).__name__}}

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def _untraced(scope: Scope) -> Scope:
    """The same request under the span that is the current one; what the caller said of the trace was its parent."""
    headers = [(name, value) for name, value in scope["headers"] if name != b"traceparent"]
    return {**scope, "headers": headers}


def _traced(scope: Scope) -> Scope:
    """And told so."""
    there, current = _untraced(scope), traceparent()
    if current:
        there["headers"].append((b"traceparent", current.encode()))
    return there


async def _body(receive: Receive) -> bytes:
    """The whole body; ClientDisconnect when the caller hung up before its end."""
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _relayed(
    status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes, send: Send
) -> None:
    lowered = ((name.lower(), value) for name, value in headers)
    kept = [
        (name, _outward(value) if name == b"location" else value)
        for name, value in lowered
        if name not in HOP_BY_HOP
    ]
    if status != 304:  # which would say how long the body is that it spares
        kept.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": kept})
    await send({"type": "http.response.body", "body": body})


def _outward(location: bytes) -> bytes:
    """Where to go next, without the address inside, which is nobody's business out here."""
    url = URL(location.decode("latin-1"))
    return str(url.relative()).encode("latin-1") if url.absolute else location
