"""A store in a dictionary, for what a rule says of what is kept."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import orjson

from chassis.store import Document, DuplicateKey, Has, In, Index, Page, Range, Total, Where


class MemoryStore:
    """Holds JSON text, so that only what would be stored comes back."""

    in_order = True

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    async def prepare(
        self, collection: str, indexes: Sequence[Index], totals: Sequence[Total] = ()
    ) -> None:
        pass

    async def get(self, collection: str, id: str, *, lean: bool = False) -> Document | None:
        text = self.kept.get((collection, id))
        return orjson.loads(text) if text is not None else None

    async def rev(self, collection: str, id: str) -> int | None:
        found = await self.get(collection, id)
        return int(found["rev"]) if found else None

    async def insert(self, collection: str, document: Document, *, ahead: bool = False) -> None:
        if (collection, document["id"]) in self.kept:
            raise DuplicateKey("id")
        self.kept[collection, document["id"]] = json.dumps(document, ensure_ascii=False)

    async def replace(
        self, collection: str, document: Document, rev: int, *, ahead: bool = False
    ) -> bool:
        before = await self.get(collection, document["id"])
        if before is None or before["rev"] != rev:
            return False
        self.kept[collection, document["id"]] = json.dumps(document, ensure_ascii=False)
        return True

    settle = replace

    async def delete(self, collection: str, id: str, rev: int | None = None) -> bool:
        if rev is not None and rev != await self.rev(collection, id):
            return False
        return self.kept.pop((collection, id), None) is not None

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
        found = [orjson.loads(text) for (name, _), text in self.kept.items() if name == collection]
        fitting = [one for one in found if all(_fits(one, *asked) for asked in where.items())]
        if after is not None and descending:
            raise NotImplementedError
        ordered = sorted(((_at(one, sort), one["id"], one) for one in fitting), reverse=descending)
        last = (after.value, after.id) if after else None
        return [one for *place, one in ordered if last is None or tuple(place) > last][:limit]

    async def tally(
        self, collection: str, where: Where, *, by: str | None = None, sums: Sequence[str] = ()
    ) -> list[dict[str, Any]]:
        if sums:
            raise NotImplementedError
        found = await self.find(collection, where, limit=len(self.kept))
        if by is None:
            return [{"count": len(found)}]
        counts = Counter(_at(one, by) for one in found)
        return [{by: value, "count": count} for value, count in sorted(counts.items())]

    async def close(self) -> None:
        pass


def _at(document: Document, field: str) -> Any:
    value: Any = document
    for name in field.split("."):
        value = value.get(name) if value else None
    return value


def _fits(document: Document, field: str, wanted: Any) -> bool:
    value = _at(document, field)
    match wanted:
        case Has():
            return set(wanted.values) <= set(value or ())
        case In():
            return value in wanted.values
        case Range():
            return value is not None and _within(value, wanted)
        case _:
            return bool(value == wanted)


def _within(value: Any, bounds: Range) -> bool:
    return bool(
        (bounds.above is None or value > bounds.above)
        and (bounds.at_least is None or value >= bounds.at_least)
        and (bounds.below is None or value < bounds.below)
        and (bounds.at_most is None or value <= bounds.at_most)
    )
