"""The codes that a partner's event or a webhook may name, from the public lists of their services.

So a wrong code is refused by the gateway, in the answer to who names it. While a list can't be fetched, its codes
aren't checked: an event that the service then refuses is parked there.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.text import Unfit

from .forward import Forward

WITHIN = 2.0
"""Seconds that a list is waited for."""
AGAIN, OLD = 1.0, 60.0
"""Seconds after which a list is asked for again: for a code that isn't on it, and for one that may have left it."""
PLACES = "/api/v1/housing/public/communities"
NOT_LISTED = Unfit("没有这个代码", "is not on the list")
NOWHERE = Unfit(
    "该社区尚未登记所属街道，由区里补录后方可报送",
    "belongs to no street yet, so that nothing can be told of it",
)


def _communities(told: Any) -> dict[str, Unfit | None]:
    return {one["code"]: None if one["street"] else NOWHERE for one in told}


def _streets(told: Any) -> dict[str, Unfit | None]:
    return {one["street"]: None for one in told if one["street"]}


def _lying(told: Any) -> dict[str, Unfit | None]:
    return {_place(one["street"], one["code"]): None for one in told}


def _place(street: str | None, community: str) -> str:
    return f"{street}/{community}"


def _categories(told: Any) -> dict[str, Unfit | None]:
    return {one["service_code"]: None for one in told}


@dataclass(slots=True)
class Listed:
    """One list, as it was last told: of each code, why it can't be named all the same."""

    service: str
    path: str
    read: Callable[[Any], dict[str, Unfit | None]]
    known: Mapping[str, Unfit | None] = field(default_factory=dict)
    told: bool = False
    """Whether it was, when it was asked for last."""
    asked_at: float = field(default=float("-inf"))
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def wrong(self, code: str, forward: Forward, now: Callable[[], float]) -> Unfit | None:
        async with self.asking:
            good = self.known.get(code, NOT_LISTED) is None
            if now() - self.asked_at >= (OLD if good else AGAIN):
                status, told = await forward.ask(self.service, self.path, WITHIN)
                self.told, self.asked_at = status == 200, now()
                self.known = self.read(told) if self.told else self.known
            return self.known.get(code, NOT_LISTED) if self.told else None


class Codes:
    """`of`: the fields whose codes are known."""

    def __init__(self, forward: Forward, clock: Callable[[], float] = time.monotonic) -> None:
        lists = {
            "community": Listed("housing", PLACES, _communities),
            "street": Listed("housing", PLACES, _streets),
            "category": Listed("whistle", "/api/v1/whistle/open311/v2/services.json", _categories),
        }
        self._forward, self._clock = forward, clock
        self.of = {name: one for name, one in lists.items() if one.service in forward.names}
        self._lying = Listed("housing", PLACES, _lying) if "street" in self.of else None

    async def wrong(self, field: str, code: str) -> Unfit | None:
        """Why this code can't stand there; None where it can, or nobody knows."""
        return await self.of[field].wrong(code, self._forward, self._clock)

    async def elsewhere(self, street: str, community: str) -> bool:
        """Whether the community is another street's; False also where nobody knows."""
        if self._lying is None:
            return False
        place = _place(street, community)
        return await self._lying.wrong(place, self._forward, self._clock) is not None
