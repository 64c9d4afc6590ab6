"""How much one asks in a minute: a subject, a partner whatever its tokens, or an address where nobody says who he is.

Counted in this process alone: several gateways let through as many times as much.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from limits import RateLimitItem, parse
from starlette.types import Message, Send

from chassis.identity import Subject
from chassis.kernel.errors import TooMany

from .access import TELLERS


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
        return TooMany(f"请求过于频繁：{window}，请稍后再试。", wait=self.until)

    def on(self, send: Send) -> Send:
        """Said with the answer, whatever it is."""

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *self.headers()]}
            await send(message)

        return told


class Buckets:
    """A bucket for each who asks: full at first, one out for each request, filled again evenly.

    Counted here and not by the library, whose store begins a thread every ten milliseconds while it is asked.
    """

    def __init__(self, name: str, limit: RateLimitItem, clock: Callable[[], float]) -> None:
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
        """Who has asked nothing for a whole window has a full bucket again."""
        while self._of:
            who = next(iter(self._of))
            if now - self._of[who][1] < self._window:
                return
            del self._of[who]


class Limits:
    def __init__(
        self, subject: str, address: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._partners = Buckets("partner", parse(subject), clock)
        self._subjects = Buckets("subject", parse(subject), clock)
        self._addresses = Buckets("address", parse(address), clock)

    def of_subject(self, subject: Subject) -> Allowance:
        if subject.kind in TELLERS:
            return self._partners.take(subject.acts_as)
        return self._subjects.take(subject.sub)

    def of_address(self, address: str) -> Allowance:
        return self._addresses.take(address)
