"""Data whose retention term is over: removed by its service's own table, with a trail of what was removed, never of its
content."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from .aggregates import Aggregates, Outlet
from .cause import Cause
from .files import Files
from .http import Door, Paged, more_after
from .identity import Subject, kinds
from .kind import Held, Kind, derived_id
from .lists import moment
from .routes import Routes
from .store import Store

COLLECTION = "removals"
ADMIN = kinds("district_admin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """`record` of `collection`, which began at `since`, by the line `line` of the retention table."""

    collection: str
    record: str
    line: str
    since: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    collection: str
    record: str
    line: str
    since: datetime
    at: datetime


def evolve(_: Removal | None, event: Removed) -> Removal:
    return Removal(
        collection=event.collection,
        record=event.record,
        line=event.line,
        since=event.since,
        at=event.at,
    )


class Removals:
    """Of one service: in its own store, whatever store the removed was in."""

    def __init__(self, service: str, store: Store, trail_key: bytes, outlet: Outlet) -> None:
        kind: Kind[Removal, Removed] = Kind(
            service=service,
            collection=COLLECTION,
            state=Removal,
            events=(Removed,),
            evolve=evolve,
            announce=lambda *_: None,
            keys=lambda removal: {"at": moment(removal.at)},
        )
        self.kept = Aggregates(kind, store, trail_key, outlet)

    async def remove(
        self, aggregates: Aggregates[Any, Any], id: str, line: str, cause: Cause
    ) -> None:
        """A whole record, with its trail."""
        await self._note_all(aggregates, id, line, cause)
        await aggregates.store.delete(aggregates.kind.collection, id)

    async def remove_filed(
        self, files: Files, held: Held[Any], names: Sequence[str], line: str, cause: Cause
    ) -> None:
        """The record of these files, and their contents unless the same was filed elsewhere as well.

        The contents go first: a record whose content is gone is met again in the next round, and content without a
        record by nobody. A record that was added to in between stays, and has them back.
        """
        await self._note_all(files.kept, held.id, line, cause)
        gone = [await files.remove(name, record=held.id) for name in names]
        if not await _removed_as_it_was(files.kept, held):
            for content in filter(None, gone):
                await files.keep(content)

    async def _note_all(
        self, aggregates: Aggregates[Any, Any], id: str, line: str, cause: Cause
    ) -> None:
        since = datetime.fromisoformat((await aggregates.trail(id))[0]["at"])
        await self.note(aggregates.kind.collection, id, line, since, cause)

    async def note(
        self, collection: str, id: str, line: str, since: datetime, cause: Cause
    ) -> None:
        """Called before the removal, so that none is unrecorded; repeated, it is noted once."""
        removed = Removed(collection=collection, record=id, line=line, since=since, at=cause.now)

        def noted(known: Removal | None) -> list[Removed]:
            return [] if known is not None and known.since == since else [removed]

        await self.kept.record(noted_as(collection, id), noted, cause.unkeyed())


def noted_as(collection: str, record: str) -> str:
    """The id of the removal of this record."""
    return derived_id(COLLECTION, collection, record)


async def _removed_as_it_was(aggregates: Aggregates[Any, Any], held: Held[Any]) -> bool:
    collection = aggregates.kind.collection
    document = await aggregates.store.get(collection, held.id)
    if document is None or document["version"] != held.version:
        return document is None
    return await aggregates.store.delete(collection, held.id, document["rev"])


class RemovedOut(BaseModel):
    """`record` of `collection`: begun at `since`, gone at `at` by this line of the table."""

    collection: str
    record: str
    line: str
    since: datetime
    at: datetime


class RemovalsPage(BaseModel):
    items: list[RemovedOut]
    next: str | None = None


def removals_router(removals: Removals, door: Door) -> Routes:
    api, reading = Routes(tags=["保存期限"]), door.reading()

    @api.get("/removals", summary="按保存期限删除的记录")
    async def removed(page: Paged, reader: Subject = reading) -> RemovalsPage:
        """Which and when; of what was in them nothing is left."""
        reader.must_be(ADMIN)
        found = await removals.kept.find({}, after=page.after, limit=page.limit)
        items = [
            RemovedOut(
                collection=one.aggregate.collection,
                record=one.aggregate.record,
                line=one.aggregate.line,
                since=one.aggregate.since,
                at=one.aggregate.at,
            )
            for one in found
        ]
        return RemovalsPage(items=items, next=more_after(found, page))

    return api
