"""Why a change happens: the caller, the time, and the idempotency key."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import uuid4


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What `change` passes on so that a decision needs neither clock nor randomness.

    `key` recognises the same request again: an event's source and id, or a caller and its
    Idempotency-Key; `fingerprint` tells whether it really is the same. `expected` is the version the
    caller saw (If-Match).
    """

    actor: str
    now: datetime
    correlation: str | None = None
    causation: str | None = None
    traceparent: str | None = None
    key: str | None = None
    fingerprint: str = ""
    expected: int | None = None
    claims: bool = False
    """Whether the key is claimed for the one request, whatever that is about (`claims`)."""
    fresh: str = field(default_factory=lambda: str(uuid4()))
    """An id nobody has used."""

    def unkeyed(self) -> "Cause":
        return replace(self, key=None, fingerprint="", expected=None)
