"""A fault is answered once, as a problem document, without its text."""

import asyncio
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp, Message

from chassis.http import Edge, answer_refusals
from chassis.telemetry import Telemetry
from gateway.forward import Direct


async def test_a_fault_is_a_problem_document_that_gives_nothing_away() -> None:
    app = FastAPI()
    answer_refusals(app)

    @app.get("/boom")
    async def boom() -> None:
        raise RuntimeError("secret text")

    telemetry = Telemetry("test")
    inner = Edge(app, "inner", telemetry)
    status, body = await Direct({"x": Edge(inner, "outer", telemetry)}).ask("x", "/boom")
    assert status == 500
    assert (body["title"], body["status"]) == ("内部错误", 500)
    assert body["trace"]
    assert "secret" not in str(body)


async def answers(app: ASGIApp, *headers: tuple[bytes, bytes]) -> list[Any]:
    """The statuses with which it answers a GET of `/`; at most one, if it is right."""
    statuses = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {"type": "http", "method": "GET", "path": "/", "headers": list(headers)}
    await Edge(app, "toy", Telemetry("test"))(scope, receive, send)
    return statuses


async def test_a_length_that_is_no_number_of_bytes_is_no_fault() -> None:
    assert await answers(FastAPI(), (b"content-length", b"0" * 5000)) == [413]


async def test_what_a_stopping_server_cannot_finish_is_unavailable_and_no_fault() -> None:
    async def slow(*_: object) -> None:
        await asyncio.sleep(60)

    asked = asyncio.create_task(answers(slow))
    await asyncio.sleep(0.01)
    asked.cancel()
    assert await asked == [503]
