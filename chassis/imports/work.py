"""The worker: one import after the other, of each office in turn, each checked as a whole before a line is entered.

It has a separate scheduler, so that no deadline waits for a file.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from pathlib import Path
from time import monotonic

import structlog

from chassis.brake import Brake
from chassis.cause import Cause
from chassis.deadlines import Soon, Timer
from chassis.kernel.errors import Malformed, Refusal, Unavailable
from chassis.kind import Held
from chassis.pacing import ended
from chassis.store import Document
from chassis.tables.columns import Line
from chassis.tables.reading import reading

from .desk import Bad, Change, Findings, Imports
from .domain import SURELY, TAKEN_FOR, Import, ImportEvent, ImportStatus, Superseded, Taken
from .judging import refused

BEAT = 2.0
"""Seconds between signs of life, which are also the progress that people see."""
STANDS_AFTER = 600.0
"""Seconds in which a run gets no line farther: it hangs, and is broken off."""
ACTOR = "system:imports"
log = structlog.get_logger()


class Worker:
    """Fired for each import that something is to be done about."""

    def __init__(self, imports: Imports, clock: Callable[[], datetime], brake: Brake) -> None:
        self._imports = imports
        self._kept = imports.kept
        self._clock = clock
        self._brake = brake

    async def fire(self, id: str, cause: Cause) -> None:
        held = await self._kept.get(id)
        if not held.aggregate.open:
            await self._clear(held, cause)
            return
        if await self._imports.next() != id:
            return  # its turn comes
        taken = await self._kept.change(id, lambda one: one.take(now=cause.now), cause)
        if any(isinstance(event, Taken) for event in taken.events):
            await Run(self._imports, taken, self._clock, self._brake).whole()

    @classmethod
    def timer(cls, imports: Imports, clock: Callable[[], datetime], brake: Brake) -> Timer:
        fire, soon = cls(imports, clock, brake).fire, Soon({"keys.open": True}, SURELY)
        return Timer(imports.kept, fire, within=None, soon=soon)

    async def _clear(self, held: Held[Import], cause: Cause) -> None:
        """Its file is needed no longer, nor what was found by runs that were broken off."""
        if (file := held.aggregate.file) is not None:
            await self._imports.findings.remove_unfinished(held)
            await self._imports.files.remove(file.id, file.parts)
            await self._kept.change(held.id, lambda one: one.without_file(now=cause.now), cause)


class Run:
    """One worker's time with an import, from taking it to its end, or to its being taken by another."""

    def __init__(
        self,
        imports: Imports,
        taken: Held[Import],
        clock: Callable[[], datetime],
        brake: Brake,
    ) -> None:
        self._imports = imports
        self._table = imports.tables[taken.aggregate.table]
        self._id = taken.id
        self._one = taken.aggregate
        self._number = taken.aggregate.run
        self._clock = clock
        self._brake = brake
        self._lines = 0
        self._moved = monotonic()

    async def whole(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                beating = group.create_task(self._beat())
                await self._work()
                await ended(beating)
        except* Superseded:
            log.warning("import_superseded", id=self._id, run=self._number)

    async def _beat(self) -> None:
        """Says that it is alive, and how far it is; TimeoutError where the work isn't."""
        while True:
            await asyncio.sleep(BEAT)
            if monotonic() - self._moved > STANDS_AFTER:
                log.error("import_stands", id=self._id, line=self._lines)
                raise TimeoutError
            try:
                async with asyncio.timeout(TAKEN_FOR.total_seconds()):
                    await self._record(
                        lambda one, now: one.reach(run=self._number, lines=self._lines, now=now)
                    )
            except (Unavailable, TimeoutError):
                log.warning("import_beat_missed", id=self._id)

    async def _work(self) -> None:
        file = self._one.file
        if file is None:
            raise RuntimeError("an open import has its file")
        try:
            taken_out = self._imports.files.taken_out(file.id, file.parts)
            async with self._imports.reader, taken_out as path:
                if self._one.status is ImportStatus.CHECKING:
                    await self._check(path)
                if self._one.status is ImportStatus.ENTERING:
                    await self._enter(path)
        except Malformed as refusal:
            detail, at = refusal.detail, refusal.field
            await self._record(
                lambda one, now: one.refuse(run=self._number, detail=detail, field=at, now=now)
            )

    async def _check(self, path: Path) -> None:
        pages = Pages(self._imports.findings, self._id, self._number, "check")
        changes = bad = 0
        async for found in self._found(path):
            if isinstance(found, Bad):
                bad += 1
            else:
                changes += 1
            await pages.add(_told(found))
        await pages.end()
        self._one = await self._record(
            lambda one, now: one.end_check(
                run=self._number,
                lines=self._lines,
                changes=changes,
                bad=bad,
                pages=pages.count,
                now=now,
            )
        )

    async def _enter(self, path: Path) -> None:
        """What was entered before is recognised by its key, even if it was changed since."""
        pages = Pages(self._imports.findings, self._id, self._number, "entry")
        failed = 0
        async for found in self._found(path):
            fault = found if isinstance(found, Bad) else await self._entered(found)
            if fault is not None:
                failed += 1
                await pages.add(_told(fault))
        await pages.end()
        await self._record(
            lambda one, now: one.end_entry(
                run=self._number, failed=failed, pages=pages.count, now=now
            )
        )

    async def _entered(self, change: Change) -> Bad | None:
        """Nothing, or why it could no longer be. It waits while callers would be refused for a full outbox."""
        while self._brake.reason:
            await asyncio.sleep(BEAT / 2)
            self._moved = monotonic()
        cause = Cause(
            actor=self._one.by,
            now=self._clock(),
            correlation=self._id,
            key=f"import {self._id} {change.key}",
        )
        try:
            await change.enter(cause)
        except Refusal as refusal:
            return Bad.of(change.line, refused(refusal))
        return None

    async def _found(self, path: Path) -> AsyncIterator[Bad | Change]:
        self._lines = 0
        at_most = await self._imports.most()
        async with reading(path, self._table.columns, at_most) as table:
            lines = self._counted(table.lines())
            async for found in self._table.lines.compare(
                lines, self._one.reason, self._one.by, self._clock()
            ):
                self._moved = monotonic()
                yield found

    async def _counted(self, lines: AsyncIterator[Line]) -> AsyncIterator[Line]:
        async for line in lines:
            self._lines, self._moved = self._lines + 1, monotonic()
            yield line

    async def _record(self, decide: Callable[[Import, datetime], Iterable[ImportEvent]]) -> Import:
        now = self._clock()
        cause = Cause(actor=ACTOR, now=now)
        changed = await self._imports.kept.change(self._id, lambda one: decide(one, now), cause)
        return changed.aggregate


class Pages:
    """What one run finds, kept page by page."""

    def __init__(self, findings: Findings, id: str, run: int, phase: str) -> None:
        self._findings = findings
        self._key = (id, run, phase)
        self._items: list[Document] = []
        self.count = 0

    async def add(self, item: Document) -> None:
        self._items.append(item)
        if len(self._items) == Findings.PAGE:
            await self.end()

    async def end(self) -> None:
        """Keeps what isn't kept yet."""
        if self._items:
            await self._findings.keep(*self._key, self.count, self._items)
            self.count, self._items = self.count + 1, []


def _told(found: Bad | Change) -> Document:
    if isinstance(found, Bad):
        return {"line": found.line, "field": found.field, "detail": found.detail}
    return {"line": found.line, "change": dict(found.what)}
