"""A clock that goes on from a day of 2026, or from now where the demo plays, and as much ahead as a test says."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from chassis.kernel.clock import local_date

FIRST = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
"""Monday, ten in the morning in Shanghai."""


@dataclass
class Ahead:
    by: timedelta = timedelta(0)
    first: datetime = FIRST
    began: float = field(default_factory=time.monotonic)

    def __call__(self) -> datetime:
        return self.first + timedelta(seconds=time.monotonic() - self.began) + self.by

    def day(self) -> str:
        """Today in Shanghai."""
        return local_date(self()).isoformat()
