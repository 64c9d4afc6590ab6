"""A service's retention table: data of records that have been over for longer than its term is removed by the service's
own timer.

The key `over` of a record says since when it is over (`lists.due`: never, while it isn't or nothing is left to remove),
so a changed term applies to all records within the hour, earlier ones included.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

from .aggregates import Aggregates
from .cause import Cause
from .kind import Held
from .lists import OVER, moment
from .recurring import farther
from .store import Range

ACTOR = "system:clock"
EVERY = timedelta(hours=1)
REMOVED_WITHIN = 60.0
"""Seconds; what takes longer hangs. It is cut off, and met again in the next round."""
log = structlog.get_logger()


class Lapsing(Protocol):
    """Something from which data past its term is removed."""

    @property
    def name(self) -> str: ...

    async def go_through(self, service: str, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`remove` may find that it is too early after all; such a record is met again in the next round.

    What is listed is looked at again at its turn: whatever happened to it meanwhile, it may be over no longer.
    """

    name: str
    of: Aggregates[Any, Any]
    days: Callable[[], Awaitable[int]]
    remove: Callable[[Held[Any], Cause], Awaitable[None]]

    async def go_through(self, service: str, now: datetime) -> None:
        cause = Cause(actor=ACTOR, now=now)
        until = moment(now - timedelta(days=await self.days()))
        async for listed in self.of.every_readable({OVER: Range(at_most=until)}):
            try:
                async with asyncio.timeout(REMOVED_WITHIN):
                    await self._remove_if_over(listed.id, until, cause)
            except Exception:
                # One that can't go, or hangs, holds up no other.
                log.exception("not_removed", service=service, line=self.name, id=listed.id)
            # Else from some that hang on, none would ever get to those behind them.
            farther()

    async def _remove_if_over(self, id: str, until: int, cause: Cause) -> None:
        held = await self.of.look(id)
        if held is not None and self.of.kind.keys(held.aggregate)[OVER] <= until:
            await self.remove(held, cause)


@dataclass(slots=True)
class Retention:
    """Of one line: once an hour, and at every start."""

    service: str
    line: Lapsing
    clock: Callable[[], datetime]
    _last: datetime | None = field(default=None, init=False)

    async def look(self) -> None:
        now = self.clock()
        # A clock that was set back is no reason to wait until it is there again.
        if self._last is None or not timedelta(0) <= now - self._last < EVERY:
            await self.line.go_through(self.service, now)
            self._last = now
