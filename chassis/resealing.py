"""Sealed data is resealed under the newest key, in the background, one record after the other.

A record's trail begins anew, because the old one would keep the old boxes. Resealing can be stopped anywhere; the boxes
themselves show the next run what is left to do.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from .aggregates import Aggregates
from .cause import Cause
from .kernel.errors import Broken
from .sealing import Seal

ACTOR = "system:keys"
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxes:
    """Records that are sealed: their box, and the events of the same record under the newest key."""

    aggregates: Aggregates[Any, Any]
    seal: Seal
    box: Callable[[Any], str]
    again: Callable[[str, Any], Iterable[Any]]

    async def count(self) -> Counter[str]:
        """How many there are under each key."""
        return Counter(
            [self.seal.under(self.box(held.aggregate)) async for held in self.aggregates.every({})]
        )

    async def reseal(self, now: Callable[[], datetime]) -> int:
        """How many were still to be done; one that can't be opened stays as it is, and is told."""
        left = 0
        async for held in self.aggregates.every({}):
            if not self.seal.stale(self.box(held.aggregate)):
                continue
            try:
                await self._one(held.id, Cause(actor=ACTOR, now=now()))
            except Broken as broken:
                log.error(
                    "not_resealed", record=self.aggregates.subject(held.id), why=broken.detail
                )
            else:
                left += 1
        return left

    async def _one(self, id: str, cause: Cause) -> None:
        """Its events from the first on, in place of all that were; one that was changed meanwhile waits."""
        kind, store = self.aggregates.kind, self.aggregates.store
        document = await store.get(kind.collection, id)
        if document is None:
            return
        state = self.aggregates.codec.load_state(document["state"])
        fresh = self.aggregates.fresh(id, self.again(id, state), cause)
        if "outbox" in fresh:
            raise ValueError(f"{kind.collection} is told to others: its trail is witnessed")
        kept = {name: document[name] for name in ("correlation", "seen")}
        await store.replace(
            kind.collection, {**fresh, **kept, "rev": document["rev"] + 1}, document["rev"]
        )


class Resealing:
    """Whenever there is a newer key, and after every start."""

    def __init__(
        self, service: str, boxes: Sequence[Boxes], clock: Callable[[], datetime], *, tick: float
    ) -> None:
        self._service, self._boxes, self._clock, self._tick = service, boxes, clock, tick
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        if self._boxes:
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        done: dict[int, tuple[str, ...]] = {}
        while True:
            for n, boxes in enumerate(self._boxes):
                ids = boxes.seal.keys.ids
                if done.get(n, ids[:1]) == ids:
                    continue
                try:
                    while count := await boxes.reseal(self._clock):
                        log.info("resealed", service=self._service, count=count)
                except Exception:
                    # The store is away; what is left stays left.
                    log.exception("resealing_failed", service=self._service)
                    continue
                done[n] = ids
            await asyncio.sleep(self._tick)

    def trouble(self) -> str | None:
        return "重新封存已停止" if self._task is not None and self._task.done() else None

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
