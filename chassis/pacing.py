"""How long to wait: back-off while something fails, and a bound when stopping. And how what goes on for ever ends."""

import asyncio
import random
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")

CANCELLED_WITHIN = 1.0
"""Seconds until what was cancelled and goes on is cancelled again."""


@dataclass(slots=True)
class Backoff:
    """Back-off in seconds: doubled each time up to `longest`, with jitter so that replicas don't retry in step."""

    shortest: float = 0.2
    longest: float = 30.0
    _next: float = field(default=0.0, init=False)

    def reset(self) -> None:
        self._next = 0.0

    def grow(self) -> float:
        self._next = min(max(self._next * 2, self.shortest), self.longest)
        return self._next * random.uniform(0.8, 1.2)

    async def sleep(self) -> None:
        await asyncio.sleep(self.grow())


async def finish(tasks: Iterable[asyncio.Task[Any]], within: float) -> None:
    """Let them end by themselves for so many seconds; what hasn't then is cancelled."""
    waited = set(tasks)
    if waited:
        _, late = await asyncio.wait(waited, timeout=within)
        await ended(*late)
        await asyncio.gather(*waited, return_exceptions=True)


async def ended(*tasks: asyncio.Task[Any]) -> None:
    """Cancelled until they are: Python 3.11's `wait_for` swallows a cancellation that comes in the moment in which it
    has what it waits for, and what goes round for ever then never ends.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=CANCELLED_WITHIN)
    await asyncio.gather(*tasks, return_exceptions=True)


async def to_its_end(work: Coroutine[Any, Any, T]) -> T:
    """Whoever waits for it may be cancelled meanwhile, however often (`ended`): they are, once it is done.

    Nobody cuts it off, so it has to have an end of its own: each call of a store has one.
    """
    task, cut_off = asyncio.create_task(work), None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as cause:
            cut_off = cause
    if cut_off is None:
        return task.result()
    await asyncio.gather(task, return_exceptions=True)
    raise cut_off
