"""The way through the door over HTTP: what was asked arrives as it was asked, or not at all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from yarl import URL

from chassis.edge import MAX_BODY, Edge
from chassis.telemetry import Telemetry
from gateway.circuit import FAILURES, Circuit
from gateway.forward import KEPT_IDLE, Direct, OverHttp
from gongzhi.serving import server
from tests.support.ports import free_port

HERE = "127.0.0.1"


@asynccontextmanager
async def served(app: ASGIApp, forwarded_by: str = "*") -> AsyncIterator[int]:
    """The port on which it answers."""
    web = server(app, HERE, 0, forwarded_by)
    serving = asyncio.create_task(web.serve())
    while not web.started:
        await asyncio.sleep(0.01)
    try:
        yield web.servers[0].sockets[0].getsockname()[1]
    finally:
        web.should_exit = True
        await serving


class Service:
    """Says which path it was asked for, and keeps what was sent to it."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.said: list[Headers] = []
        self.app = Starlette(
            routes=[
                Route("/metrics", self.secret),
                Route("/api/v1/toy/elsewhere", self.elsewhere),
                Route("/api/v1/toy/{rest:path}", self.echo, methods=["GET", "POST"]),
            ]
        )

    async def secret(self, _: Request) -> Response:
        return Response("inner")

    async def elsewhere(self, request: Request) -> Response:
        return Response(
            status_code=307, headers={"Location": str(request.url.replace(path="/x", query="a=1"))}
        )

    async def echo(self, request: Request) -> Response:
        self.bodies.append(await request.body())
        self.said.append(request.headers)
        client = request.client.host if request.client else None
        found = {"path": request.url.path, "query": request.url.query, "client": client}
        return JSONResponse(found)


@pytest.fixture
def toy() -> Service:
    return Service()


@pytest.fixture
async def door(toy: Service) -> AsyncIterator[int]:
    """The port of a door before the service."""
    async with served(toy.app) as behind:
        forward = OverHttp({"toy": f"http://{HERE}:{behind}"})

        async def through(scope: Scope, receive: Receive, send: Send) -> None:
            await forward("toy", scope, receive, send)

        async with served(Edge(through, "door", Telemetry("test"))) as port:
            yield port
        await forward.close()


