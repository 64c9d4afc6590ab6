"""The consultation service as it runs: its own store and inbox, a real bus, whistle beside it, HTTP on loopback."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import uvicorn

from chassis.bus import Message
from chassis.service import Process, Runtime, Service
from contracts.event import Envelope, Event
from contracts.housing import CommunityProfiled
from gongzhi import compose, keys
from services.consultation import main as consultation
from services.whistle import main as whistle

from .buses import consumed

AT = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)
PLACES = {"guanshangzhongxinqu": "guanshang", "hepinglu": "taihe", "shijicheng": None}
STREET, COMMUNITY = "street:guanshang", "community:guanshangzhongxinqu"
OTHER = "community:hepinglu"
Answer = tuple[int, dict[str, Any]]


class Clock:
    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass(frozen=True)
class Desk:
    """Both services over HTTP, the bus between them, and the clock they go by."""

    runtime: Runtime
    clock: Clock
    services: dict[str, Service]
    data: Path
    addresses: dict[str, str]
    client: aiohttp.ClientSession

    async def ask(
        self,
        method: str,
        path: str,
        acts_as: str,
        body: dict[str, Any] | None = None,
        **headers: str,
    ) -> Answer:
        service = path.split("/")[1]
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        given["authorization"] = "Bearer " + keys.token(self.data, acts_as)
        url = self.addresses[service] + "/api/v1" + path
        async with self.client.request(method, url, json=body, headers=given) as answer:
            return answer.status, await answer.json()

    async def file(self, path: str, acts_as: str) -> bytes:
        headers = {"authorization": "Bearer " + keys.token(self.data, acts_as)}
        url = self.addresses[path.split("/")[1]] + "/api/v1" + path
        async with self.client.get(url, headers=headers) as answer:
            assert answer.status == 200
            return await answer.read()

    async def made(self, path: str, acts_as: str, body: dict[str, Any]) -> dict[str, Any]:
        status, answer = await self.ask("POST", path, acts_as, body)
        assert status == 201, answer
        return answer

    async def step(
        self, matter: dict[str, Any], step: str, acts_as: str, body: dict[str, Any] | None = None
    ) -> Answer:
        return await self.take(f"/matters/{matter['id']}", step, acts_as, body)

    async def take(
        self,
        path: str,
        step: str,
        acts_as: str,
        body: dict[str, Any] | None = None,
        method: str = "POST",
    ) -> Answer:
        """With the version that what stands at `path` is at."""
        path = f"/consultation{path}"
        _, now = await self.ask("GET", path, "district_admin")
        etag = f'"{now["version"]}"'
        return await self.ask(method, f"{path}/{step}", acts_as, body, if_match=etag)

    async def tell(self, source: str, about: str, id: str, event: Event) -> None:
        envelope = Envelope(
            id=id,
            source=source,
            type=event.type,
            subject=about,
            time=AT,
            sequence="000000000001",
            correlationid=id,
            data=event.model_dump(mode="json", exclude_none=True),
        )
        await self.runtime.bus.publish(Message(id=id, type=event.type, body=envelope.wire()))

    def heard(self, service: str, event: type[Event]) -> float:
        return consumed(self.runtime.telemetry, service, event.type)


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(120):
        while not await true():
            await asyncio.sleep(0.02)


@asynccontextmanager
async def served(service: Service) -> AsyncIterator[str]:
    config = uvicorn.Config(
        service.app(), port=0, log_config=None, lifespan="off", ws="none", loop="none"
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await running


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    clock = Clock()
    runtime = compose.runtime(keys.settings_for(tmp_path), "test", clock=clock)
    services = {"consultation": consultation.build(runtime), "whistle": whistle.build(runtime)}
    process = Process(runtime, list(services.values()))
    process.start()
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(aiohttp.ClientSession())
        addresses = {
            name: await stack.enter_async_context(served(service))
            for name, service in services.items()
        }
        stack.push_async_callback(process.stop)
        desk = Desk(runtime, clock, services, tmp_path, addresses, client)
        await registered(desk)
        yield desk


async def registered(desk: Desk) -> None:
    """The register of communities arrives, and both services are ready."""

    async def bus_is_up() -> bool:
        return not any(
            trouble.get("start")
            for trouble in [(await s.health()).troubles for s in desk.services.values()]
        )

    async def ready() -> bool:
        return not any([(await service.health()).troubles for service in desk.services.values()])

    await until(bus_is_up)
    for code, street in PLACES.items():
        profiled = CommunityProfiled(
            street=street,
            community=code,
            code=code,
            name=code,
            valid_from="2018-01-01",
            listed=len(PLACES),
        )
        await desk.tell("/gongzhi/housing", f"communities/{code}", f"profiled-{code}", profiled)
    await until(ready)


def roll(count: int, outside: int) -> list[dict[str, Any]]:
    return [{"seat": f"s{n}", "kind": "fixed", "non_party": n < outside} for n in range(count)]


def seats(count: int) -> list[str]:
    """The first so many of a roll."""
    return [f"s{n}" for n in range(count)]


def committee(level: str = "community", count: int = 20, outside: int = 12) -> dict[str, Any]:
    place = {"street": "guanshang"} if level == "street" else {"community": "guanshangzhongxinqu"}
    return {"level": level, "name": "议事委员会", "members": roll(count, outside), **place}


def topic(committee: dict[str, Any], **more: str) -> dict[str, Any]:
    return {
        "committee": committee["id"],
        "title": "小区停车秩序",
        "category": "parking",
        "head": "order" if committee["state"]["community"] else "governance",
        "subject": "夜间占用消防通道停车，如何划线。",
        **more,
    }


def settled(acts_as: str) -> dict[str, Any]:
    """By the party's body of that level."""
    by = "party_committee" if acts_as == STREET else "party_organisation"
    return {"by": by, "form": "council", "participants": "居民代表", "plan": "一上午。"}


async def researched(desk: Desk) -> dict[str, Any]:
    seated = await desk.made("/consultation/committees", COMMUNITY, committee())
    matter = await desk.made("/consultation/matters", COMMUNITY, topic(seated))
    assert (await desk.step(matter, "accept", COMMUNITY, settled(COMMUNITY)))[0] == 200
    found = {"findings": "走访了六栋楼。"}
    status, answer = await desk.step(matter, "research", COMMUNITY, found)
    assert (status, answer["state"]["status"]) == (200, "researched")
    return answer


async def problems(desk: Desk) -> list[dict[str, Any]]:
    _, page = await desk.ask("GET", "/whistle/problems", STREET)
    items: list[dict[str, Any]] = page["items"]
    return items
