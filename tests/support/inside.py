"""The all-in-one inside the test's own loop: with a clock the test holds, and spans the test can read."""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import aiohttp
from fastapi import FastAPI

from chassis.kernel.clock import WorkingDays
from chassis.service import Process, Runtime, Service, utc_now
from gateway import main as gateway
from gateway.forward import Direct
from gateway.openapi import FRESH, Joined, Text
from gongzhi import compose, keys
from gongzhi.office import Office
from gongzhi.roster import SERVICES, build
from gongzhi.serving import server
from tests.support.buses import published, until
from tests.support.platform import OFTEN

DESCRIBED: dict[str, dict[str, Any]] = {}
"""What each service says of itself; it depends on nothing but the code, and takes a second to be made."""
JOINED: dict[tuple[str, ...], tuple[dict[str, str], dict[str, Text]]] = {}
"""By the services it has: what they said, and what a gateway made of it. That takes two seconds."""


class AskedBefore(Joined):
    """As a gateway is that was asked a moment ago, where one of this process was."""

    def __init__(self, own: Callable[[], dict[str, Any]], forward: Direct) -> None:
        super().__init__(own, forward)
        if known := JOINED.get(forward.names):
            self._said, self._texts = dict(known[0]), known[1]
            self._until = time.monotonic() + FRESH

    def _joined(self, told: Mapping[str, Any]) -> dict[str, Text]:
        texts = super()._joined(told)
        if len(told) == len(self._forward.names):
            JOINED[self._forward.names] = dict(self._said), texts
        return texts


@dataclass
class HeldClock:
    """Stands still until it is moved."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Inside:
    """A running all-in-one and its parts."""

    url: str
    data: Path
    runtime: Runtime
    services: dict[str, Service]
    session: aiohttp.ClientSession
    stop: Callable[[], Awaitable[None]]
    """As SIGTERM does; at the latest it is done at the end of the test."""

    def __call__(self, acts_as: str) -> Office:
        return Office(self.session, self.url, keys.token(self.data, acts_as))

    async def ready(self) -> None:
        """And none the worse for anything: the broker is there too."""
        for _ in range(1200):
            begun = time.monotonic()
            async with self.session.get(self.url + "/readyz") as answer:
                body = await answer.json()
                if answer.status == 200 and not body["degraded"]:
                    return
            # To be asked costs it something, too.
            await asyncio.sleep(max(0.05, 3 * (time.monotonic() - begun)))
        raise AssertionError(f"not ready: {body}")

    async def idle(self) -> None:
        """Nothing is on its way any more, on the bus of one process."""

        async def still() -> bool:
            before = published(self.runtime.telemetry)
            lying = (await self.runtime.bus.depths()).values()
            waiting = [(await one.relay.pending())[0] for one in self.services.values()]
            moving = any(one.waiting + one.delayed for one in lying) or any(waiting)
            # What came from the bus into an outbox and out of it again in between was in neither place.
            return not moving and published(self.runtime.telemetry) == before

        await until(still)

    async def troubles(self) -> dict[str, str]:
        async with self.session.get(self.url + "/readyz") as answer:
            return dict((await answer.json())["troubles"])

    async def degraded(self) -> dict[str, str]:
        async with self.session.get(self.url + "/readyz") as answer:
            return dict((await answer.json())["degraded"])


@asynccontextmanager
async def inside(data: Path, **how: Any) -> AsyncIterator[Inside]:
    """Ready for whatever is asked of it."""
    async with starting(data, **how) as running:
        await running.ready()
        yield running


@asynccontextmanager
async def starting(
    data: Path,
    *,
    bus_url: str | None = None,
    store_url: str | None = None,
    clock: Callable[[], datetime] = utc_now,
    exporter: object = None,
    calendar: WorkingDays | None = None,
    only: Sequence[str] = (),
    **more: Any,
) -> AsyncIterator[Inside]:
    """As it is while what it waits for may not be there yet. `more`: settings."""
    settings = keys.settings_for(data)
    given: dict[str, Any] = {"sweep_after": 2.0, "tick": 0.25}
    given |= {"limit_subject": OFTEN, "limit_address": OFTEN, **more}
    given |= {"bus_url": bus_url} if bus_url else {}
    given |= {"store_url": store_url, "reporters_url": store_url} if store_url else {}
    settings = settings.model_copy(update=given)
    runtime = compose.runtime(settings, "tests", exporter=exporter, clock=clock)  # type: ignore[arg-type]
    if calendar is not None:
        runtime = Runtime(
            **{name: getattr(runtime, name) for name in Runtime.__slots__} | {"calendar": calendar}
        )
    gc.disable()  # As the command does while it builds: a quarter of what that costs.
    try:
        services = {name: build(name, runtime) for name in only or SERVICES}
        edges = {name: one.app() for name, one in services.items()}
        described: dict[str, FastAPI] = {name: edge._app for name, edge in edges.items()}  # type: ignore[attr-defined]
        for name, one in described.items():
            one.openapi_schema = DESCRIBED.get(name)
        with patch.object(gateway, "Joined", AskedBefore):
            door, app = gateway.build(runtime, Direct(edges))
        services[gateway.NAME] = door
        process = Process(runtime, list(services.values()))
        web = server(app, "127.0.0.1", 0)
    finally:
        gc.enable()
    process.start()
    serving = asyncio.create_task(web.serve())

    async def stop() -> None:
        process.leave()
        web.should_exit = True
        await serving
        await process.stop()

    try:
        while not web.started:
            await asyncio.sleep(0.01)
        port = web.servers[0].sockets[0].getsockname()[1]
        async with aiohttp.ClientSession() as session:
            yield Inside(f"http://127.0.0.1:{port}", data, runtime, services, session, stop)
    finally:
        await stop()
        for name, one in described.items():
            if one.openapi_schema is not None:
                DESCRIBED[name] = one.openapi_schema
