"""Signatures as in Standard Webhooks (HMAC-SHA256, symmetric, `v1`).

A secret is derived from the process's own key and stored nowhere: access to the database isn't enough to sign.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

PREFIX = "whsec_"
BYTES = 32
BOTH = timedelta(hours=24)
"""How long an earlier secret is valid beside the new one, so that its owner can change over."""
MOST = 10
"""Signatures that are looked at."""


def secret_of(key: bytes, webhook: str, generation: int) -> str:
    """As its receiver keeps it."""
    made = hmac.digest(key, f"webhook {webhook} {generation}".encode(), hashlib.sha256)
    return PREFIX + base64.b64encode(made[:BYTES]).decode()


Until = tuple[datetime | None, ...]
"""Until when each of the secrets before the newest holds, the latest of them first."""


def rotated(earlier: Until, at: datetime) -> Until:
    """After one more: each holds as long as it was promised to."""
    held = [until for until in earlier if until is not None and at < until]
    return (at + BOTH, *held)[: MOST - 1]


def holding(generation: int, earlier: Until, now: datetime) -> tuple[int, ...]:
    """Of the secrets that hold now, the newest first."""
    before = (
        generation - back
        for back, until in enumerate(earlier, 1)
        if until is not None and now < until
    )
    return (generation, *before)


def signature(secrets: Iterable[str], id: str, timestamp: int, body: bytes) -> str:
    """One for each secret, a space between them; a receiver is content with one that it can verify."""
    said = f"{id}.{timestamp}.".encode() + body
    return " ".join(_one(secret, said) for secret in secrets)


def _one(secret: str, data: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.digest(key, data, hashlib.sha256)).decode()


def proves(text: str, secrets: Iterable[str], id: str, timestamp: int, body: bytes) -> bool:
    """Whether one of the signatures that are said is by one of the secrets."""
    ours = signature(secrets, id, timestamp, body).split()
    found = [
        hmac.compare_digest(one.encode(), own.encode())
        for one in text.split()[:MOST]
        for own in ours
    ]
    return any(found)
