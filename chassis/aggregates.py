"""One kind of aggregate in one collection. `change` is the only write and the only publish.

A document is the aggregate's state, its trail, its outbox and the requests it has seen, written
together or not at all.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

import structlog

from contracts.event import instant

from . import claims
from .beside import Beside, Undo, nothing, undo_or_log
from .cause import Cause
from .documents import released, remember, with_outbox
from .kernel.errors import (
    AlreadyThere,
    Malformed,
    NotFound,
    Stale,
    Unavailable,
    Unreadable,
    WrittenLater,
)
from .kind import Changed, Held, derived_id
from .named_locks import NamedLocks
from .numbers import number
from .outbox_entries import announcement, outbox_entry
from .pacing import to_its_end
from .records import Records
from .store import Document, DuplicateKey, Missing, Where
from .trail import seal

A = TypeVar("A")
E = TypeVar("E")

ATTEMPTS = 5
log = structlog.get_logger()


class Outlet(Protocol):
    """Is notified that a document has something to publish."""

    def offer(self, aggregates: "Aggregates[Any, Any]", document: Document) -> None: ...


@dataclass(slots=True)
class Aggregates(Records[A, E], Generic[A, E]):
    outlet: Outlet
    _locks: NamedLocks = field(default_factory=NamedLocks)

    async def prepare(self) -> None:
        await self.store.prepare(
            self.kind.collection, self.kind.all_indexes(), self.kind.all_totals()
        )
        for name in self.kind.every_has:
            async for document in self._documents({name: Missing()}):
                await self._keyed_anew(document, name)

    async def _keyed_anew(self, document: Document | None, name: str) -> None:
        """One that can't be read is noted, and keeps no service from starting: its key waits for who can read it."""
        with suppress(Unreadable):
            while document is not None:
                state = self._held(document).aggregate
                keys = self.kind.found_by(state, document.get("number"), document["trail"])
                if name not in keys:
                    raise ValueError(f"{self.kind.collection} has no key {name}")
                again = {**document, "keys": keys, "rev": document["rev"] + 1}
                if await self.store.replace(self.kind.collection, again, document["rev"]):
                    return
                document = await self.store.get(self.kind.collection, document["id"])

    async def change(
        self,
        id: str,
        decide: Callable[[A], Iterable[E]],
        cause: Cause,
        *,
        beside: Beside = nothing,
    ) -> Changed[A, E]:
        """Load, decide, evolve, write; NotFound where there is none."""

        def there(aggregate: A | None) -> None:
            _there(aggregate)

        def decided(aggregate: A | None) -> Iterable[E]:
            return decide(_there(aggregate))

        return await self.record(id, decided, cause, admit=there, beside=beside)

    async def create(
        self,
        id: str,
        decide: Callable[[], Iterable[E]],
        cause: Cause,
        *,
        numbered: str | None = None,
        beside: Beside = nothing,
    ) -> Changed[A, E]:
        """A new one; the same request again finds the first. `numbered` begins its number.

        AlreadyThere where another is there already.
        """

        def on_nothing(aggregate: A | None) -> Iterable[E]:
            if aggregate is not None:
                raise AlreadyThere(
                    "这条记录已经存在，请查看后再办。",
                    english="It is there already: look at it first.",
                )
            return decide()

        return await self.record(id, on_nothing, cause, numbered=numbered, new=True, beside=beside)

    async def in_turn(
        self, row: Where, cause: Cause, begin: Callable[[str], Awaitable[Changed[A, E]]]
    ) -> Changed[A, E]:
        """Begins the next of its row (`turn`) under its id; if another came first, the one after it."""
        while True:
            id = await self.turn(row, cause)
            try:
                return await begin(id)
            except AlreadyThere:
                continue

    async def once(
        self,
        id: str,
        events: Iterable[E],
        cause: Cause,
        *,
        numbered: str | None = None,
        beside: Beside = nothing,
    ) -> Changed[A, E]:
        """Begin it with these events, unless it is there already."""
        return await self.record(
            id,
            lambda known: () if known else events,
            cause,
            numbered=numbered,
            new=True,
            beside=beside,
        )

    async def record(
        self,
        id: str,
        decide: Callable[[A | None], Iterable[E]],
        cause: Cause,
        *,
        admit: Callable[[A | None], None] = lambda _: None,
        numbered: str | None = None,
        new: bool = False,
        ahead: bool = False,
        beside: Beside = nothing,
    ) -> Changed[A, E]:
        """The one write: decides on what is there, or on nothing yet.

        `admit` raises for a caller without access, before even the version is compared. A document expected to be `new`
        is loaded only if it turns out to exist, unless the request may be a retry. `beside` writes data that belongs to
        the change but is kept apart, once it is decided; data in the same store is written `ahead` of the change
        (`Store.insert`). Changes of one document queue on a lock inside this process; between processes the
        compare-and-set decides, and the loser loads and decides again.
        """
        async with self._locks(id):
            for attempt in range(ATTEMPTS):
                unread = new and cause.key is None and attempt == 0
                document = None if unread else await self.store.get(self.kind.collection, id)
                again = self._seen(document, cause)
                if again is not None:
                    return again
                held = self._held(document) if document else None
                admit(held.aggregate if held else None)
                await claims.check(self.store, cause)
                if cause.expected is not None and (held is None or held.version != cause.expected):
                    version = held.version if held else 0
                    raise Stale(
                        f"当前版本是 {version}，请重新读取。",
                        english=f"It is at version {version}: read it again.",
                    )
                events = tuple(decide(held.aggregate if held else None))
                if events:
                    self.known(document)
                await claims.take(self.store, cause, ahead=bool(events))
                if not events and held is not None:
                    return Changed(id, held.aggregate, held.version, held.correlation, held.number)
                own = number(numbered, id, attempt) if numbered and document is None else None
                written = self._written(id, document, held, events, cause, own)
                if await self._save_with(beside, document, written, ahead):
                    if "pending_since" in written:
                        self.outlet.offer(self, written)
                    now = self._held(written)
                    return Changed(
                        id, now.aggregate, now.version, now.correlation, now.number, events
                    )
        raise Unavailable("这条记录正被频繁修改，请稍后再试。")

    async def refold(self, id: str) -> list[str]:
        """Rebuilds all that follows from its trail, as today's code folds it; returns the names of the fields that
        differed.

        Nothing happens to the record: trail and version stay as they are. Refused where the trail is not as it was
        written. For what a build has left that kept less, or kept it otherwise, or couldn't publish it: that is tried
        again.
        """
        async with self._locks(id):
            document = await self._document(id)
            if [*self._broken(document)]:
                raise Malformed("留痕核验不符，不能据以重新推算。", field="id")
            self.known(document)
            state = self.as_of(document, document["version"])
            again = self.kind.follows(state, document.get("number"), document["trail"])
            changed = [*self._otherwise(document, again)]
            told = [*document.get("outbox", [])]
            if any("quarantined" in entry for entry in told):
                changed.append("outbox")
            if changed:
                bare = {name: said for name, said in document.items() if name != "next_due"}
                written = with_outbox({**bare, **again, "rev": document["rev"] + 1}, released(told))
                if not await self.store.replace(self.kind.collection, written, document["rev"]):
                    raise Unavailable("这条记录正被修改，请稍后再试。")
                if "pending_since" in written:
                    self.outlet.offer(self, written)
            return changed

    def known(self, document: Document | None) -> None:
        """WrittenLater where a change would lose what this version doesn't know."""
        unknown = self.codec.unknown(document["trail"]) if document else None
        if document and unknown:
            log.warning("record_written_later", record=self.subject(document["id"]), has=unknown)
            raise WrittenLater(unknown)

    def _otherwise(self, document: Document, again: Document) -> Iterator[str]:
        try:
            before = self.codec.dump_state(self.codec.load_state(document["state"]))
        except Unreadable:
            before = document["state"]
        yield from _differing("state", before, again["state"])
        yield from _differing("keys", document["keys"], again["keys"])
        if document.get("next_due") != again.get("next_due"):
            yield "next_due"

    async def settle_outbox(
        self, document: Document, done: set[str], bad: dict[str, str]
    ) -> Document:
        """Take the confirmed entries out and mark the unsendable ones; the version doesn't move.

        `document` is the copy the relay worked from; the stored one may have moved on.
        """
        async with self._locks(document["id"]):
            current: Document | None = document
            while current is not None:
                kept = [
                    {**entry, "quarantined": bad[entry["id"]]} if entry["id"] in bad else entry
                    for entry in current.get("outbox", [])
                    if entry["id"] not in done
                ]
                settled = with_outbox({**current, "rev": current["rev"] + 1}, kept)
                name, rev = self.kind.collection, current["rev"]
                # What was published without our knowing is published again, and takes effect once.
                if await self.store.settle(name, settled, rev):
                    return settled
                current = await self.store.get(self.kind.collection, document["id"])
        return with_outbox(document, [])

    def _written(
        self,
        id: str,
        document: Document | None,
        held: Held[A] | None,
        events: tuple[E, ...],
        cause: Cause,
        numbered: str | None = None,
    ) -> Document:
        """The document after the events, its `rev` one higher."""
        trail = list(document["trail"]) if document else []
        outbox = list(document.get("outbox", [])) if document else []
        correlation = held.correlation if held else (cause.correlation or id)
        state = held.aggregate if held else None
        for event in events:
            state = self.kind.evolve(state, event)
            trail.append(self._entry(id, trail, event, cause))
            told = announcement(self.kind.announce, event, state)
            if told is not None:
                voice = self.kind.voice(told, state) or self._own_voice(id, len(trail))
                outbox.append(
                    outbox_entry(told, voice, self.subject(id), trail[-1], correlation, cause)
                )
        if state is None:
            raise NotFound
        written: Document = {
            "id": id,
            "rev": document["rev"] + 1 if document else 1,
            "version": len(trail),
            "correlation": correlation,
            "trail": trail,
            "seen": remember(document["seen"] if document else {}, cause, len(trail)),
        }
        called = document.get("number") if document else numbered
        if called is not None:
            written["number"] = called
        return with_outbox({**written, **self.kind.follows(state, called, trail)}, outbox)

    def fresh(self, id: str, events: Iterable[E], cause: Cause) -> Document:
        """As if it began with these events only now."""
        return self._written(id, None, None, tuple(events), cause)

    def _own_voice(self, id: str, version: int) -> tuple[str, str]:
        """Source and id: the same for the same event, however often it is written."""
        service = self.kind.service
        return f"/gongzhi/{service}", derived_id(service, self.subject(id), str(version))

    async def _save_with(
        self, beside: Beside, before: Document | None, written: Document, ahead: bool
    ) -> bool:
        """What is under way may get to the store whoever is cut off: until it has, nobody knows what to undo."""
        if beside is nothing:
            return await self._save(before, written, ahead)
        return await to_its_end(self._save_or_undo(beside, before, written, ahead))

    async def _save_or_undo(
        self, beside: Beside, before: Document | None, written: Document, ahead: bool
    ) -> bool:
        """Undoes what was written beside it if the record isn't written."""
        undo = await beside()
        try:
            if await self._save(before, written, ahead):
                return True
        except Exception:
            await undo_or_log(lambda: self._undo_unless_there(undo, written))
            raise
        await undo()
        return False

    async def _undo_unless_there(self, undo: Undo, written: Document) -> None:
        """A store that fails may have written: it is asked, and if it can't answer, the data stays."""
        now = await self.store.get(self.kind.collection, written["id"])
        if now is None or written["trail"][-1] not in now["trail"]:
            await undo()

    async def _save(self, before: Document | None, written: Document, ahead: bool) -> bool:
        name = self.kind.collection
        if before is not None:
            return await self.store.replace(name, written, before["rev"], ahead=ahead)
        try:
            await self.store.insert(name, written, ahead=ahead)
        except DuplicateKey:
            return False
        return True

    def _entry(
        self, id: str, trail: list[dict[str, Any]], event: E, cause: Cause
    ) -> dict[str, Any]:
        name, data = self.codec.dump_event(event)
        entry = {
            "version": len(trail) + 1,
            "type": name,
            "at": instant(cause.now),
            "actor": cause.actor,
            "data": data,
        }
        if cause.causation is not None:
            entry["causation"] = cause.causation
        return seal(self.trail_key, trail[-1]["mark"] if trail else self.subject(id), entry)


def _differing(what: str, before: Document, after: Document) -> Iterator[str]:
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            yield f"{what}.{name}"


def _there(aggregate: A | None) -> A:
    if aggregate is None:
        raise NotFound
    return aggregate
