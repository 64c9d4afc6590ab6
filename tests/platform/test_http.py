"""A fault is answered once, as a problem document, without its text; whatever is answered is counted."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI, Response
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.edge import MAX_BODY, SMALL, Edge, Room
from chassis.problems import answer_refusals
from chassis.telemetry import Telemetry
from gateway.forward import Direct


async def test_a_fault_is_a_problem_document_that_gives_nothing_away() -> None:
    app = FastAPI()
    answer_refusals(app, {})

    @app.get("/boom")
    async def boom() -> None:
        raise RuntimeError("secret text")

    telemetry = Telemetry("test")
    inner = Edge(app, "inner", telemetry)
    status, body = await Direct({"x": Edge(inner, "outer", telemetry)}).ask("x", "/boom", 5)
    assert status == 500
    assert (body["title"], body["status"]) == ("内部错误", 500)
    assert body["trace"]
    assert "secret" not in str(body)


async def answers(
    app: ASGIApp,
    *headers: tuple[bytes, bytes],
    body: bytes = b"",
    telemetry: Telemetry | None = None,
) -> list[Any]:
    """The statuses with which it answers a GET of `/`; at most one, if it is right."""
    statuses = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b""}
    scope["headers"] = list(headers)
    await Edge(app, "toy", telemetry or Telemetry("test"))(scope, receive, send)
    return statuses


def counted(telemetry: Telemetry, route: str, status: int) -> float | None:
    labels = {"service": "toy", "method": "GET", "route": route, "status": str(status)}
    return telemetry.registry.get_sample_value("gongzhi_http_request_seconds_count", labels)


async def test_a_length_that_is_no_number_of_bytes_is_no_fault() -> None:
    assert await answers(FastAPI(), (b"content-length", b"0" * 5000)) == [413]
    assert await answers(FastAPI(), (b"content-length", b"0" * 12)) == [404]


async def test_each_answer_is_counted_under_its_route_and_a_strangers_path_is_no_label() -> None:
    app, telemetry = FastAPI(), Telemetry("test")
    await answers(app, telemetry=telemetry)

    @app.get("/")
    async def found() -> None:
        pass

    await answers(app, telemetry=telemetry)
    assert (counted(telemetry, "unmatched", 404), counted(telemetry, "/", 200)) == (1, 1)


async def test_who_hangs_up_is_answered_nothing_and_counted_apart() -> None:
    async def app(*_: object) -> None:
        raise ClientDisconnect

    telemetry = Telemetry("test")
    assert await answers(app, telemetry=telemetry) == []
    assert counted(telemetry, "unmatched", 499) == 1


async def test_a_fault_outside_any_framework_is_answered_once() -> None:
    async def before(*_: object) -> None:
        raise RuntimeError

    async def after(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError

    assert await answers(before) == [500]
    assert await answers(after) == [200]


async def test_a_body_that_is_too_long_is_so_outside_any_framework() -> None:
    async def app(_: Scope, receive: Receive, __: Send) -> None:
        await receive()

    assert await answers(app, body=b"x" * (MAX_BODY + 1)) == [413]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/records/a/photos", 200), ("/records/photos", 413), ("/records/a/b/photos", 413)],
)
async def test_a_path_that_takes_files_takes_those_of_any_record(path: str, status: int) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await Response(await Request(scope, receive).body())(scope, receive, send)

    known = Edge(app, "toy", Telemetry("test"), ("/records/{id}/photos",))
    assert await Coming(known, MAX_BODY + SMALL, path).status() == status


class Coming:
    """A request whose body of so many bytes has come, but for its end."""

    def __init__(self, app: ASGIApp, size: int, path: str = "/") -> None:
        self._pieces, self._ended = [b"x" * SMALL] * (size // SMALL), asyncio.Event()
        self.waits, self.told = asyncio.Event(), list[Message]()
        scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": []}
        self._answered = asyncio.create_task(self._asked(app, scope))

    async def _asked(self, app: ASGIApp, scope: Scope) -> None:
        await app(scope, self._receive, self._send)

    async def _receive(self) -> Message:
        if self._pieces:
            return {"type": "http.request", "body": self._pieces.pop(), "more_body": True}
        self.waits.set()
        await self._ended.wait()
        return {"type": "http.request", "body": b"", "more_body": False}

    async def _send(self, message: Message) -> None:
        self.told.append(message)

    async def status(self) -> int:
        self._ended.set()
        async with asyncio.timeout(60):
            await self._answered
        return int(self.told[0]["status"])


async def test_of_all_that_comes_at_once_no_more_is_held_than_there_is_room_for() -> None:
    app, room = FastAPI(), Room(2 * SMALL)
    answer_refusals(app, {})

    @app.post("/")
    async def size(request: Request) -> int:
        return len(await request.body())

    edge = Edge(Edge(app, "inner", Telemetry("test"), room=room), "o", Telemetry("test"), room=room)
    for _ in range(2):  # what was held, or refused, is free again
        slow = Coming(edge, 2 * SMALL)
        await slow.waits.wait()
        large = Coming(edge, 3 * SMALL)
        assert await large.status() == 503
        assert (b"retry-after", b"5") in large.told[0]["headers"]
        assert "同时上传的内容过多" in large.told[1]["body"].decode()
        assert [await Coming(edge, size).status() for size in (SMALL, 2 * SMALL)] == [200, 200]
        assert await slow.status() == 200
        assert await Coming(edge, 3 * SMALL).status() == 200
        assert await Coming(edge, 4 * SMALL).status() == 503


async def test_what_a_stopping_server_cannot_finish_is_unavailable_and_no_fault() -> None:
    async def slow(*_: object) -> None:
        await asyncio.sleep(60)

    asked = asyncio.create_task(answers(slow))
    await asyncio.sleep(0.01)
    asked.cancel()
    assert await asked == [503]
