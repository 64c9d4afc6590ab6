"""One life of some services, which ends itself with SIGKILL at a chosen point. The product has no such switch."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.bus import Bus, Delivery, Handler, Message, Parked, QueueDepth, Verdict
from chassis.service import Process
from chassis.settings import Settings
from gongzhi import compose
from gongzhi.roster import build
from gongzhi.serving import listening, serve, server

POINTS = ("between write and publish", "between publish and confirm", "between effect and ack")


class DeadlyBus:
    """The bus port, with death at one point for the subject that the armed file names."""

    def __init__(self, inner: Bus, point: str, armed: Path) -> None:
        self._inner = inner
        self._point = point
        self._armed = armed

    def _dies(self, point: str, body: bytes) -> None:
        if point != self._point or b"whistle.closed.v1" not in body:
            return
        subject = self._armed.read_bytes()
        if subject and subject in body:
            os.kill(os.getpid(), signal.SIGKILL)

    async def publish(self, message: Message, *, only: str | None = None) -> None:
        self._dies(POINTS[0], message.body)
        await self._inner.publish(message, only=only)
        self._dies(POINTS[1], message.body)

    def consume(self, queue: str, handle: Handler) -> None:
        async def deadly(delivery: Delivery) -> Verdict:
            verdict = await handle(delivery)
            self._dies(POINTS[2], delivery.body)
            return verdict

        self._inner.consume(queue, deadly)

    async def start(self) -> None:
        await self._inner.start()

    async def parked(self, queue: str) -> list[Parked]:
        return await self._inner.parked(queue)

    async def unpark(self, queue: str, settled: Mapping[str, bytes | None]) -> set[str]:
        return await self._inner.unpark(queue, settled)

    async def depths(self) -> Mapping[str, QueueDepth]:
        return await self._inner.depths()

    def trouble(self) -> str | None:
        return self._inner.trouble()

    async def quiesce(self) -> None:
        await self._inner.quiesce()

    async def stop(self) -> None:
        await self._inner.stop()


@dataclass(frozen=True)
class Life:
    """What to be: which services, where, and where to die."""

    services: list[str]
    port: int
    point: str
    armed: str

    def live(self) -> None:
        settings = Settings()
        bus = DeadlyBus(compose.open_bus(settings.bus_url), self.point, Path(self.armed))
        runtime = compose.runtime(settings, "life", bus=bus)
        built = {name: build(name, runtime) for name in self.services}
        app = Split({name: service.app() for name, service in built.items()})
        process = Process(runtime, list(built.values()))
        door = server(app, "127.0.0.1", self.port)
        asyncio.run(serve(door, process, listening("127.0.0.1", self.port), log_level="error"))


class Split:
    """Each service's paths to that service."""

    def __init__(self, apps: Mapping[str, ASGIApp]) -> None:
        self._apps = apps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        parts = scope["path"].split("/")
        name = parts[3] if len(parts) > 3 else next(iter(self._apps))
        await self._apps[name](scope, receive, send)


if __name__ == "__main__":
    Life(**json.loads(sys.argv[1])).live()
