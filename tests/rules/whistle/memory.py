"""A store in a dictionary, for what a rule says of what is kept."""

import json
from collections.abc import Sequence
from typing import Any

from chassis.aggregates import Aggregates
from chassis.store import Document, Index, Page, Taken, Where


class MemoryStore:
    """Holds JSON text, so that only what would be stored comes back."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    async def prepare(self, collection: str, indexes: Sequence[Index]) -> None:
        pass

    async def get(self, collection: str, id: str) -> Document | None:
        text = self.kept.get((collection, id))
        return json.loads(text) if text is not None else None

    async def insert(self, collection: str, document: Document) -> None:
        if (collection, document["id"]) in self.kept:
            raise Taken("id")
        self.kept[collection, document["id"]] = json.dumps(document, ensure_ascii=False)

    async def replace(self, collection: str, document: Document, rev: int) -> bool:
        before = await self.get(collection, document["id"])
        if before is None or before["rev"] != rev:
            return False
        self.kept[collection, document["id"]] = json.dumps(document, ensure_ascii=False)
        return True

    async def delete(self, collection: str, id: str) -> bool:
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
    ) -> list[Document]:
        raise NotImplementedError

    async def tally(
        self, collection: str, where: Where, *, by: str | None = None, sums: Sequence[str] = ()
    ) -> list[dict[str, Any]]:
        raise NotImplementedError

    async def ping(self) -> None:
        pass

    async def close(self) -> None:
        pass


class Silent:
    """An outlet that tells nobody."""

    def offer(self, aggregates: Aggregates[Any, Any], document: Document) -> None:
        pass
