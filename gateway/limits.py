"""Rate limits per minute: by subject, by partner whatever its tokens, by address for requests without a token."""

import time
from collections.abc import Callable

from chassis.buckets import Allowance, Buckets, counted_as
from chassis.identity import Subject

from .access import TELLERS


class Limits:
    def __init__(
        self, subject: str, address: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._partners = Buckets("partner", subject, clock)
        self._subjects = Buckets("subject", subject, clock)
        self._addresses = Buckets("address", address, clock)

    def of_subject(self, subject: Subject) -> Allowance:
        if subject.kind in TELLERS:
            return self._partners.take(subject.acts_as)
        return self._subjects.take(subject.sub)

    def of_address(self, address: str) -> Allowance:
        return self._addresses.take(counted_as(address))
