"""A circuit breaker per service: after a few failures an unreachable service is only tried once in a while."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

FAILURES = 5
"""One after the other, until nobody is sent there any more."""
SHORTEST, LONGEST = 1.0, 30.0
"""Seconds until one is sent to see, doubled each time he comes back with nothing."""


@dataclass(slots=True)
class Circuit:
    clock: Callable[[], float] = time.monotonic
    _failures: int = 0
    _pause: float = SHORTEST
    _until: float = field(default=0.0)

    def closed_for(self) -> int:
        """Seconds for which nobody is sent, nought where one may go; he who goes to see goes alone."""
        if self._failures < FAILURES:
            return 0
        now = self.clock()
        if now < self._until:
            return max(ceil(self._until - now), 1)
        self._until = now + self._pause  # the others wait for what he finds
        return 0

    def reached(self) -> None:
        self._failures, self._pause = 0, SHORTEST

    def failed(self) -> None:
        self._failures += 1
        if self._failures > FAILURES:
            self._pause = min(self._pause * 2, LONGEST)
        self._until = self.clock() + self._pause
