"""The scheduler: what is due, oldest first, all of it, each by the same write as any command.

A timer has no record of its own: `next_due` is a field of the aggregate, and the write that fires a rung also moves it
on. However many schedulers run, each rung fires exactly once.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any

import structlog

from contracts.event import instant

from .aggregates import Aggregates
from .cause import Cause
from .pacing import Backoff
from .store import Document, Page, Range
from .telemetry import Telemetry

PAGE = 200
ABREAST = 16
RETRIED_WITHIN = 60.0
"""Seconds between two tries of one that fails each time; they begin with the tick."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Timer:
    """What to do with an aggregate of this kind when its timer is due."""

    aggregates: Aggregates[Any, Any]
    fire: Callable[[str, Cause], Awaitable[object]]


@dataclass(slots=True)
class Failed:
    """Tried again from `after` on, of the monotonic clock: the other one may be set."""

    pause: Backoff
    after: float = 0.0


class Scheduler:
    def __init__(
        self,
        service: str,
        timers: Iterable[Timer],
        clock: Callable[[], datetime],
        telemetry: Telemetry,
        *,
        tick: float = 1.0,
        abreast: int = ABREAST,
    ) -> None:
        self._service = service
        self._timers = list(timers)
        self._clock = clock
        self._telemetry = telemetry
        self._tick = tick
        self._abreast = asyncio.Semaphore(abreast)
        self._failed: dict[str, Failed] = {}
        """By subject. Of this process alone: another one's tries are its own."""
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        if self._timers:
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while True:
            try:
                await self.fire_due()
            except Exception:
                # The store is away; what is due stays due.
                log.exception("timers_failed", service=self._service)
            await asyncio.sleep(self._tick)

    async def fire_due(self) -> None:
        for timer in self._timers:
            until, after = instant(self._clock()), None
            while page := await timer.aggregates.store.find(
                timer.aggregates.kind.collection,
                {"next_due": Range(at_most=until)},
                sort="next_due",
                after=after,
                limit=PAGE,
            ):
                # In any order within the page, so that schedulers on one store seldom race for the same one.
                mixed = random.sample(page, len(page))
                await asyncio.gather(*(self._fire(timer, document) for document in mixed))
                # By place, not by count: one that failed stays behind and is met in the next pass.
                after = Page(page[-1]["next_due"], page[-1]["id"])

    async def _fire(self, timer: Timer, document: Document) -> None:
        subject = timer.aggregates.subject(document["id"])
        failed = self._failed.get(subject)
        if failed is not None and monotonic() < failed.after:
            return
        now = self._clock()
        lag = (now - datetime.fromisoformat(document["next_due"])).total_seconds()
        cause = Cause(actor="system:clock", now=now)
        try:
            async with self._abreast:
                await timer.fire(document["id"], cause)
        except Exception:
            log.exception("timer_failed", service=self._service, subject=subject)
            self._telemetry.not_fired(self._service)
            failed = failed or Failed(Backoff(self._tick, RETRIED_WITHIN))
            failed.after = monotonic() + failed.pause.grow()
            self._failed[subject] = failed
        else:
            self._telemetry.fired(self._service, lag)
            self._failed.pop(subject, None)

    def trouble(self) -> str | None:
        return "计时器已停止" if self._task is not None and self._task.done() else None

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
