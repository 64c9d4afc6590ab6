"""How long to wait: back-off while something fails, and a bound when stopping."""

import asyncio
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


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
        for task in late:
            task.cancel()
        await asyncio.gather(*waited, return_exceptions=True)
