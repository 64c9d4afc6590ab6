"""Files that people upload, each under the hash of its content; what a file was filed for is its service's.

A file is at most a request long, so it is one document of the store in either size.
"""

import base64
import hashlib
from dataclasses import dataclass

from .kernel.errors import NotFound
from .store import Store, Taken


@dataclass(frozen=True, slots=True)
class Files:
    store: Store
    collection: str

    async def prepare(self) -> None:
        await self.store.prepare(self.collection, [])

    async def keep(self, content: bytes) -> str:
        """Its id. Kept before what refers to it: a crash in between leaves bytes that nobody can read."""
        id = hashlib.sha256(content).hexdigest()
        text = base64.b64encode(content).decode()
        try:
            await self.store.insert(self.collection, {"id": id, "rev": 1, "content": text})
        except Taken:
            pass  # the same bytes
        return id

    async def read(self, id: str) -> bytes:
        kept = await self.store.get(self.collection, id)
        if kept is None:
            raise NotFound("没有这份佐证。")
        return base64.b64decode(kept["content"])
