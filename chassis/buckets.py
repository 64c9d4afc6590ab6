"""Rate limits: one token bucket for each caller, counted in this process alone.

N processes of a kind let through N times as much.
"""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Network, ip_address
from math import ceil

from limits import RateLimitItem, parse
from starlette.types import Message, Send

from .kernel.errors import TooMany


def counted_as(address: str) -> str:
    """Of IPv6 the network: whoever has one address of it has as many as he likes."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if known.version == 4:
        return address
    return str(known.ipv4_mapped or IPv6Network((int(known), 64), strict=False))


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left, and in how many seconds all of it or, where none is, one: the IETF's RateLimit fields."""

    name: str
    limit: RateLimitItem
    left: int
    until: int
    admitted: bool
    policy: bytes
    """What is always the same of it, written once."""

    def headers(self) -> list[tuple[bytes, bytes]]:
        now = f'"{self.name}";r={self.left};t={self.until}'
        return [(b"ratelimit-policy", self.policy), (b"ratelimit", now.encode())]

    def refusal(self) -> TooMany:
        window = f"{self.limit.get_expiry()} 秒内最多 {self.limit.amount} 次"
        english = (
            f"At most {self.limit.amount} in {self.limit.get_expiry()} seconds; come again later."
        )
        return TooMany(f"请求过于频繁：{window}，请稍后再试。", wait=self.until, english=english)

    def on(self, send: Send) -> Send:
        """Said with the answer, whatever it is."""

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *self.headers()]}
            await send(message)

        return told


class Buckets:
    """A bucket for each caller: full at first, one token taken for each request, refilled evenly.

    Counted here and not by the library, whose store starts a thread every ten milliseconds while it is in use.
    """

    def __init__(self, name: str, rate: str, clock: Callable[[], float]) -> None:
        limit = parse(rate)
        self._name, self._limit, self._clock = name, limit, clock
        self._window = limit.get_expiry()
        self._each_second = limit.amount / self._window
        self._policy = f'"{name}";q={limit.amount};w={self._window}'.encode()
        self._of: dict[str, tuple[float, float]] = {}
        """What was left, and when; in the order of the latest request."""

    def take(self, who: str) -> Allowance:
        """One more, and what is left after it."""
        now, most = self._clock(), float(self._limit.amount)
        before, at = self._of.pop(who, (most, now))
        there = min(before + (now - at) * self._each_second, most)
        admitted = there >= 1
        left = there - 1 if admitted else there
        self._of[who] = left, now
        self._forget(now)
        short = most - left if admitted else 1 - left
        until = max(ceil(short / self._each_second), 1)
        return Allowance(self._name, self._limit, int(left), until, admitted, self._policy)

    def _forget(self, now: float) -> None:
        """A caller without requests for a whole window has a full bucket again."""
        while self._of:
            who = next(iter(self._of))
            if now - self._of[who][1] < self._window:
                return
            del self._of[who]
