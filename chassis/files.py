"""Files that people upload, each under the hash of its content; only its service knows what a file is for.

A file that stays is at most as large as a request, so it is one document on either store. A file that is uploaded to be
read and removed again may be larger, and is kept in parts.
"""

import asyncio
import base64
import hashlib
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from .aggregates import Aggregates
from .begun import Begun
from .beside import Beside, Undo
from .kernel.errors import NotFound
from .store import DuplicateKey, Store, Where

T = TypeVar("T")


def name_of(content: bytes) -> str:
    """Under which it is kept: the same content is one file."""
    return hashlib.sha256(content).hexdigest()


def by_file(id: str) -> Where:
    return {"keys.file": id}


@dataclass(frozen=True, slots=True)
class Files:
    """Beside the records `kept` that refer to them, which are found `by` a file's id.

    The same content may be filed again while it is being removed with the last record that referred to it. The writer
    checks for the content after writing its record, the remover for records after removing the content: one of them
    sees the other.
    """

    kept: Aggregates[Any, Any]
    collection: str
    by: Callable[[str], Where] = by_file

    @property
    def name(self) -> str:
        return self.collection

    @property
    def store(self) -> Store:
        return self.kept.store

    @property
    def begun(self) -> Begun:
        return Begun(self.store, self.collection)

    async def prepare(self) -> None:
        await self.store.prepare(self.collection, [])
        await self.begun.prepare()

    async def filed(
        self, content: bytes, write: Callable[[str, Beside], Awaitable[T]], now: datetime
    ) -> T:
        """`write` writes what refers to it, by its id, with the content beside."""
        id = name_of(content)

        async def keep() -> Undo:
            await self.begun.note(id, now)
            await self.keep(content)
            return partial(self._forget, id)

        done = await write(id, keep)
        if await self.store.rev(self.collection, id) is None:
            await self.keep(content)
        await self.begun.over(id)
        return done

    async def keep(self, content: bytes) -> None:
        text = base64.b64encode(content).decode()
        try:
            await self.store.insert(
                self.collection, {"id": name_of(content), "rev": 1, "content": text}
            )
        except DuplicateKey:
            pass  # the same bytes

    async def read(self, id: str) -> bytes:
        content = await self.look(id)
        if content is None:
            raise NotFound("没有这份佐证。")
        return content

    async def look(self, id: str) -> bytes | None:
        kept = await self.store.get(self.collection, id)
        return None if kept is None else base64.b64decode(kept["content"])

    async def remove(self, id: str, *, record: str = "") -> bytes | None:
        """Unless another than this `record` refers to it; what was removed, if anything."""
        if await self._referred(id, record):
            return None
        content = await self.look(id)
        await self.store.delete(self.collection, id)
        if content is None or not await self._referred(id, record):
            return content
        await self.keep(content)
        return None

    async def _referred(self, id: str, but: str) -> bool:
        """By what this version can't read, too."""
        collection = self.kept.kind.collection
        found = await self.store.find(collection, self.by(id), limit=2, lean=True)
        return any(one["id"] != but for one in found)

    async def _forget(self, id: str) -> None:
        """What no record refers to."""
        await self.remove(id)
        await self.begun.over(id)

    async def go_through(self, service: str, now: datetime) -> None:
        """Of what was kept for a record that was never written."""
        async for left in self.begun.left(now):
            await self._forget(left["id"])


PART = 1024 * 1024


@dataclass(frozen=True, slots=True)
class LongFiles:
    """Files longer than a document may be: in parts, until they are removed."""

    store: Store
    collection: str

    async def prepare(self) -> None:
        await self.store.prepare(self.collection, [])

    async def keep(self, id: str, path: Path) -> None:
        """Parts that are there stay: an `id` stands for one content."""
        with path.open("rb") as file:
            for n in count():
                content = await asyncio.to_thread(file.read, PART)
                if not content:
                    return
                text = base64.b64encode(content).decode()
                try:
                    await self.store.insert(
                        self.collection, {"id": f"{id}:{n}", "rev": 1, "content": text}
                    )
                except DuplicateKey:
                    continue

    @asynccontextmanager
    async def taken_out(self, id: str, parts: int) -> AsyncIterator[Path]:
        """The file on disk, for as long as it is needed."""
        async with on_disk(self._content(id, parts)) as path:
            yield path

    async def _content(self, id: str, parts: int) -> AsyncIterator[bytes]:
        for n in range(parts):
            kept = await self.store.get(self.collection, f"{id}:{n}")
            if kept is None:
                raise NotFound("文件已不在。")
            yield base64.b64decode(kept["content"])

    async def remove(self, id: str, parts: int) -> None:
        for n in range(parts):
            await self.store.delete(self.collection, f"{id}:{n}")


@asynccontextmanager
async def on_disk(content: AsyncIterator[bytes]) -> AsyncIterator[Path]:
    """What comes in pieces, as a file, for as long as it is needed."""
    with tempfile.TemporaryDirectory(prefix="gongzhi-") as folder:
        path = Path(folder) / "file"
        with path.open("wb") as file:
            async for piece in content:
                await asyncio.to_thread(file.write, piece)
        yield path


def parts_of(size: int) -> int:
    """Of a file of so many bytes."""
    return -(-size // PART)
