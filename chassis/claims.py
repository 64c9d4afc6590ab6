"""Idempotency keys of requests whose record's id comes out of the body: a claim says which request a key is for.

A document remembers the keys of its own requests; the same key with another body would concern another document, and be
carried out. So here the key is claimed, just before the write, for the one request it came with. A claim is kept for as
long as a document remembers a key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.event import instant

from .cause import Cause
from .documents import KEYS_KEPT, seen_as
from .kernel.errors import ANOTHER, KeyReused
from .recurring import farther
from .store import Document, DuplicateKey, Index, Range, Store

CLAIMS = "claims"
PAGE = 200


async def prepare(store: Store) -> None:
    await store.prepare(CLAIMS, [Index(field="at")])


async def check(store: Store, cause: Cause) -> None:
    """KeyReused where the key was claimed for another request."""
    if cause.claims and cause.key is not None:
        _same(await store.get(CLAIMS, seen_as(cause.key)), cause)


async def take(store: Store, cause: Cause, *, ahead: bool = False) -> None:
    """Claim the key for this request, unless it is; KeyReused where another came first. `ahead` of a change by it."""
    if not cause.claims or cause.key is None:
        return
    claim: Document = {
        "id": seen_as(cause.key),
        "rev": 1,
        "fingerprint": cause.fingerprint,
        "at": instant(cause.now),
    }
    try:
        await store.insert(CLAIMS, claim, ahead=ahead)
    except DuplicateKey:
        standing = await store.get(CLAIMS, claim["id"])
        _same(standing, cause)
        if standing is not None and _lapsed(standing, cause):
            await store.replace(CLAIMS, {**claim, "rev": standing["rev"] + 1}, standing["rev"])


def _same(claim: Document | None, cause: Cause) -> None:
    if claim is None or _lapsed(claim, cause):
        return
    if claim["fingerprint"] != cause.fingerprint:
        raise KeyReused("同一个幂等键不能用于不同的请求。", english=ANOTHER)


def _lapsed(claim: Document, cause: Cause) -> bool:
    return datetime.fromisoformat(claim["at"]) < cause.now - KEYS_KEPT


@dataclass(frozen=True, slots=True)
class Lapsed:
    """The claims in a service's stores, for its retention to remove."""

    stores: Sequence[Store]
    name = CLAIMS

    async def go_through(self, service: str, now: datetime) -> None:
        lapsed = {"at": Range(below=instant(now - KEYS_KEPT))}
        for store in self.stores:
            while page := await store.find(CLAIMS, lapsed, sort="at", limit=PAGE):
                for claim in page:
                    # One that was taken anew meanwhile is another's.
                    await store.delete(CLAIMS, claim["id"], claim["rev"])
                    farther()
