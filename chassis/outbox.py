"""The relay: a process publishes the events it wrote, and sweeps up what crashed processes left.

A crash anywhere leaves the event in its document, where the sweep finds it.
"""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import structlog
from pydantic import ValidationError

from contracts.event import MAX_BYTES, Envelope, instant

from .aggregates import Aggregates
from .bus import Bus, BusUnavailable, Message
from .pacing import Backoff, ended, finish
from .store import Document, Page, Range
from .telemetry import Telemetry

WINDOW = 128
"""How many aggregates publish at once; each has at most one event in flight."""

PUBLISHED_WITHIN = 60.0
"""Seconds for one round of an aggregate; it is cut off then, and the sweep comes back to what is left."""
FINISH_WITHIN = 15.0
"""Seconds that a stopping process waits for publishes in flight."""

log = structlog.get_logger()


class Unsendable(Exception):
    """The event itself can never be published; nothing is wrong with the broker."""


def message(entry: Document) -> Message:
    """The entry as it goes on the wire, or Unsendable with the reason."""
    try:
        envelope = Envelope.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise Unsendable(f"{field}: {first['msg']}") from None
    body = envelope.wire()
    if len(body) > MAX_BYTES:
        raise Unsendable(f"{len(body)} bytes, more than {MAX_BYTES}")
    headers = {"traceparent": envelope.traceparent} if envelope.traceparent else {}
    return Message(id=envelope.id, type=envelope.type, body=body, headers=headers)


class Relay:
    """Publishes the outboxes of one service's aggregates."""

    def __init__(
        self,
        bus: Bus,
        clock: Callable[[], datetime],
        telemetry: Telemetry,
        *,
        sweep_after: float = 10.0,
    ) -> None:
        self._bus = bus
        self._clock = clock
        self._telemetry = telemetry
        self._sweep_after = sweep_after
        self._kinds: list[Aggregates[Any, Any]] = []
        self._busy: dict[str, Document | None] = {}
        """Aggregates being published, with what was written to them meanwhile."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._window = asyncio.Semaphore(WINDOW)
        self._sweeper: asyncio.Task[None] | None = None
        self._stopping = False

    def serve(self, kinds: Iterable[Aggregates[Any, Any]]) -> None:
        self._kinds = list(kinds)

    async def start(self) -> None:
        if self._sweeper is None:  # a start may be tried again
            self._sweeper = asyncio.create_task(self._sweep_for_ever())

    def trouble(self) -> str | None:
        return "发件箱已停止" if self._sweeper is not None and self._sweeper.done() else None

    def offer(self, aggregates: Aggregates[Any, Any], document: Document) -> None:
        """Publish what was just written; while the bus is away the sweep will, later."""
        subject = aggregates.subject(document["id"])
        if self._stopping or self._bus.trouble():
            return
        if subject in self._busy:
            self._busy[subject] = document
            return
        self._busy[subject] = None
        task = asyncio.create_task(self._drain(subject, aggregates, document))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(
        self, subject: str, aggregates: Aggregates[Any, Any], document: Document | None
    ) -> None:
        """Until its outbox is empty: the aggregate may be written again meanwhile."""
        try:
            async with self._window:
                while document is not None:
                    while "pending_since" in document:
                        async with asyncio.timeout(PUBLISHED_WITHIN):
                            document = await self._publish(aggregates, document)
                    document = self._written_since(subject, document)
        except BusUnavailable as reason:
            log.info("publish_waits", subject=subject, reason=str(reason))
        except Exception:
            # Whatever it was, the event is still in its document; the sweep comes back to it.
            log.exception("relay_failed", subject=subject)
        finally:
            self._busy.pop(subject, None)

    def _written_since(self, subject: str, settled: Document) -> Document | None:
        """A copy newer than the settled one: what was written before it has been published with it."""
        newer, self._busy[subject] = self._busy[subject], None
        return newer if newer is not None and newer["rev"] > settled["rev"] else None

    async def _publish(self, aggregates: Aggregates[Any, Any], document: Document) -> Document:
        """One round: everything waiting, in order; what was confirmed is taken out even if one fails."""
        done: set[str] = set()
        bad: dict[str, str] = {}
        try:
            for entry in document["outbox"]:
                if "quarantined" in entry:
                    continue
                try:
                    await self._bus.publish(message(entry))
                except Unsendable as reason:
                    bad[entry["id"]] = str(reason)
                    self._telemetry.quarantined(aggregates.kind.service)
                    record = aggregates.subject(document["id"])
                    log.error("quarantined", id=entry["id"], record=record, reason=str(reason))
                else:
                    done.add(entry["id"])
                    self._telemetry.published(aggregates.kind.service, entry["type"])
        finally:
            if done or bad:
                document = await asyncio.shield(aggregates.settle_outbox(document, done, bad))
        return document

    async def _sweep_for_ever(self) -> None:
        pause = Backoff(shortest=min(1.0, self._sweep_after))
        while True:
            try:
                if not self._bus.trouble():
                    await self.sweep()
                    pause.reset()
                    await asyncio.sleep(self._sweep_after / 2)
                    continue
            except Exception:
                log.exception("sweep_failed")
            await pause.sleep()

    async def sweep(self) -> None:
        """Events that have waited so long that their writer can't be publishing them any more, oldest first.

        And what was written later than now: the clock was set back, and would hold it up for as long.
        """
        now, patience = self._clock(), timedelta(seconds=self._sweep_after)
        for aggregates in self._kinds:
            await self._sweep(aggregates, Range(below=instant(now - patience)))
            await self._sweep(aggregates, Range(above=instant(now + patience)))

    async def _sweep(self, aggregates: Aggregates[Any, Any], since: Range) -> None:
        after: Page | None = None
        while not self._bus.trouble() and (
            page := await aggregates.store.find(
                aggregates.kind.collection,
                {"pending_since": since},
                sort="pending_since",
                after=after,
            )
        ):
            for document in page:
                self.offer(aggregates, document)
            await self.settled()
            after = Page(page[-1]["pending_since"], page[-1]["id"])

    async def settled(self) -> None:
        """Until nothing that was offered is under way."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def pending(self) -> tuple[int, datetime | None]:
        """How many documents wait, and since when the oldest does: counted only where there is one, since an index
        finds the first at once, and nearly always there is none.
        """
        count, oldest = 0, None
        for aggregates in self._kinds:
            where = {"pending_since": Range(above="")}
            store, name = aggregates.store, aggregates.kind.collection
            if first := await store.find(name, where, sort="pending_since", limit=1, lean=True):
                since = datetime.fromisoformat(first[0]["pending_since"])
                oldest = min(oldest, since) if oldest else since
                count += sum(row["count"] for row in await store.tally(name, where))
        return count, oldest

    async def stop(self) -> None:
        """Let what is under way finish, within reason; the rest stays in its documents."""
        if self._sweeper is not None:
            await ended(self._sweeper)
        self._stopping = True
        await finish(self._tasks, FINISH_WITHIN)
