"""Reading one kind of aggregate in one collection: one, a page, all of them, and the trail of each."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

import structlog

from .cause import Cause
from .documents import Codec, seen_as
from .kernel.errors import ANOTHER, KeyReused, NotFound, Unreadable
from .kind import Changed, Held, Kind, derived_id
from .store import Document, Page, Store, Where
from .trail import TrailFault, faults

A = TypeVar("A")
E = TypeVar("E")

MOST_UNREAD = 1000
"""Of those that are remembered: more of them are as bad."""
log = structlog.get_logger()


@dataclass(slots=True)
class Records(Generic[A, E]):
    kind: Kind[A, E]
    store: Store
    trail_key: bytes
    codec: Codec[A, E] = field(init=False)
    unread: set[str] = field(init=False, default_factory=set)
    """The ids of those that were met and couldn't be read."""

    def __post_init__(self) -> None:
        self.codec = self.kind.codec

    async def get(self, id: str) -> Held[A]:
        """The aggregate, or NotFound."""
        held = await self.look(id)
        if held is None:
            raise NotFound
        return held

    async def look(self, id: str) -> Held[A] | None:
        document = await self.store.get(self.kind.collection, id, lean=True)
        return self._held(document) if document else None

    async def find(
        self,
        where: Where,
        *,
        sort: str = "id",
        descending: bool = False,
        after: Page | None = None,
        limit: int = 100,
    ) -> list[Held[A]]:
        """`where` names `keys` without their prefix."""
        found = await self._found(where, sort, descending, after, limit)
        return [self._held(document) for document in found]

    async def readable(
        self,
        where: Where,
        *,
        sort: str = "id",
        descending: bool = False,
        after: Page | None = None,
        limit: int = 100,
    ) -> list[Held[A]]:
        """The same, for somebody to look through: those that can't be read are left out, and nothing else is."""
        found: list[Held[A]] = []
        while True:
            page = await self._found(where, sort, descending, after, limit - len(found))
            read = [held for document in page if (held := self._looked(document))]
            whole = len(read) == len(page) or len(page) < limit - len(found)
            found += read
            if whole:
                return found
            last = page[-1]
            after = Page(last["id"] if sort == "id" else last["keys"][sort], last["id"])

    def _looked(self, document: Document) -> Held[A] | None:
        try:
            return self._held(document)
        except Unreadable:
            return None

    async def _found(
        self, where: Where, sort: str, descending: bool, after: Page | None, limit: int
    ) -> list[Document]:
        return await self.store.find(
            self.kind.collection,
            _keyed(where),
            sort=sort if sort == "id" else f"keys.{sort}",
            descending=descending,
            after=after,
            limit=limit,
            lean=True,
        )

    async def every(self, where: Where) -> AsyncIterator[Held[A]]:
        """All of them, page by page."""
        async for document in self._documents(where, lean=True):
            yield self._held(document)

    async def every_readable(self, where: Where) -> AsyncIterator[Held[A]]:
        """All of them but those that can't be read, none of which holds up those behind it."""
        async for document in self._documents(where, lean=True):
            if held := self._looked(document):
                yield held

    async def every_folded(self, where: Where) -> AsyncIterator[Held[A]]:
        """All of them, the state of each folded from its trail and not read."""
        async for document in self._documents(where):
            id, version = document["id"], document["version"]
            yield Held(id, self.as_of(document, version), version, document["correlation"])

    async def every_past(self, where: Where) -> AsyncIterator[tuple[Held[A], list[E]]]:
        """All of them, and what has happened to each, of one reading."""
        async for document in self._documents(where):
            load, trail = self.codec.load_event, document["trail"]
            yield self._held(document), [load(entry["type"], entry["data"]) for entry in trail]

    async def _documents(self, where: Where, *, lean: bool = False) -> AsyncIterator[Document]:
        after: Page | None = None
        found = partial(self.store.find, self.kind.collection, _keyed(where), lean=lean)
        while page := await found(after=after):
            for document in page:
                yield document
            after = Page(page[-1]["id"], page[-1]["id"])

    async def tally(
        self, where: Where, *, by: str | None = None, sums: Sequence[str] = ()
    ) -> list[dict[str, Any]]:
        rows = await self.store.tally(
            self.kind.collection,
            _keyed(where),
            by=f"keys.{by}" if by else None,
            sums=[f"keys.{name}" for name in sums],
        )
        return [{name.removeprefix("keys."): v for name, v in row.items()} for row in rows]

    async def count(self, where: Where) -> int:
        rows = await self.tally(where)
        return int(rows[0]["count"]) if rows else 0

    async def history(self, id: str) -> tuple[Held[A], list[dict[str, Any]]]:
        """The aggregate and its trail, of one reading, so that they agree."""
        document = await self._document(id)
        return self._held(document), document["trail"]

    async def whole(self, after: Page | None, limit: int) -> list[Document]:
        """A page of all of them in the order of ids, as they are stored."""
        return await self.store.find(self.kind.collection, {}, after=after, limit=limit)

    async def check(self, id: str) -> list[TrailFault]:
        return self.faults(await self._document(id))

    def faults(self, document: Document) -> list[TrailFault]:
        """Where the trail is not as it was written, or what else is stored can't be read or does not follow from it."""
        try:
            return [*self._broken(document)] or [*self._astray(self._held(document), document)]
        except Unreadable as unread:
            return [TrailFault(document["version"], f"this version can't read {unread.why}")]

    def _broken(self, document: Document) -> Iterator[TrailFault]:
        subject = self.subject(document["id"])
        return faults(self.trail_key, subject, document["trail"], document["version"])

    def _astray(self, held: Held[A], document: Document) -> Iterator[TrailFault]:
        if unknown := self.codec.unknown(document["trail"]):
            raise Unreadable(unknown)
        folded = self.as_of(document, held.version)
        if self.codec.dump_state(folded) != self.codec.dump_state(held.aggregate):
            yield TrailFault(held.version, "the state does not follow from the trail")
        for name in self.kind.astray(folded, document):
            yield TrailFault(held.version, f"{name} does not follow from the state")

    async def trail(self, id: str) -> list[dict[str, Any]]:
        trail: list[dict[str, Any]] = (await self._document(id))["trail"]
        return trail

    async def _document(self, id: str) -> Document:
        document = await self.store.get(self.kind.collection, id)
        if document is None:
            raise NotFound
        return document

    async def recalls(self, id: str, cause: Cause) -> bool:
        """Whether this very request has been carried out on it."""
        return self._seen(await self.store.get(self.kind.collection, id), cause) is not None

    async def turn(
        self, row: Where, cause: Cause, *, over: Callable[[Held[A]], bool] = lambda _: True
    ) -> str:
        """The id of the record to begin in a row, a group in which a new record depends on the existing ones: the one
        that this very request began, or else one that isn't `over`, where only one may be open at a time, or else the
        next.

        The next id follows from the row and from how many are in it, so two concurrent requests get the same. To be
        called before anything else of the row is read.
        """
        begun: list[Held[A]] = []
        async for document in self._documents(row, lean=cause.key is None):
            if self._seen(document, cause) is not None:
                return str(document["id"])
            begun.append(self._held(document))
        going_on = (held.id for held in begun if not over(held))
        place = map(str, row.values())
        return next(going_on, derived_id(self.kind.collection, *place, str(len(begun))))

    def _held(self, document: Document) -> Held[A]:
        try:
            state = self.codec.load_state(document["state"])
        except Unreadable as unread:
            self._note(document["id"], unread)
            raise
        if self.unread:
            self.unread.discard(document["id"])
        known = document["version"], document["correlation"], document.get("number")
        return Held(document["id"], state, *known)

    def _note(self, id: str, unread: Unreadable) -> None:
        if id not in self.unread and len(self.unread) < MOST_UNREAD:
            self.unread.add(id)
            log.error("record_unreadable", record=self.subject(id), why=unread.why)

    def _seen(self, document: Document | None, cause: Cause) -> Changed[A, E] | None:
        """The earlier outcome of the same request, made again from the trail at its version."""
        if document is None or cause.key is None:
            return None
        before = document["seen"].get(seen_as(cause.key))
        if before is None:
            return None
        if before["fingerprint"] != cause.fingerprint:
            raise KeyReused("同一个幂等键不能用于不同的请求。", english=ANOTHER)
        version = before["version"]
        aggregate = self.as_of(document, version)
        known = version, document["correlation"], document.get("number")
        return Changed(document["id"], aggregate, *known, repeated=True)

    def as_of(self, document: Document, version: int) -> A:
        """The state folded from the trail up to a version."""
        state: A | None = None
        for entry in document["trail"][:version]:
            state = self.kind.evolve(state, self.codec.load_event(entry["type"], entry["data"]))
        if state is None:
            raise NotFound(f"没有版本 {version}。")
        return state

    def subject(self, id: str) -> str:
        return f"{self.kind.collection}/{id}"


def _keyed(where: Where) -> Where:
    return {f"keys.{name}": wanted for name, wanted in where.items()}
