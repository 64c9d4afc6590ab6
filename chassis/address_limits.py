"""Rate limits by client address, for requests without a token: counted in memory only, and in no log."""

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil

from fastapi import Request

from .kernel.errors import TooMany

WINDOW = timedelta(minutes=1)
MOST = 5
DAY = timedelta(days=1)
ADDRESSES = 10_000
"""How many are kept at most; the one that was quiet for longest goes first."""


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""


class RecentRequests:
    """When each address came, for as long as that matters and no longer."""

    def __init__(self, clock: Callable[[], datetime], kept: timedelta) -> None:
        self._clock = clock
        self._kept = kept
        self._of: dict[str, list[datetime]] = {}
        """In the order of the latest coming."""

    def times(self, address: str) -> list[datetime]:
        now = self._clock()
        return [at for at in self._of.get(address, []) if now - at < self._kept]

    def came(self, address: str, most: int) -> None:
        """Once more; its last `most` times are remembered."""
        now, times = self._clock(), self.times(address)
        self._of.pop(address, None)
        self._of[address] = [*times, now][-most:]
        while len(self._of) > ADDRESSES or now - self._of[next(iter(self._of))][-1] >= self._kept:
            del self._of[next(iter(self._of))]


class WrongCodeLimit:
    """Receipt codes that weren't any: five in a minute are too many."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._recent = RecentRequests(clock, WINDOW)

    def too_many(self, address: str) -> bool:
        return len(self._recent.times(address)) >= MOST

    def wrong(self, address: str) -> None:
        self._recent.came(address, MOST)


class SubmissionLimit:
    """Requests sent in, whatever became of them, within the limits of a minute and of a day."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._recent = RecentRequests(clock, DAY)

    def count(self, address: str, *, each_minute: int, each_day: int) -> None:
        """One more; TooMany says after how many seconds it would be admitted."""
        now, times = self._clock(), self._recent.times(address)
        wait = max(
            _wait(times, each_minute, WINDOW, now),
            _wait(times, each_day, DAY, now),
        )
        if wait > timedelta():
            raise TooMany("提交过于频繁，请稍后再试。", wait=ceil(wait.total_seconds()))
        self._recent.came(address, each_day)


def _wait(times: list[datetime], most: int, window: timedelta, now: datetime) -> timedelta:
    """Until the last `most` of them no longer lie within the window."""
    return times[-most] + window - now if len(times) >= most else timedelta()
