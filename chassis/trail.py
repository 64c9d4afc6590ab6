"""The trail (留痕): an aggregate's private events, each sealed to the one before.

A mark is HMAC-SHA256, under a key that isn't in the database, of the mark before it and the entry's
canonical JSON; the first follows from what the trail is of, so that it can't be another's. An edit,
a deletion or a change of order breaks the chain; a trail cut short is found by comparing its last
mark with the `trailhead` that the journal has witnessed.

An entry names the key of its mark; one that names none is from before keys had ids.
"""

import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .keyring import Keyring, UnknownKey

Entry = Mapping[str, Any]


CANONICAL = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)


def canonical(value: Any) -> bytes:
    return CANONICAL.encode(value).encode()


def mark(key: bytes, before: str, entry: Entry) -> str:
    content = {name: value for name, value in entry.items() if name != "mark"}
    return hmac.digest(key, before.encode() + canonical(content), "sha256").hex()


def seal(key: bytes, before: str, entry: Entry) -> dict[str, Any]:
    """Under the newest key, whose id the entry says."""
    id, newest = Keyring.of(key).newest
    said = {**entry, "key": id}
    return {**said, "mark": mark(newest, before, said)}


@dataclass(frozen=True, slots=True)
class TrailFault:
    """Where a trail is not what was written: the entry's version, and what is wrong with it."""

    version: int
    what: str


def faults(key: bytes, subject: str, trail: Sequence[Entry], version: int) -> Iterator[TrailFault]:
    """Every break in the chain, and a length that isn't the document's `version`."""
    before, ring = subject, Keyring.of(key)
    for expected, entry in enumerate(trail, start=1):
        found = entry.get("version")
        if found != expected:
            yield TrailFault(expected, f"entry {expected} carries version {found}")
        yield from _marked(ring, before, entry, expected)
        before = str(entry.get("mark", ""))
    if len(trail) != version:
        yield TrailFault(
            len(trail), f"the document is at version {version}, its trail at {len(trail)}"
        )


def _marked(ring: Keyring, before: str, entry: Entry, expected: int) -> Iterator[TrailFault]:
    try:
        wanted = mark(ring.named(entry.get("key")), before, entry)
    except UnknownKey as unknown:
        yield TrailFault(expected, f"no key of ours is called {unknown}")
        return
    if not hmac.compare_digest(str(entry.get("mark", "")), wanted):
        yield TrailFault(expected, "the mark does not follow from the entry and the mark before it")


def witnessed(trail: Sequence[Entry], heads: Mapping[int, str]) -> Iterator[TrailFault]:
    """Where the trail contradicts the heads that the journal saw (version → mark)."""
    marks = {entry.get("version"): entry.get("mark") for entry in trail}
    for version, head in sorted(heads.items()):
        if marks.get(version) != head:
            yield TrailFault(version, "the journal has witnessed another mark for this version")
