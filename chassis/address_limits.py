"""Rate limits by client address, for requests without a token: counted in memory only, and in no log."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from math import ceil

from fastapi import Request

from .buckets import counted_as
from .kernel.errors import NotFound, TooMany
from .named_locks import NamedLocks

WINDOW = timedelta(minutes=1)
MOST = 5
DAY = timedelta(days=1)
ADDRESSES = 10_000
"""How many are kept at most; the one that was quiet for longest goes first."""


def address_of(request: Request) -> str:
    return counted_as(request.client.host) if request.client else ""


class RecentRequests:
    """When each address came, for as long as that matters and no longer."""

    def __init__(self, clock: Callable[[], datetime], kept: timedelta) -> None:
        self._clock = clock
        self._kept = kept
        self._of: dict[str, list[datetime]] = {}
        """In the order of the latest coming."""

    def times(self, address: str) -> list[datetime]:
        now = self._clock()
        return [at for at in self._of.get(address, []) if self._counts(at, now)]

    def _counts(self, at: datetime, now: datetime) -> bool:
        """What came before the clock was set back would do so until the clock is there again."""
        return timedelta() <= now - at < self._kept

    def came(self, address: str, most: int) -> None:
        """Once more; its last `most` times are remembered."""
        now, times = self._clock(), self.times(address)
        self._of.pop(address, None)
        self._of[address] = [*times, now][-most:]
        while len(self._of) > ADDRESSES or not self._counts(next(iter(self._of.values()))[-1], now):
            del self._of[next(iter(self._of))]


class WrongCodeLimit:
    """Receipt codes that weren't any: five in a minute are too many. `wrong`: how that is said."""

    def __init__(self, clock: Callable[[], datetime], wrong: type[NotFound]) -> None:
        self._recent, self._wrong = RecentRequests(clock, WINDOW), wrong
        self._turns = NamedLocks()

    @asynccontextmanager
    async def counted(self, address: str) -> AsyncIterator[None]:
        """One after another: of many that come at once from an address each knows how the others ended."""
        async with self._turns(address):
            if len(self._recent.times(address)) >= MOST:
                raise TooMany("错误次数过多，请一分钟后再试。", wait=int(WINDOW.total_seconds()))
            try:
                yield
            except self._wrong:
                self._recent.came(address, MOST)
                raise


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
