"""The journal: every event, once, under the next number. The witness of all trails, and the feed.

The order is that in which the journal committed, so nothing ever appears behind a reader's cursor.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from pydantic import ValidationError

from chassis.bus import WITNESS, Delivery, Done, Park, Retry, Verdict
from chassis.faults import first_fault
from chassis.identity import Subject
from chassis.kernel.errors import NotFound
from chassis.store import Document, DuplicateKey, Index, Page, Store, Where
from chassis.subscriptions import not_done
from contracts.event import MAX_BYTES, Envelope

from .access import visible_to
from .intake import News
from .wanted import Wanted

EVENTS = "events"
INDEXES = (
    Index(field="key", unique=True),
    Index(field="keys.street"),
    Index(field="keys.community"),
    Index(field="keys.units", then="id", array=True),
    Index(field="keys.supplier"),
    Index(field="keys.partner"),
    Index(field="reference"),
    Index(field="correlation"),
    Index(field="subject"),
)
ORIGINS = 10_000
CONCERNS = ("street", "community", "units", "supplier", "partner")
log = structlog.get_logger()


def _id(number: int) -> str:
    return f"{number:015d}"


class Journal:
    """`began` gives the partner's event with which a case began, so that the partner gets what became of it; `kept` is
    called with what was appended."""

    def __init__(
        self,
        store: Store,
        began: Callable[[str], Awaitable[News | None]],
        kept: Callable[[Envelope], object],
    ) -> None:
        self._store = store
        self._began = began
        self._kept = kept
        self._origins: dict[str, News | None] = {}
        self._last = 0
        self._overtaken = True
        """Whether somebody else may have given numbers since ours."""
        self._appending = asyncio.Lock()
        self.news = asyncio.Event()
        """Set with each entry that this process has made."""

    async def prepare(self) -> None:
        await self._store.prepare(EVENTS, INDEXES)

    async def handle(self, delivery: Delivery) -> Verdict:
        """Everything is kept but what isn't an event at all."""
        envelope = _read(delivery)
        if isinstance(envelope, Park):
            not_done(WITNESS, delivery, envelope)
            return envelope
        try:
            await self.append(envelope)
        except Exception as fault:
            log.exception("journal_failed", id=envelope.id)
            return Retry(f"fault: {type(fault).__name__}")
        self._kept(envelope)
        return Done()

    async def append(self, envelope: Envelope) -> None:
        """Appends under the next number; if another writer took it first, under the one after it.

        A reader continues from the last number it has seen, so no number may become visible below another. If a store
        shows writes in the order they were requested, the next needn't wait for this one.
        """
        key = f"{envelope.source} {envelope.id}"
        while True:
            # Looked for side by side, waited for in turn: none overtakes what came before it.
            looking = asyncio.ensure_future(self._origin(envelope.correlationid))
            async with self._appending:
                origin = await looking
                # A number left free by what was there already could be taken by another process later.
                if not self._store.in_order and await self._knows(key):
                    return
                writing = asyncio.ensure_future(
                    self._insert(await self._next(), key, envelope, origin)
                )
                if self._store.in_order:
                    await asyncio.sleep(0)  # it has asked, when the next one asks
                else:
                    await asyncio.wait([writing])
            if await writing:
                self.news.set()
                return

    async def _knows(self, key: str) -> bool:
        return bool(await self._store.find(EVENTS, {"key": key}, limit=1, lean=True))

    async def _origin(self, correlation: str) -> News | None:
        """A case's events come close together: asked once for most of them."""
        if correlation not in self._origins:
            if len(self._origins) >= ORIGINS:
                self._origins.clear()
            self._origins[correlation] = await self._began(correlation)
        return self._origins[correlation]

    async def _insert(self, number: int, key: str, envelope: Envelope, origin: News | None) -> bool:
        """Whether it is there now; it may have been before."""
        try:
            await self._store.insert(EVENTS, _document(number, key, envelope, origin))
        except DuplicateKey as taken:
            if taken.index == "id":
                self._overtaken = True
                return False
            self._left_free(number)
        except Exception:
            self._left_free(number)
            raise
        return True

    def _left_free(self, number: int) -> None:
        """The next event gets it, as another process could otherwise, behind what readers have seen; an insert that
        failed and takes place after all then finds it taken. Not where later ones are given: its caller was cut off.
        """
        if not self._store.in_order and self._last == number:
            self._last = number - 1

    async def _next(self) -> int:
        if self._overtaken:
            self._overtaken = False
            self._last = max(self._last, await self._newest(lasting=False))
        self._last += 1
        return self._last

    async def newest(self) -> int:
        """The last number that a reader may have seen; nought before the first."""
        return await self._newest(lasting=True)

    async def given(self) -> int:
        """The last number that the primary has given, be it kept by a majority yet or not: after an election what a
        majority is known to have may for a moment be less than a reader has seen."""
        return await self._newest(lasting=False)

    async def _newest(self, *, lasting: bool) -> int:
        found = await self._store.find(
            EVENTS, {}, sort="id", descending=True, limit=1, lasting=lasting
        )
        return int(found[0]["id"]) if found else 0

    async def numbered(self, number: int) -> Document:
        """NotFound where no such number was given."""
        found = await self._store.get(EVENTS, _id(number))
        if found is None:
            raise NotFound
        return found

    async def since(self, after: int, limit: int) -> list[Document]:
        """All events behind the cursor, regardless of access."""
        return await self._found({}, after, limit)

    async def read(
        self, subject: Subject, after: int, limit: int, wanted: Wanted
    ) -> list[Document]:
        """What the subject may see and wants behind the cursor, in the journal's order."""
        visible = visible_to(subject)
        where = wanted.where(visible) if visible is not None else None
        return await self._found(where, after, limit) if where is not None else []

    async def _found(self, where: Where, after: int, limit: int) -> list[Document]:
        """Nothing that a failover could take back: its number would be another event's, behind the reader's cursor."""
        since = Page(_id(after), _id(after))
        return await self._store.find(
            EVENTS, where, sort="id", after=since, limit=limit, lasting=True
        )


def _read(delivery: Delivery) -> Envelope | Park:
    if len(delivery.body) > MAX_BYTES:
        return Park(f"oversize: {len(delivery.body)} bytes, more than {MAX_BYTES}")
    try:
        return Envelope.model_validate_json(delivery.body)
    except ValidationError as error:
        return Park("malformed envelope: " + first_fault(error))


def _document(number: int, key: str, envelope: Envelope, origin: News | None) -> Document:
    concerned = {name: envelope.data[name] for name in CONCERNS if envelope.data.get(name)}
    began: dict[str, Any] = {}
    if origin is not None:
        concerned["partner"] = origin.partner
        began = {"reference": origin.reference} if origin.reference else {}
    return {
        **began,
        "id": _id(number),
        "rev": 1,
        "key": key,
        "type": envelope.type,
        "subject": envelope.subject,
        "correlation": envelope.correlationid,
        "keys": concerned,
        "event": envelope.model_dump(mode="json", exclude_none=True),
    }
