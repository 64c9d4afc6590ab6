"""How often an address has come without a token (W-16): in memory only, and in no log."""

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil

from chassis.kernel.errors import TooMany

from .domain.policy import Open311

WINDOW = timedelta(minutes=1)
MOST = 5
DAY = timedelta(days=1)
ADDRESSES = 10_000
"""How many are kept at most; the one that was quiet for longest goes first."""


class WrongTries:
    """Receipt codes that weren't any: five in a minute are too many."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._of: dict[str, list[datetime]] = {}

    def too_many(self, address: str) -> bool:
        return len(self._recent(address)) >= MOST

    def wrong(self, address: str) -> None:
        now = self._clock()
        # What is older than the window is forgotten, so that nobody's address is kept for long.
        self._of = {one: times for one, times in self._of.items() if now - times[-1] < WINDOW}
        self._of[address] = [*self._recent(address), now]

    def _recent(self, address: str) -> list[datetime]:
        now = self._clock()
        return [at for at in self._of.get(address, []) if now - at < WINDOW]


class Posts:
    """Requests sent in, whatever became of them, within the limits of a minute and of a day."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._of: dict[str, list[datetime]] = {}
        """In the order of the latest post."""

    def count(self, address: str, limits: Open311) -> None:
        """One more; TooMany says after how many seconds it would be admitted."""
        now, times = self._clock(), self._of.get(address, [])
        wait = max(
            _wait(times, limits.posts_each_minute, WINDOW, now),
            _wait(times, limits.posts_each_day, DAY, now),
        )
        if wait > timedelta():
            raise TooMany("提交过于频繁，请稍后再试。", wait=ceil(wait.total_seconds()))
        self._of.pop(address, None)
        self._of[address] = [*times, now][-limits.posts_each_day :]
        self._forget(now)

    def _forget(self, now: datetime) -> None:
        while len(self._of) > ADDRESSES or now - self._of[next(iter(self._of))][-1] >= DAY:
            del self._of[next(iter(self._of))]


def _wait(times: list[datetime], most: int, window: timedelta, now: datetime) -> timedelta:
    """Until the last `most` of them no longer lie within the window."""
    return times[-most] + window - now if len(times) >= most else timedelta()
