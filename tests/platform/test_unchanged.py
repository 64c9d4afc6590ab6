"""Reading again what one has read: 304 while it is as it was, for who may read it, and said in the description."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from chassis.edge import Edge
from chassis.telemetry import Telemetry
from gateway.forward import OverHttp
from gongzhi import keys
from tests.support.inside import Inside, inside

from .test_forward import HERE, served
from .test_http_door import ask

HOUSING = "/api/v1/housing"
POLICY = f"{HOUSING}/policy"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Inside]:
    async with inside(tmp_path, only=("housing",)) as running:
        yield running


async def read(
    here: Inside, known: str | None = None, *, by: str = "district_admin", method: str = "GET"
) -> tuple[int, str | None, bytes]:
    headers = {"Authorization": f"Bearer {keys.token(here.data, by)}"} if by else {}
    headers |= {"If-None-Match": known} if known else {}
    async with here.session.request(method, here.url + POLICY, headers=headers) as answer:
        return answer.status, answer.headers.get("ETag"), await answer.read()


@pytest.mark.parametrize("text", ["{}", "W/{}", '"other", {}', "*"])
async def test_what_is_as_it_was_is_not_sent_again(here: Inside, text: str) -> None:
    status, tag, body = await read(here)
    assert (status, tag) == (200, '"1"') and body
    assert await read(here, text.format(tag)) == (304, tag, b"")
    assert await read(here, text.format(tag), method="HEAD") == (304, tag, b"")


async def test_what_has_changed_is_sent_and_who_may_not_read_it_learns_nothing(
    here: Inside,
) -> None:
    office = here("district_admin")
    _, tag, body = await read(here)
    assert await read(here, '"2", "11"') == (200, tag, body)
    assert (await read(here, tag, by=""))[0] == 401
    values = (await office.get(POLICY))["state"]["editions"][-1]["values"]
    await office.put(POLICY, {"values": values, "reason": "演示"}, version=1)
    assert (await read(here, tag))[:2] == (200, '"2"')


async def test_it_is_described_where_an_etag_is_sent(here: Inside) -> None:
    async with here.session.get(here.url + "/openapi.json") as answer:
        paths = (await answer.json())["paths"]
    described = {
        POLICY: True,
        f"{HOUSING}/premises/{{id}}": True,
        f"{HOUSING}/premises": False,
        f"{HOUSING}/rules": False,
    }
    for path, tagged in described.items():
        operation = paths[path]["get"]
        heads = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "header"}
        assert ("If-None-Match" in heads, "304" in operation["responses"]) == (tagged, tagged)
        assert ("ETag" in operation["responses"]["200"].get("headers", ())) is tagged


async def tagged(request: Request) -> Response:
    return JSONResponse({"it": "is"}, 404 if "none" in request.url.path else 200, {"ETag": '"7"'})


TOY = Starlette(
    routes=[Route("/api/v1/toy/{one}", tagged, methods=["GET", "POST"])],
)


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("it", "GET", 304), ("none", "GET", 404), ("it", "POST", 200)],
)
async def test_only_an_answer_that_has_something_is_spared(
    path: str, method: str, status: int
) -> None:
    toy = Edge(TOY, "toy", Telemetry("test"))
    answer = await ask(toy, f"/api/v1/toy/{path}", method, **{"if-none-match": '"7"'})
    assert answer.status == status
    assert ("content-length" in answer.headers) == (status != 304)


async def test_between_two_processes_it_is_the_same() -> None:
    async with served(Edge(TOY, "toy", Telemetry("test"))) as behind:
        forward = OverHttp({"toy": f"http://{HERE}:{behind}"})

        async def through(scope: Scope, receive: Receive, send: Send) -> None:
            await forward("toy", scope, receive, send)

        async with served(Edge(through, "door", Telemetry("test"))) as port:
            async with aiohttp.ClientSession() as session:
                url, known = f"http://{HERE}:{port}/api/v1/toy/it", {"If-None-Match": '"7"'}
                for headers, status, body in (({}, 200, b'{"it":"is"}'), (known, 304, b"")):
                    async with session.get(url, headers=headers) as answer:
                        assert (answer.status, await answer.read()) == (status, body)
                        assert answer.headers["ETag"] == '"7"'
                        assert ("Content-Length" in answer.headers) == (status == 200)
        await forward.close()
