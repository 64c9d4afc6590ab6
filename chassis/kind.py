"""What the chassis must know of a kind of aggregate, and an aggregate as it is stored."""

import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from contracts.event import Event, instant

from .documents import Codec, plain
from .numbers import tokens
from .store import Document, Index, Total

A = TypeVar("A")
E = TypeVar("E")

STANDING_INDEXES = (
    Index(field="pending_since", sparse=True),
    Index(field="next_due", sparse=True),
    Index(field="number", unique=True, sparse=True),
)
WORDS = "words"
"""The key of what a search finds a document by."""
BEGUN_BY = "begun_by"
ACTORS = "actors"
"""The keys of the offices that a trail names: of its first entry, and of each."""
MOST_ACTORS = 64
"""Of the offices of one record, those who came to it first; they are fewer (ours)."""


def derived_id(*parts: str) -> str:
    """The same id for the same parts, so that a second attempt finds the first."""
    return str(uuid5(NAMESPACE_URL, "/".join(parts)))


def keyed_id(secret: bytes, purpose: str, *parts: str) -> str:
    """Likewise, but made by nobody who knows the parts and not the secret; the secret serves other purposes, too."""
    key = hmac.digest(secret, purpose.encode(), "sha256")
    return str(UUID(bytes=hmac.digest(key, "/".join(parts).encode(), "sha256")[:16]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[A, E]):
    """What the chassis must know of an aggregate; the pure functions come from its domain."""

    service: str
    collection: str
    state: type[A]
    events: tuple[type[E], ...]
    evolve: Callable[[A | None, E], A]
    announce: Callable[[E, A], Event | None]
    keys: Callable[[A], Mapping[str, Any]]
    """The fields that lists filter by, policy included; stored as `keys.*`."""
    next_due: Callable[[A], datetime | None] = lambda _: None
    indexes: tuple[str, ...] = ()
    """Which of `keys` are indexed: `units[]` by each of its values, `street+opened_at` by one in the
    order of another."""
    always: tuple[str, ...] = ()
    """Which of `keys` every record has; an earlier record that lacks any gets them at the start."""
    totals: tuple[Total, ...] = ()
    """Of `keys` that every record has: tallies and counts that are read often."""
    acted: bool = False
    """Whether it is asked for by who began it and who acted on it (`begun_by`, `actors`)."""
    words: Callable[[A], str] | None = None
    """What a search finds it by, besides its number."""
    voice: Callable[[Event, A], tuple[str, str] | None] = lambda _, __: None
    """Source and id of an event told in somebody else's name; None for our own."""
    codec: Codec[A, E] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "codec", Codec(self.state, self.events))

    @property
    def every_has(self) -> tuple[str, ...]:
        """The keys that every record has."""
        return (*self.always, *((ACTORS,) if self.acted else ()))

    def found_by(
        self, state: A, number: str | None, trail: Sequence[Mapping[str, Any]]
    ) -> dict[str, Any]:
        """What stands in its `keys`."""
        keys: dict[str, Any] = plain(self.keys(state))
        if self.words is not None:
            keys[WORDS] = tokens(f"{self.words(state)} {number or ''}")
        if self.acted:
            actors = [*dict.fromkeys(entry["actor"] for entry in trail)]
            keys |= {ACTORS: actors[:MOST_ACTORS], BEGUN_BY: actors[0]}
        return keys

    def follows(
        self, state: A, number: str | None, trail: Sequence[Mapping[str, Any]]
    ) -> dict[str, Any]:
        """What of a document follows from its trail: the state, what it is found by, when it is woken."""
        due = self.next_due(state)
        woken = {"next_due": instant(due)} if due is not None else {}
        found_by = self.found_by(state, number, trail)
        return {"state": self.codec.dump_state(state), "keys": found_by, **woken}

    def astray(self, state: A, document: Document) -> Iterator[str]:
        """The search keys and timers of the document that don't follow from its state.

        A key that it lacks may be one of a later version; how a text is cut into words may change, too.
        """
        stored = document["keys"]
        said = self.found_by(state, document.get("number"), document["trail"])
        for name in {**stored, **dict.fromkeys(self.every_has)}:
            known = name in said and name != WORDS
            if known and stored.get(name) != said[name]:
                yield f"keys.{name}"
        due = self.next_due(state)
        if document.get("next_due") != (instant(due) if due else None):
            yield "next_due"

    def all_indexes(self) -> list[Index]:
        words = [Index(field=f"keys.{WORDS}", array=True)] if self.words else []
        acted = [f"{ACTORS}[]", BEGUN_BY] if self.acted else []
        return [*STANDING_INDEXES, *map(_index_of, (*self.indexes, *acted)), *words]

    def all_totals(self) -> list[Total]:
        return [
            Total(
                fields=tuple(f"keys.{name}" for name in total.fields),
                by=f"keys.{total.by}",
                of=tuple(f"keys.{name}" for name in total.of),
            )
            for total in self.totals
        ]


@dataclass(frozen=True, slots=True)
class Held(Generic[A]):
    """An aggregate as stored: the state, and how many events have happened to it."""

    id: str
    aggregate: A
    version: int
    correlation: str
    number: str | None = None
    """What people call it, where it is one that has a number."""


@dataclass(frozen=True, slots=True)
class Changed(Held[A], Generic[A, E]):
    """What a change led to. `repeated` when the same request had been carried out before."""

    events: tuple[E, ...] = ()
    repeated: bool = False


def _index_of(text: str) -> Index:
    name, _, then = text.partition("+")
    array = name.endswith("[]")
    field = f"keys.{name.removesuffix('[]')}"
    return Index(field=field, then=f"keys.{then}" if then else None, array=array)
