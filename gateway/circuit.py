"""A circuit breaker per service: after a few failures an unreachable service is only tried once in a while."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

FAILURES = 5
"""Consecutive failures until the circuit opens."""
SHORTEST, LONGEST = 1.0, 30.0
"""Seconds until a trial request, doubled each time it fails."""


@dataclass(slots=True)
class Circuit:
    clock: Callable[[], float] = time.monotonic
    _failures: int = 0
    _pause: float = SHORTEST
    _until: float = field(default=0.0)

    def closed_for(self) -> int:
        """Seconds until the next trial, 0 if this request may pass; only one trial passes at a time."""
        if self._failures < FAILURES:
            return 0
        now = self.clock()
        if now < self._until:
            return max(ceil(self._until - now), 1)
        self._until = now + self._pause  # the others wait for its outcome
        return 0

    def reached(self) -> None:
        self._failures, self._pause = 0, SHORTEST

    def failed(self) -> None:
        self._failures += 1
        if self._failures > FAILURES:
            self._pause = min(self._pause * 2, LONGEST)
        self._until = self.clock() + self._pause
