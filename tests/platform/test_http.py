"""A fault is answered once, as a problem document, without its text; whatever is answered is counted."""

import asyncio
from typing import Any

from fastapi import FastAPI
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.edge import MAX_BODY, Edge
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


async def test_what_a_stopping_server_cannot_finish_is_unavailable_and_no_fault() -> None:
    async def slow(*_: object) -> None:
        await asyncio.sleep(60)

    asked = asyncio.create_task(answers(slow))
    await asyncio.sleep(0.01)
    asked.cancel()
    assert await asked == [503]
