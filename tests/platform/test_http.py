"""A fault is answered once, as a problem document, without its text."""

from fastapi import FastAPI
from starlette.types import Message

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


async def test_a_length_that_is_no_number_of_bytes_is_no_fault() -> None:
    telemetry, statuses = Telemetry("test"), []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        statuses.append(message.get("status"))

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "headers": [(b"content-length", b"0" * 5000)],
    }
    await Edge(FastAPI(), "toy", telemetry)(scope, receive, send)
    assert statuses[0] == 413
