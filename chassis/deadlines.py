"""The scheduler: what is due, oldest first, all of it, each by the same write as any command.

A timer has no record of its own: `next_due` is a field of the aggregate, and the write that fires a rung also moves it
on. However many schedulers run, each rung fires exactly once.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import structlog

from contracts.event import instant

from .aggregates import Aggregates
from .cause import Cause
from .pacing import Backoff, ended
from .recurring import Recurring
from .store import Document, Page, Range, Where
from .telemetry import Telemetry

PAGE, TAKEN = 200, 50
"""How many are looked at, and how many of them, at random, are fired before the next look: what other schedulers on
the same store have fired meanwhile is gone by then, and isn't tried for nothing."""
ABREAST = 16
RETRIED_WITHIN = 60.0
"""Seconds between two tries of one that fails each time; they begin with the tick."""
FIRED_WITHIN = 60.0
"""Seconds; what takes longer hangs. It is cut off, and has failed."""
FORGOTTEN_AFTER = 600.0
"""Seconds after the next try of one that failed was to be: another scheduler has fired it meanwhile."""
PUT_OFF_EVERY = 60.0
"""Seconds between two looks for what was put off too far: a clock is seldom set back."""
WAITED = 5.0
"""Seconds that a pass waits at its end for what still fires: others are due while one hangs."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Soon:
    """Which of a kind are never put off for longer than so: one that is was put off before the clock was set back."""

    where: Where
    most: timedelta


@dataclass(frozen=True, slots=True)
class Timer:
    """What to do with an aggregate of this kind when its timer is due.

    `within`: None of what may take any time, and itself cuts off what stands.
    """

    aggregates: Aggregates[Any, Any]
    fire: Callable[[str, Cause], Awaitable[object]]
    within: float | None = FIRED_WITHIN
    soon: Soon | None = None


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
        jobs: bool = False,
    ) -> None:
        """`jobs`: done one at a time. How long one waited for its turn isn't told as lag: no deadline came late by
        it.
        """
        self._service = service
        self._timers = list(timers)
        self._clock = clock
        self._telemetry = telemetry
        self._tick = tick
        self._jobs = jobs
        self._abreast = asyncio.Semaphore(1 if jobs else ABREAST)
        self._firing: dict[str, asyncio.Task[None]] = {}
        """By subject; one for each place abreast at most."""
        self._failed: dict[str, Failed] = {}
        """By subject. Of this process alone: another one's tries are its own."""
        self._looks_back = 0.0
        """From when on it looks again for what was put off too far; of the monotonic clock."""
        named = ("jobs", "后台处理") if jobs else ("deadlines", "计时器")
        # Each look and each firing has its own cut-off.
        self._passes = Recurring(service, *named, self.fire_due, telemetry, every=tick, within=None)

    def start(self) -> None:
        if self._timers:
            self._passes.start()

    async def fire_due(self) -> None:
        old = monotonic() - FORGOTTEN_AFTER
        looks_back = monotonic() >= self._looks_back
        if looks_back:
            self._looks_back = monotonic() + PUT_OFF_EVERY
        self._failed = {of: one for of, one in self._failed.items() if one.after > old}
        for timer in self._timers:
            until, after = instant(self._clock()), None
            met: set[Page] = set()
            while page := await self._due(timer, until, after, PAGE):
                places = {_place(one): one for one in page}
                met &= places.keys()
                # Without what waits, or looking past that would take a look for each fifty.
                left = [at for at in places.keys() - met if not self._waits(timer, places[at])]
                if not left:
                    # By place, not by count: one that failed stays behind and is met in the next pass.
                    after, met = _place(page[-1]), set()
                for place in random.sample(left, min(TAKEN, len(left))):
                    met.add(place)
                    await self._begin(timer, places[place])
            for one in await self._put_off(timer) if looks_back else ():
                if not self._waits(timer, one):
                    await self._begin(timer, one)
        if self._firing:
            await asyncio.wait(self._firing.values(), timeout=None if self._jobs else WAITED)

    async def _due(
        self, timer: Timer, until: str, after: Page | None, limit: int
    ) -> list[Document]:
        return await self._found(timer, {"next_due": Range(at_most=until)}, after, limit)

    async def _put_off(self, timer: Timer) -> list[Document]:
        if timer.soon is None:
            return []
        late = Range(above=instant(self._clock() + timer.soon.most))
        return await self._found(timer, {**timer.soon.where, "next_due": late}, None, PAGE)

    @staticmethod
    async def _found(timer: Timer, where: Where, after: Page | None, limit: int) -> list[Document]:
        store, name = timer.aggregates.store, timer.aggregates.kind.collection
        async with asyncio.timeout(FIRED_WITHIN):
            return await store.find(
                name, where, sort="next_due", after=after, limit=limit, lean=True
            )

    async def oldest_due(self) -> datetime | None:
        """By the store, whoever should fire it, and whether or not anybody does. What fails here is told by itself."""
        until, limit = instant(self._clock()), min(len(self._failed) + 1, PAGE)
        found = [
            datetime.fromisoformat(one["next_due"])
            for timer in self._timers
            for one in await self._due(timer, until, None, limit)
            if timer.aggregates.subject(one["id"]) not in self._failed
        ]
        return min(found, default=None)

    def _waits(self, timer: Timer, document: Document) -> bool:
        """To be tried again, or because it is being fired."""
        subject = timer.aggregates.subject(document["id"])
        failed = self._failed.get(subject)
        return subject in self._firing or (failed is not None and monotonic() < failed.after)

    async def _begin(self, timer: Timer, document: Document) -> None:
        """As soon as there is a place for it."""
        subject = timer.aggregates.subject(document["id"])
        await self._abreast.acquire()
        self._firing[subject] = asyncio.create_task(self._fire(timer, subject, document))

    async def _fire(self, timer: Timer, subject: str, document: Document) -> None:
        now = self._clock()
        lag = (now - datetime.fromisoformat(document["next_due"])).total_seconds()
        cause = Cause(actor="system:clock", now=now)
        try:
            async with asyncio.timeout(timer.within):
                await timer.fire(document["id"], cause)
        except Exception:
            log.exception("timer_failed", service=self._service, subject=subject)
            self._telemetry.not_fired(self._service)
            failed = self._failed.get(subject) or Failed(Backoff(self._tick, RETRIED_WITHIN))
            failed.after = monotonic() + failed.pause.grow()
            self._failed[subject] = failed
        else:
            self._telemetry.fired(self._service, None if self._jobs else lag)
            self._passes.done()
            self._failed.pop(subject, None)
        finally:
            del self._firing[subject]
            self._abreast.release()

    def trouble(self) -> str | None:
        return self._passes.trouble()

    async def stop(self) -> None:
        await self._passes.stop()
        await ended(*self._firing.values())


def _place(document: Document) -> Page:
    return Page(document["next_due"], document["id"])
