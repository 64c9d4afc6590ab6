"""A cache of values derived from a document: valid as long as the document's `rev` is unchanged."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from .aggregates import Aggregates
from .kind import Held

T = TypeVar("T")
MOST = 10_000


class RevCache(Generic[T]):
    """By id. Other processes may write the document, so its `rev` is asked for each time, and no more."""

    def __init__(self, of: Aggregates[Any, Any], make: Callable[[Held[Any]], T]) -> None:
        self._of = of
        self._make = make
        self._known: dict[str, tuple[int, T]] = {}

    async def look(self, id: str) -> T | None:
        rev = await self._of.store.rev(self._of.kind.collection, id)
        if rev is None:
            return None
        known = self._known.get(id)
        if known is not None and known[0] == rev:
            return known[1]
        held = await self._of.look(id)
        if held is None:
            return None
        if len(self._known) >= MOST:
            self._known.clear()
        made = self._make(held)
        # What was read may be newer than what was asked for: then it is read once more.
        self._known[id] = rev, made
        return made
