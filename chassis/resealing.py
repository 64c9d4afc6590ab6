"""Sealed data is resealed under the newest key, in the background, one record after the other.

A record's trail begins anew, because the old one would keep the old boxes. Resealing can be stopped anywhere; the boxes
themselves show the next run what is left to do.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from .aggregates import Aggregates
from .cause import Cause
from .kernel.errors import Broken, Unreadable, WrittenLater
from .recurring import farther
from .sealing import Seal

ACTOR = "system:keys"
EVERY = timedelta(hours=1)
"""By then what was left may be readable, and a process that hadn't the newest key yet may have sealed under another."""
UNREAD = "读不出"
"""Stands for the key of what can't be read: nobody knows which it is, so none may be taken away."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxes:
    """Records that are sealed: their box, and the events of the same record under the newest key."""

    aggregates: Aggregates[Any, Any]
    seal: Seal
    box: Callable[[Any], str]
    again: Callable[[str, Any], Iterable[Any]]

    async def count(self) -> Counter[str]:
        """How many there are under each key; of those that can't be read, under no key that is known."""
        there = await self.aggregates.count({})
        all = self.aggregates.every_readable({})
        under = Counter([self.seal.under(self.box(held.aggregate)) async for held in all])
        if (unread := there - under.total()) > 0:
            under[UNREAD] = unread
        return under

    async def reseal(self, now: Callable[[], datetime]) -> int:
        """How many were still to be done; one that can't be opened or read, or has what a later version wrote, stays as
        it is, and is told.
        """
        left = 0
        async for held in self.aggregates.every_readable({}):
            farther()
            if not self.seal.stale(self.box(held.aggregate)):
                continue
            try:
                await self._one(held.id, Cause(actor=ACTOR, now=now()))
            except (Broken, Unreadable, WrittenLater) as met:
                log.error("not_resealed", record=self.aggregates.subject(held.id), why=met.detail)
            else:
                left += 1
        return left

    async def _one(self, id: str, cause: Cause) -> None:
        """Its events from the first on, in place of all that were; one that was changed meanwhile waits."""
        kind, store = self.aggregates.kind, self.aggregates.store
        document = await store.get(kind.collection, id)
        if document is None:
            return
        self.aggregates.known(document)
        state = self.aggregates.codec.load_state(document["state"])
        fresh = self.aggregates.fresh(id, self.again(id, state), cause)
        if "outbox" in fresh:
            raise ValueError(f"{kind.collection} is told to others: its trail is witnessed")
        kept = {name: document[name] for name in ("correlation", "seen")}
        await store.replace(
            kind.collection, {**fresh, **kept, "rev": document["rev"] + 1}, document["rev"]
        )


@dataclass(slots=True)
class Resealing:
    """Of one kind: whenever there is a newer key, after every start, and once an hour."""

    service: str
    boxes: Boxes
    clock: Callable[[], datetime]
    _done: tuple[str, ...] = field(default=(), init=False)
    """The keys under which all was sealed again."""
    _last: datetime | None = field(default=None, init=False)

    async def look(self) -> None:
        ids, now = self.boxes.seal.keys.ids, self.clock()
        # A clock that was set back is no reason to wait until it is there again.
        lately = self._last is not None and timedelta(0) <= now - self._last < EVERY
        if len(ids) == 1 or (self._done == ids and lately):
            return
        while count := await self.boxes.reseal(self.clock):
            log.info("resealed", service=self.service, count=count)
        self._done, self._last = ids, now
