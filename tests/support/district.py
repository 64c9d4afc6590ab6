"""The housing service in one process, over HTTP, on SQLite and the local bus, with a clock the test holds."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import uvicorn

from chassis.bus import Delivery, Done
from chassis.service import Process
from gongzhi import compose, keys
from services.housing import main as housing
from tests.support import ports

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DUE_ENDED = datetime(2026, 6, 30, 16, 0, tzinfo=UTC)
BASE = "/api/v1/housing"
PREMISES = {
    "project": "滨河花园",
    "community": "yunxiang",
    "developer": "dev_001",
    "households": 4000,
    "area": "1200.50",
    "due": "2026-06-30",
}
ROOM = {
    "name": "综合服务厅",
    "kind": "office",
    "use": "general",
    "area": "150.00",
    "floor": 1,
    "own_use": True,
    "obtained": "handed_over",
    "tenure": "owned",
}
AT = "2026-03-02T08:00:00+08:00"
PHOTO = b"\xff\xd8\xff\xe0 a photo"


@dataclass
class District:
    """The running service, its clock, and what the journal would hear."""

    data: Path
    url: str
    http: aiohttp.ClientSession
    now: datetime = MONDAY
    letters: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By event id: on the wire an event comes at least once."""

    async def ask(
        self,
        who: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        seen: int | None = None,
        key: str | None = None,
    ) -> tuple[int, Any]:
        headers = {"authorization": "Bearer " + keys.token(self.data, who)}
        if seen is not None:
            headers["if-match"] = f'"{seen}"'
        if key is not None:
            headers["idempotency-key"] = key
        async with self.http.request(method, BASE + path, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def note(self, delivery: Delivery) -> Done:
        self.letters.setdefault(delivery.id, json.loads(delivery.body))
        return Done()

    def told(self, what: str) -> list[dict[str, Any]]:
        type = f"housing.{what}.v1"
        return [letter["data"] for letter in self.letters.values() if letter["type"] == type]

    async def until(self, happened: Callable[[], bool]) -> None:
        async with asyncio.timeout(15):
            while not happened():
                await asyncio.sleep(0.02)


@asynccontextmanager
async def running(data: Path) -> AsyncIterator[District]:
    port = ports.free_port()
    url = f"http://{ports.LOOPBACK}:{port}"
    async with aiohttp.ClientSession(url) as http:
        district = District(data, url, http)
        settings = keys.settings_for(data).model_copy(update={"tick": 0.05})
        house = compose.house(settings, "test", clock=lambda: district.now)
        service = housing.build(house)
        house.bus.consume("journal", district.note)
        process = Process(house, [service])
        config = uvicorn.Config(
            service.app(), host=ports.LOOPBACK, port=port, log_level="error", lifespan="off"
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        process.start()
        try:
            await district.until(lambda: server.started)
            await ready(http)
            yield district
        finally:
            server.should_exit = True
            await serving
            await process.stop()


async def ready(http: aiohttp.ClientSession) -> None:
    async with asyncio.timeout(15):
        while True:
            async with http.get("/readyz") as answer:
                if answer.status == 200:
                    return
            await asyncio.sleep(0.02)


async def file(district: District, who: str, path: str) -> tuple[int, bytes]:
    headers = {"authorization": "Bearer " + keys.token(district.data, who)}
    async with district.http.get(BASE + path, headers=headers) as answer:
        return answer.status, await answer.read()