async def asked(port: int, target: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session:
        url = URL(f"http://{HERE}:{port}{target}", encoded=True)
        async with session.get(url) as answer:
            return answer.status, await answer.text()


@pytest.mark.parametrize(
    "target",
    [
        "/api/v1/toy/../../../metrics",
        "/api/v1/toy/%2e%2e/%2e%2e/%2e%2e/metrics",
        "/api/v1/toy/..%2f..%2f..%2fmetrics",
    ],
)
async def test_no_path_climbs_out_of_what_a_service_publishes(door: int, target: str) -> None:
    _, said = await asked(door, target)
    assert said != "inner"


@pytest.mark.parametrize("target", ["/api/v1/toy/a%3Fb=c", "/api/v1/toy/a%23b"])
async def test_an_encoded_mark_in_a_path_begins_no_query_and_no_fragment(
    door: int, target: str
) -> None:
    status, said = await asked(door, target)
    assert status == 200
    assert '"query":""' in said
    assert '"path":"/api/v1/toy/a"' not in said


@pytest.mark.parametrize(
    ("believed", "seen"), [("10.0.0.1", HERE), (f"10.0.0.0/8,{HERE}", "203.0.113.9")]
)
async def test_where_a_caller_is_is_taken_only_from_whom_we_believe(
    toy: Service, believed: str, seen: str
) -> None:
    async with served(toy.app, believed) as port, aiohttp.ClientSession() as session:
        said = {"X-Forwarded-For": "203.0.113.9"}
        async with session.get(f"http://{HERE}:{port}/api/v1/toy/a", headers=said) as answer:
            assert (await answer.json())["client"] == seen


async def test_a_body_of_a_length_that_nobody_said_arrives_whole(door: int, toy: Service) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for part in (b"a", b"bc", b"def"):
            yield part

    async with aiohttp.ClientSession() as session:
        async with session.post(f"http://{HERE}:{door}/api/v1/toy/a", data=parts()) as answer:
            assert answer.status == 200
    assert toy.bodies == [b"abcdef"]


async def test_nothing_is_said_for_a_caller_who_does_not_say_it(door: int, toy: Service) -> None:
    left_out = ("Accept", "Accept-Encoding", "User-Agent")
    async with aiohttp.ClientSession() as session:
        url = f"http://{HERE}:{door}/api/v1/toy/a"
        async with session.get(url, skip_auto_headers=left_out) as answer:
            assert answer.status == 200
    assert not set(toy.said[0]) & {"accept", "accept-encoding", "user-agent"}


async def test_where_a_caller_is_is_the_doors_word_and_not_the_callers(toy: Service) -> None:
    async def through(scope: Scope, receive: Receive, send: Send) -> None:
        await forward("toy", scope, receive, send)

    async with served(toy.app) as behind, aiohttp.ClientSession() as session:
        forward = OverHttp({"toy": f"http://{HERE}:{behind}"})
        async with served(through, "10.0.0.1") as port:
            said = {"X-Forwarded-For": "203.0.113.9"}
            async with session.get(f"http://{HERE}:{port}/api/v1/toy/a", headers=said) as answer:
                assert (await answer.json())["client"] == HERE
        await forward.close()


async def test_an_answer_says_once_that_it_is_not_to_be_kept(toy: Service) -> None:
    telemetry = Telemetry("test")
    inner = Edge(toy.app, "toy", telemetry)
    behind_it = Direct({"toy": inner})

    async def through(scope: Scope, receive: Receive, send: Send) -> None:
        await behind_it("toy", scope, receive, send)

    async with served(Edge(through, "door", telemetry)) as port, aiohttp.ClientSession() as session:
        async with session.get(f"http://{HERE}:{port}/api/v1/toy/a") as answer:
            assert answer.headers.getall("Cache-Control") == ["no-store"]


async def test_a_body_without_a_length_is_limited_too(door: int, toy: Service) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * (MAX_BODY // 16)

    async with aiohttp.ClientSession() as session:
        async with session.post(f"http://{HERE}:{door}/api/v1/toy/a", data=endless()) as answer:
            assert answer.status == 413
    assert toy.bodies == []


async def test_half_a_body_is_not_forwarded_as_a_whole_one(door: int, toy: Service) -> None:
    _, writer = await asyncio.open_connection(HERE, door)
    writer.write(b"POST /api/v1/toy/a HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\nline 1\n")
    await writer.drain()
    await asyncio.sleep(0.1)
    writer.close()
    await asked(door, "/api/v1/toy/later")
    await asyncio.sleep(0.1)
    assert toy.bodies == [b""]


async def test_no_service_closes_a_connection_that_the_door_would_use_again(toy: Service) -> None:
    assert server(toy.app, HERE, 0).config.timeout_keep_alive > 2 * KEPT_IDLE
    async with served(toy.app) as port:
        reader, writer = await asyncio.open_connection(HERE, port)
        writer.write(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
        assert await reader.readuntil(b"inner")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(), 6)  # uvicorn's own patience is 5 s
        writer.close()


async def test_nobody_is_sent_to_the_address_inside(door: int) -> None:
    async with aiohttp.ClientSession() as session:
        url = f"http://{HERE}:{door}/api/v1/toy/elsewhere"
        async with session.get(url, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["location"]) == (307, "/x?a=1")


async def test_two_tokens_are_refused_at_the_service_too(toy: Service) -> None:
    async with served(Edge(toy.app, "toy", Telemetry("test"))) as port:
        async with aiohttp.ClientSession() as session:
            headers = [("Authorization", "Bearer a"), ("Authorization", "Bearer b")]
            async with session.get(f"http://{HERE}:{port}/api/v1/toy/a", headers=headers) as answer:
                assert answer.status == 400


def test_a_service_that_is_away_is_asked_by_one_at_a_time_and_ever_more_seldom() -> None:
    now = 100.0
    circuit = Circuit(lambda: now)
    for _ in range(FAILURES - 1):
        circuit.failed()
    assert circuit.closed_for() == 0
    circuit.failed()
    assert circuit.closed_for() == 1
    now += 1.0
    assert circuit.closed_for() == 0  # he goes to see
    assert circuit.closed_for() == 1  # and nobody with him
    circuit.failed()
    assert circuit.closed_for() == 2
    for _ in range(10):
        circuit.failed()
    assert circuit.closed_for() == 30
    now += 30.0
    assert circuit.closed_for() == 0
    circuit.reached()
    assert [circuit.closed_for() for _ in range(3)] == [0, 0, 0]


async def test_who_asks_for_a_service_that_is_away_is_told_when_to_come_again() -> None:
    port = free_port()
    forward = OverHttp({"toy": f"http://{HERE}:{port}"})

    async def through(scope: Scope, receive: Receive, send: Send) -> None:
        await forward("toy", scope, receive, send)

    async with (
        served(Edge(through, "door", Telemetry("test"))) as door,
        aiohttp.ClientSession() as asks,
    ):
        url = f"http://{HERE}:{door}/api/v1/toy/x"
        for _ in range(FAILURES + 2):
            async with asks.get(url) as answer:
                assert answer.status == 503
                assert int(answer.headers["Retry-After"]) >= 1
                said = (await answer.json())["detail"]
                assert "没有应答" in said and "toy" not in said
    await forward.close()
