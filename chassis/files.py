"""Files that people upload, each under the hash of its content; what a file was filed for is its service's.

A file that stays is at most a request long, so it is one document of the store in either size. What comes
in to be read and removed again may be longer, and is kept in parts.
"""

import asyncio
import base64
import hashlib
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypeVar

from .kernel.errors import NotFound
from .store import Store, Taken

T = TypeVar("T")


def name_of(content: bytes) -> str:
    """Under which it is kept: the same content is one file."""
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True, slots=True)
class Files:
    store: Store
    collection: str

    async def prepare(self) -> None:
        await self.store.prepare(self.collection, [])

    async def keep(self, content: bytes) -> str:
        """Its id. Kept before what refers to it: a crash in between leaves bytes that nobody can read."""
        id = name_of(content)
        text = base64.b64encode(content).decode()
        try:
            await self.store.insert(self.collection, {"id": id, "rev": 1, "content": text})
        except Taken:
            pass  # the same bytes
        return id

    async def filed(self, content: bytes, file: Callable[[str], Awaitable[T]]) -> T:
        """Kept, and what refers to it by `file`. The same may have gone in between, with the last that it was kept
        for until then: it is looked for again.
        """
        id = await self.keep(content)
        done = await file(id)
        if await self.store.rev(self.collection, id) is None:
            await self.keep(content)
        return done

    async def read(self, id: str) -> bytes:
        content = await self.look(id)
        if content is None:
            raise NotFound("没有这份佐证。")
        return content

    async def look(self, id: str) -> bytes | None:
        kept = await self.store.get(self.collection, id)
        return None if kept is None else base64.b64decode(kept["content"])

    async def remove(self, id: str) -> None:
        """Nothing but what goes with it refers to it any more."""
        await self.store.delete(self.collection, id)


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
                except Taken:
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
