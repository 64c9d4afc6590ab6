"""Rate limits per minute: by session, or by address for visitors who aren't signed in.

Many people share an address, each with their own session: an address' limit is for signing in and for residents.
"""

import time
from collections.abc import Callable

from chassis.buckets import Allowance, Buckets, counted_as

from .visitors import Visitor

SESSION, ADDRESS = "600/minute", "3000/minute"


class Limits:
    def __init__(
        self,
        session: str = SESSION,
        address: str = ADDRESS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sessions = Buckets("session", session, clock)
        self._addresses = Buckets("address", address, clock)

    def of(self, visitor: Visitor) -> Allowance:
        if visitor.token is None:
            return self._addresses.take(counted_as(visitor.address or ""))
        return self._sessions.take(visitor.forgery)
