"""How much one asks in a minute: a subject, a partner whatever its tokens, or an address where nobody says who he is.

Counted in this process alone, in windows that stand still: several gateways let through as many times as
much, and two windows that meet may let through twice as much at once.
"""

import time
from dataclasses import dataclass
from math import ceil

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.types import Message, Send

from chassis.identity import Subject
from chassis.kernel.errors import TooMany

from .access import TELLERS


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left, and for how many seconds, as the IETF's RateLimit fields say it."""

    name: str
    limit: RateLimitItem
    left: int
    until: int
    admitted: bool

    def headers(self) -> list[tuple[bytes, bytes]]:
        policy = f'"{self.name}";q={self.limit.amount};w={self.limit.get_expiry()}'
        now = f'"{self.name}";r={self.left};t={self.until}'
        return [(b"ratelimit-policy", policy.encode()), (b"ratelimit", now.encode())]

    def refusal(self) -> TooMany:
        window = f"{self.limit.get_expiry()} 秒内最多 {self.limit.amount} 次"
        return TooMany(f"请求过于频繁：{window}，请稍后再试。", wait=self.until)

    def on(self, send: Send) -> Send:
        """Said with the answer, whatever it is."""

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *self.headers()]}
            await send(message)

        return told


class Limits:
    def __init__(self, subject: str, address: str) -> None:
        self._counts = FixedWindowRateLimiter(MemoryStorage())
        self._subject, self._address = parse(subject), parse(address)

    def of_subject(self, subject: Subject) -> Allowance:
        if subject.kind in TELLERS:
            return self._count("partner", self._subject, subject.acts_as)
        return self._count("subject", self._subject, subject.sub)

    def of_address(self, address: str) -> Allowance:
        return self._count("address", self._address, address)

    def _count(self, name: str, limit: RateLimitItem, who: str) -> Allowance:
        """One more, and what is left after it."""
        admitted = self._counts.hit(limit, name, who)
        stats = self._counts.get_window_stats(limit, name, who)
        until = max(ceil(stats.reset_time - time.time()), 1)
        return Allowance(name, limit, stats.remaining, until, admitted)
