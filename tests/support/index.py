"""The index service in one process, over HTTP, on SQLite and the local bus, with a clock the test holds."""

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
from chassis.cause import Cause
from chassis.service import Process, Service
from chassis.subscriptions import Heard
from contracts.event import Envelope, Event
from gongzhi import compose, keys
from services.index import main as index
from tests.support import ports

MARCH = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BASE = "/api/v1/index"
EVIDENCE = {"source": "guandu", "edition": "2026", "page": "112"}
OWN = {"source": "statistics", "table": "年度统计报表"}


@dataclass
class Index:
    """The running service, its clock, and what the journal would hear."""

    data: Path
    url: str
    http: aiohttp.ClientSession
    service: Service = field(init=False)
    now: datetime = MARCH
    letters: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By event id: on the wire an event comes at least once."""

    def token(self, who: str) -> str:
        return keys.token(self.data, who)

    async def ask(
        self, who: str, method: str, path: str, body: Any = None, *, seen: int | None = None
    ) -> tuple[int, Any]:
        headers = {"authorization": "Bearer " + self.token(who)}
        if seen is not None:
            headers["if-match"] = f'"{seen}"'
        async with self.http.request(method, BASE + path, json=body, headers=headers) as answer:
            if answer.content_type.endswith("json"):
                return answer.status, await answer.json()
            return answer.status, await answer.read()

    async def file(self, who: str, point: int, *values: str, year: int = 2026) -> int:
        """The status of filing these figures."""
        body = {"values": values, "evidence": EVIDENCE}
        return (await self.ask(who, "PUT", f"/observations/{year}/{point}", body))[0]

    async def hear(self, id: str, event: Event, at: datetime = MARCH, sequence: int = 3) -> None:
        """As the bus would deliver it."""
        [subscription] = [one for one in self.service.subscriptions if one.event is type(event)]
        envelope = Envelope(
            id=id,
            source=f"/gongzhi/{event.type.partition('.')[0]}",
            type=event.type,
            subject=f"things/{id}",
            time=at,
            sequence=f"{sequence:012}",
            correlationid="case-1",
            data={},
        )
        cause = Cause(actor="system:bus", now=at, key=f"event:{id}", fingerprint=id)
        await subscription.react(Heard(event=event, envelope=envelope, cause=cause))

    async def note(self, delivery: Delivery) -> Done:
        self.letters.setdefault(delivery.id, json.loads(delivery.body))
        return Done()

    def told(self, what: str) -> list[dict[str, Any]]:
        type = f"index.{what}.v1"
        return [letter["data"] for letter in self.letters.values() if letter["type"] == type]

    async def until(self, happened: Callable[[], bool]) -> None:
        async with asyncio.timeout(15):
            while not happened():
                await asyncio.sleep(0.02)


async def begun(told: Index) -> None:
    """Ready as far as it is without the other services: what it ships is there."""
    async with asyncio.timeout(15):
        while (await told.ask("resident", "GET", "/years"))[1].get("items", []) == []:
            await asyncio.sleep(0.02)


@asynccontextmanager
async def running(data: Path, *beside: str) -> AsyncIterator[Index]:
    """`beside`: other services whose news it hears."""
    port = ports.free_port()
    url = f"http://{ports.LOOPBACK}:{port}"
    async with aiohttp.ClientSession(url) as http:
        told = Index(data, url, http)
        settings = keys.settings_for(data).model_copy(update={"tick": 0.05})
        house = compose.house(settings, "test", clock=lambda: told.now)
        service = told.service = index.build(house)
        house.bus.consume("journal", told.note)
        others = [compose.SERVICES[name](house) for name in beside]
        process = Process(house, [*others, service])
        config = uvicorn.Config(
            service.app(), host=ports.LOOPBACK, port=port, log_level="error", lifespan="off"
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        process.start()
        try:
            await told.until(lambda: server.started)
            await begun(told)
            yield told
        finally:
            server.should_exit = True
            await serving
            await process.stop()
