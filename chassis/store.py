"""The store port: documents by id, written whole, compare-and-set. Nothing else reaches a driver.

A document holds JSON values only, its key as `id` and the storage's counter as `rev`. Fields may be
named with dots (`keys.street`).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from .kernel.errors import Malformed, Unavailable

Document = dict[str, Any]
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class In:
    values: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Has:
    """The field is an array that holds each of the values."""

    values: Sequence[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    above: Any = None
    at_least: Any = None
    below: Any = None
    at_most: Any = None


@dataclass(frozen=True, slots=True)
class Missing:
    """The document doesn't have the field."""


Where = Mapping[str, Any | In | Has | Range | Missing]
"""All must hold; a plain value means equality."""


HEAVY = ("trail", "seen", "outbox")
"""Fields that grow with a document and that queries never return."""
SETTLED = ("rev", "outbox", "pending_since")
"""The fields of a document that its relay changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index on one field, `then` on another, for lists of the one in the order of the other.

    Documents without the field are left out of a sparse one; with `array` each value of an array counts.
    """

    field: str
    then: str | None = None
    unique: bool = False
    sparse: bool = False
    array: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field, self.then) if self.then else (self.field,)

    @property
    def name(self) -> str:
        return "__".join(field.replace(".", "_") for field in self.fields)


def bare(field: str) -> str:
    """Without the mark of an array."""
    return field.removesuffix("[]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """What is tallied again and again: by `by`, the sums `of` fields, where each of `fields` has a value.

    A store that can keeps it up with every write, so that reading it costs the same however many there are.
    One of `fields` may be an array (`units[]`): then by each of its values. What lacks a field or `by` isn't
    counted.
    """

    fields: tuple[str, ...]
    by: str
    of: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        named = (bare(field).replace(".", "_") for field in (*self.fields, "by", self.by))
        return "__".join(named)

    def answers(self, where: Where, by: str | None, sums: Sequence[str]) -> bool:
        """Of all that has `by`, or of some; together, or of each."""
        asked = {*map(bare, self.fields)} <= {*where} <= {*map(bare, self.fields), self.by}
        kept = by in (None, self.by) and {*sums} <= {*self.of}
        return asked and kept and all(self._known(field, where[field]) for field in where)

    def _known(self, field: str, wanted: Any) -> bool:
        if f"{field}[]" in self.fields:
            return isinstance(wanted, Has) and len(wanted.values) == 1
        return isinstance(wanted, str | int | In)


@dataclass(frozen=True, slots=True)
class Page:
    """Where to go on: the sort field's value and the id of the last document seen."""

    value: Any
    id: str


class DuplicateKey(Exception):
    """Another document has this id (`index == "id"`) or this value of a unique index."""

    def __init__(self, index: str) -> None:
        super().__init__(index)
        self.index = index


@contextmanager
def storable(*away: type[Exception]) -> Iterator[None]:
    """A number or text that no store can hold is the caller's mistake, wherever it came in.

    `away` is how the driver says that the store can't be reached, or is held by another: not now.
    """
    try:
        yield
    except (OverflowError, UnicodeEncodeError):
        raise Malformed("数值或文字超出可存储的范围。") from None
    except away as error:
        log.warning("store_away", error=type(error).__name__, detail=_said(error)[:200])
        raise Unavailable("存储暂时不可用，请稍后再试。") from error


def _said(error: Exception) -> str:
    """A server that answers may repeat what it was asked: its code, and that code's name, say enough."""
    code = getattr(error, "code", None)
    if not code:
        return str(error)
    details = getattr(error, "details", None) or {}
    return " ".join(filter(None, (str(code), details.get("codeName"))))


class Store(Protocol):
    in_order: bool
    """Whether what was asked to be written first is also seen first, without its end being waited for."""

    async def prepare(
        self, collection: str, indexes: Sequence[Index], totals: Sequence[Total] = ()
    ) -> None:
        """Make the collection, its indexes and what is kept of totals, if they aren't there."""

    async def get(self, collection: str, id: str, *, lean: bool = False) -> Document | None:
        """`lean`: without what is heavy."""

    async def rev(self, collection: str, id: str) -> int | None:
        """Of the stored one, None where there is none: whether what one remembers of it still holds."""

    async def insert(self, collection: str, document: Document, *, ahead: bool = False) -> None:
        """Add it at its `rev`; raises DuplicateKey.

        `ahead` of what its caller writes next, and answers for only then: that it lasts before the next write that
        isn't `ahead` does is enough, so that a store which writes in order waits for the disk once for both.
        """

    async def replace(
        self, collection: str, document: Document, rev: int, *, ahead: bool = False
    ) -> bool:
        """Write it whole if the stored one still is at `rev`; False when another came first."""

    async def settle(self, collection: str, document: Document, rev: int) -> bool:
        """The same of its `rev`, its `outbox` and since when that waits, where nothing else of it has changed.

        It may be lost with the machine, and would then be done again.
        """

    async def delete(self, collection: str, id: str, rev: int | None = None) -> bool:
        """Only if it still is at `rev`, where that is given; False where nothing went."""

    async def find(
        self,
        collection: str,
        where: Where,
        *,
        sort: str = "id",
        descending: bool = False,
        after: Page | None = None,
        limit: int = 100,
        lean: bool = False,
        lasting: bool = False,
    ) -> list[Document]:
        """In the order of `sort`, then id. Documents without the sort field aren't in it.

        `lean`: likewise. `lasting`: only what no failover of the store takes back, which may be a little
        less than is there.
        """

    async def tally(
        self, collection: str, where: Where, *, by: str | None = None, sums: Sequence[str] = ()
    ) -> list[dict[str, Any]]:
        """One row per value of `by`: that field, `count`, and the sum of each of `sums`."""

    async def close(self) -> None: ...
