"""A pause that grows while something fails and starts over when it works again."""

import asyncio
import random
from dataclasses import dataclass, field


@dataclass(slots=True)
class GrowingPause:
    """Seconds; doubled each time up to `longest`, with jitter so that replicas don't march in step."""

    shortest: float = 0.2
    longest: float = 30.0
    _next: float = field(default=0.0, init=False)

    def reset(self) -> None:
        self._next = 0.0

    def grow(self) -> float:
        self._next = min(max(self._next * 2, self.shortest), self.longest)
        return self._next * random.uniform(0.8, 1.2)

    async def rest(self) -> None:
        await asyncio.sleep(self.grow())
