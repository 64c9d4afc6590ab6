"""A clock that goes on from a day of 2026, whenever a test runs, and as much ahead as the test says."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from chassis.kernel.clock import local_date

FIRST = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
"""Monday, ten in the morning in Shanghai."""


@dataclass
class Ahead:
    by: timedelta = timedelta(0)
    began: float = field(default_factory=time.monotonic)

    def __call__(self) -> datetime:
        return FIRST + timedelta(seconds=time.monotonic() - self.began) + self.by

    def day(self) -> str:
        """Today in Shanghai."""
        return local_date(self()).isoformat()
