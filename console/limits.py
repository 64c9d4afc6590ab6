"""How much one asks in a minute: a session, or an address where nobody is signed in.

People who share an address are many, each in a session of his own: what an address has is for their coming in and for
residents.
"""

import time
from collections.abc import Callable

from chassis.buckets import Allowance, Buckets

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
            return self._addresses.take(visitor.address or "")
        return self._sessions.take(visitor.forgery)
