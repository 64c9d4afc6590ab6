"""Write-ahead notes of data kept for a record that isn't written yet: made before the data, removed after the record.

A process that dies in between leaves the note; a later sweep finds the data by it, and removes both.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from contracts.event import instant

from .recurring import farther
from .store import Document, DuplicateKey, Index, Page, Range, Store

LEFT = timedelta(hours=1)
"""Longer than any request lasts."""
PAGE = 200


@dataclass(frozen=True, slots=True)
class Begun:
    """In a collection beside `of`."""

    store: Store
    of: str

    @property
    def _collection(self) -> str:
        return f"{self.of}_begun"

    async def prepare(self) -> None:
        await self.store.prepare(self._collection, [Index(field="at")])

    async def note(self, id: str, now: datetime, **said: Any) -> None:
        """From now on, where one who was killed has left the same."""
        document = {"id": id, "rev": 1, "at": instant(now), **said}
        try:
            await self.store.insert(self._collection, document)
        except DuplicateKey:
            rev = await self.store.rev(self._collection, id) or 0
            await self.store.replace(self._collection, {**document, "rev": rev + 1}, rev)

    async def over(self, id: str) -> None:
        await self.store.delete(self._collection, id)

    async def left(self, now: datetime) -> AsyncIterator[Document]:
        """What nobody can be at any more; whoever asks for the next is done with the last."""
        long_ago = {"at": Range(at_most=instant(now - LEFT))}
        after: Page | None = None
        while page := await self.store.find(self._collection, long_ago, after=after, limit=PAGE):
            for one in page:
                yield one
                farther()
            after = Page(page[-1]["id"], page[-1]["id"])
