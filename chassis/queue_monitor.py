"""The lengths of the queues that this process consumes: read in the background, for the metrics alone."""

import asyncio
from dataclasses import asdict

import structlog

from .bus import Bus
from .pacing import ended
from .telemetry import Telemetry

LOOK_EVERY = 5.0
log = structlog.get_logger()


class QueueMonitor:
    def __init__(self, bus: Bus, telemetry: Telemetry) -> None:
        self._bus = bus
        self._telemetry = telemetry
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._keep_looking())

    async def _keep_looking(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        try:
            found = await self._bus.depths()
        except Exception as error:
            # Why the bus is away, the service's health says; nothing else depends on this look.
            log.info("queues_unseen", error=type(error).__name__)
            self._telemetry.queues_unknown()
            return
        for queue, lies in found.items():
            self._telemetry.queue(queue, asdict(lies))

    async def stop(self) -> None:
        if self._task is not None:
            await ended(self._task)
