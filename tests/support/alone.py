"""One service in this process, over HTTP, on SQLite and the local bus, with a clock the test holds."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import aiohttp
import uvicorn

from chassis.bus import Delivery, Done
from chassis.service import Process, Service
from gongzhi import compose, keys
from gongzhi.roster import build
from tests.support import ports

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
Kind = TypeVar("Kind", bound="Alone")


@dataclass
class Alone:
    """The running service, its clock, and what the journal would hear."""

    name: ClassVar[str]

    data: Path
    url: str
    http: aiohttp.ClientSession
    service: Service = field(init=False)
    now: datetime = MONDAY
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By event id: on the wire an event comes at least once."""

    def token(self, who: str) -> str:
        return keys.token(self.data, who)

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
        """The status, and the JSON or the bytes of the answer."""
        headers = {"authorization": "Bearer " + self.token(who)}
        if seen is not None:
            headers["if-match"] = f'"{seen}"'
        if key is not None:
            headers["idempotency-key"] = key
        address = f"/api/v1/{self.name}{path}"
        async with self.http.request(method, address, json=body, headers=headers) as answer:
            if answer.content_type.endswith("json"):
                return answer.status, await answer.json()
            return answer.status, await answer.read()

    async def note(self, delivery: Delivery) -> Done:
        self.messages.setdefault(delivery.id, json.loads(delivery.body))
        return Done()

    def told(self, what: str) -> list[dict[str, Any]]:
        type = f"{self.name}.{what}.v1"
        return [message["data"] for message in self.messages.values() if message["type"] == type]

    async def until(self, happened: Callable[[], bool]) -> None:
        async with asyncio.timeout(120):
            while not happened():
                await asyncio.sleep(0.02)


@asynccontextmanager
async def serving(kind: type[Kind], data: Path, *beside: str) -> AsyncIterator[Kind]:
    """`beside`: other services whose news it hears."""
    port = ports.free_port()
    url = f"http://{ports.LOOPBACK}:{port}"
    async with aiohttp.ClientSession(url) as http:
        one = kind(data, url, http)
        settings = keys.settings_for(data).model_copy(update={"tick": 0.05})
        runtime = compose.runtime(settings, "test", clock=lambda: one.now)
        service = one.service = build(kind.name, runtime)
        runtime.bus.consume("journal", one.note)
        others = [build(name, runtime) for name in beside]
        process = Process(runtime, [*others, service])
        config = uvicorn.Config(
            service.app(), host=ports.LOOPBACK, port=port, log_config=None, lifespan="off"
        )
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve())
        process.start()
        try:
            await one.until(lambda: server.started)
            yield one
        finally:
            server.should_exit = True
            await running
            await process.stop()
