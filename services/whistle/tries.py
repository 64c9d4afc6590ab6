"""How often an address has shown a receipt code that isn't one (W-16): in memory only, and in no log."""

from collections.abc import Callable
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=1)
MOST = 5


class WrongTries:
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
