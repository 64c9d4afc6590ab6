"""Whether a service can do its work: checked in the background and on request.

Troubles take it out of rotation: it can't store a command, or lacks data that its decisions need. Being degraded
doesn't: while the broker is away events wait in their documents, which is what the outbox is for.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

import structlog

from .brake import Brake
from .deadlines import Scheduler
from .kernel.errors import Unavailable
from .outbox import Relay
from .pacing import ended
from .store import Store
from .telemetry import Telemetry

PROBES = "probes"
PROBE_EVERY = 5.0
"""Seconds between two writes that only try whether a write can be kept."""
PROBE_WITHIN = 3.0
LOOK_WITHIN = 20.0
"""Seconds; a store that takes longer to say what waits can't do a service's work, either."""
FRESH = 1.0
"""Seconds for which a look that found nothing wrong is believed."""
LOOK_EVERY = 5.0
"""Seconds between looks when nobody asks, for the metrics."""

Check = Callable[[], Awaitable[str | None]]
"""Why not yet, or None."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Health:
    """`troubles` keep it from being ready; what is `degraded` doesn't. Both by name, with the reason."""

    troubles: dict[str, str] = field(default_factory=dict)
    degraded: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Probe:
    """A document of this process's own, rewritten periodically: disks fill up and folders turn read-only."""

    store: Store
    id: str = field(default_factory=lambda: str(uuid4()))

    async def prepare(self) -> None:
        await self.store.prepare(PROBES, [])

    async def write(self) -> None:
        """Raises what keeps the store from keeping it."""
        async with asyncio.timeout(PROBE_WITHIN):
            known = await self.store.get(PROBES, self.id)
            if known is None:
                await self.store.insert(PROBES, {"id": self.id, "rev": 1})
            else:
                await self.store.replace(PROBES, {**known, "rev": known["rev"] + 1}, known["rev"])

    async def withdraw(self) -> None:
        async with asyncio.timeout(PROBE_WITHIN):
            await self.store.delete(PROBES, self.id)


class Watch:
    """Of one service."""

    def __init__(
        self,
        service: str,
        stores: Sequence[Store],
        checks: Sequence[Check],
        relay: Relay,
        scheduler: Scheduler,
        brake: Brake,
        telemetry: Telemetry,
        clock: Callable[[], datetime],
        *,
        bound: int,
        late: float,
        idle: Callable[[], str | None],
        worse: Mapping[str, Callable[[], str | None]],
    ) -> None:
        """`idle`: what of its own has ended; `worse`: by name, what else it may be worse off for."""
        self._service = service
        self._probes = [Probe(store) for store in stores]
        self._checks = checks
        self._relay = relay
        self._scheduler = scheduler
        self._brake = brake
        self._telemetry = telemetry
        self._clock = clock
        self._bound = bound
        self._late = late
        self._idle = idle
        self._worse = worse
        self._looking = asyncio.Lock()
        self._seen = Health()
        self._looked = self._probed = float("-inf")
        self._task: asyncio.Task[None] | None = None

    async def prepare(self) -> None:
        for probe in self._probes:
            await probe.prepare()

    def start(self) -> None:
        self._task = asyncio.create_task(self._keep_looking())

    async def stop(self) -> None:
        if self._task is not None:
            await ended(self._task)
        for probe in self._probes:
            try:
                await probe.withdraw()
            except (Unavailable, TimeoutError) as error:
                log.info("probe_left", service=self._service, error=type(error).__name__)

    async def health(self) -> Health:
        """What is wrong, looked at again if the last look is old or found something."""
        async with self._looking:
            if self._seen.troubles or time.monotonic() - self._looked > FRESH:
                await self._look()
        return Health(self._troubles(), self._degraded())

    async def _keep_looking(self) -> None:
        while True:
            await self.health()
            await asyncio.sleep(LOOK_EVERY)

    async def _look(self) -> None:
        troubles: dict[str, str] = {}
        degraded = self._seen.degraded
        try:
            async with asyncio.timeout(LOOK_WITHIN):
                await self._probe()
                waiting, since = await self._relay.pending()
                due = await self._scheduler.oldest_due()
                missing = [reason for check in self._checks if (reason := await check())]
        except Exception as error:
            log.warning("store_away", service=self._service, error=type(error).__name__)
            self._probed = float("-inf")
            troubles["store"] = "存储不可用，或不能写入"
        else:
            if missing:
                troubles["register"] = "；".join(missing)
            degraded = self._measured(waiting, since)
            self._telemetry.due(self._service, self._age(due))
        self._seen, self._looked = Health(troubles, degraded), time.monotonic()

    async def _probe(self) -> None:
        if time.monotonic() - self._probed > PROBE_EVERY:
            for probe in self._probes:
                await probe.write()
            self._probed = time.monotonic()

    def _measured(self, waiting: int, since: datetime | None) -> dict[str, str]:
        """The outbox: how much waits, how long, and whether it is too much for callers to add to."""
        age = self._age(since)
        self._telemetry.outbox(self._service, waiting, age)
        full = waiting >= self._bound
        self._brake.reason = (
            f"有 {waiting} 条记录的事件等待发布，暂不受理新的操作。" if full else None
        )
        late = f"最早的事件已等待 {int(age)} 秒" if age > self._late else None
        reason = self._brake.reason or late
        return {"outbox": reason} if reason else {}

    def _age(self, since: datetime | None) -> float:
        return max(0.0, (self._clock() - since).total_seconds()) if since else 0.0

    def _troubles(self) -> dict[str, str]:
        idle = self._idle()
        found = {**self._seen.troubles, **({"own": idle} if idle else {})}
        self._telemetry.ready.labels(self._service).set(not found)
        return found

    def _degraded(self) -> dict[str, str]:
        worse = {name: why for name, asked in self._worse.items() if (why := asked())}
        found = {**self._seen.degraded, **worse}
        self._telemetry.degraded.labels(self._service).set(bool(found))
        return found
