"""A fault is answered once, as a problem document, without its text."""

from fastapi import FastAPI

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
