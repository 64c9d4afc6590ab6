"""The use cases: a file is received, asked to be entered, and looked into."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, get_args

from chassis.aggregates import Outlet
from chassis.asking import Asking
from chassis.begun import Begun
from chassis.cause import Cause
from chassis.files import LongFiles, on_disk, parts_of
from chassis.guarded import Guarded
from chassis.identity import Access, Subject
from chassis.kernel.errors import Refusal, RuleBroken, TooMany
from chassis.kernel.rule import Rule
from chassis.kind import Changed, Held, Kind
from chassis.store import Document, Index, Page, Store
from chassis.tables.columns import Column, Line
from chassis.tables.reading import reading

from .domain import MOST_OPEN, File, Import, ImportEvent, Received, evolve, turn_of

COLLECTION = "imports"
FINDINGS = "import_findings"
FILES = "import_files"
TRY_AFTER = 30
"""Seconds."""
AT_ONCE = 5.0
"""Seconds in which a file that is no table is refused straight away; later the import itself says so."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that can't be entered, and the column that is why."""

    line: int
    field: str
    detail: str

    @classmethod
    def of(cls, line: int, refusal: Refusal) -> "Bad":
        return cls(line, refusal.field or "row", refusal.detail)


@dataclass(frozen=True, slots=True)
class Change:
    """What lines of the file would change: told as `what`, made by `enter`, once under `key`."""

    line: int
    key: str
    what: Mapping[str, Any]
    enter: Callable[[Cause], Awaitable[object]]


class Lines(Protocol):
    """What the lines of one table mean."""

    def compare(
        self, lines: AsyncIterator[Line], reason: str, by: str, now: datetime, /
    ) -> AsyncIterator[Bad | Change]:
        """The lines, as they come, with what is on record; `by` is whose file it is."""

    def rows(self, subject: Subject, /) -> AsyncIterator[Sequence[str | int | None]]:
        """The caller's records, as lines of this table that would change nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Importable:
    """A table that a service takes and gives: `name` stands in paths, `title` in templates.

    One that is `drawn` has a column of shapes, and is taken and given as GeoJSON.
    """

    name: str
    title: str
    columns: Sequence[Column]
    who: frozenset[str]
    """Who may import it."""
    lines: Lines
    drawn: bool = False


def imports_kind(
    service: str,
    keys: Callable[[Import], Mapping[str, Any]] = lambda _: {},
    always: tuple[str, ...] = (),
) -> Kind[Import, ImportEvent]:
    """`keys`: what lists are filtered by for offices that see only their own; `always`: which of them earlier records
    lack."""
    return Kind(
        service=service,
        collection=COLLECTION,
        state=Import,
        events=get_args(ImportEvent),
        evolve=evolve,
        announce=lambda *_: None,
        keys=lambda one: {**keys(one), "open": one.open, "received_at": one.received_at},
        next_due=lambda one: one.next,
        indexes=("open", "received_at"),
        always=always,
    )


class Findings:
    """Every change and every bad line of an import, in pages, each pass in the order of the file."""

    PAGE = 200

    def __init__(self, store: Store) -> None:
        self._store = store

    async def prepare(self) -> None:
        await self._store.prepare(FINDINGS, [Index(field="import")])

    async def keep(self, id: str, run: int, phase: str, page: int, items: list[Document]) -> None:
        document = {"id": f"{id}:{run}:{phase}:{page}", "rev": 1, "import": id, "run": run}
        await self._store.insert(FINDINGS, {**document, "items": items})

    async def page(self, held: Held[Import], number: int) -> list[Document]:
        """What the entry could no longer make, which somebody has to look after, then those of the check; empty
        after the last.
        """
        one = held.aggregate
        if number < one.entered_pages:
            id = f"{held.id}:{one.entered_in}:entry:{number}"
        else:
            id = f"{held.id}:{one.checked_in}:check:{number - one.entered_pages}"
        kept = await self._store.get(FINDINGS, id)
        return kept["items"] if kept else []

    async def remove_unfinished(self, held: Held[Import]) -> None:
        """What runs found that were broken off."""
        finished = {held.aggregate.checked_in, held.aggregate.entered_in}
        after: Page | None = None
        while page := await self._store.find(FINDINGS, {"import": held.id}, after=after):
            for kept in page:
                if kept["run"] not in finished:
                    await self._store.delete(FINDINGS, kept["id"])
            after = Page(page[-1]["id"], page[-1]["id"])


class Imports:
    """The imports of one service. `most` is how many lines a file may have, `rule` is what they stand under."""

    name = FILES

    def __init__(
        self,
        kept: Guarded[Import, ImportEvent],
        *,
        tables: Sequence[Importable],
        most: Callable[[], Awaitable[int]],
        rule: Rule,
    ) -> None:
        self.kept = kept
        self.tables = {table.name: table for table in tables}
        self.most = most
        self.files = LongFiles(kept.store, FILES)
        self.begun = Begun(kept.store, FILES)
        self.findings = Findings(kept.store)
        self.reader = asyncio.Semaphore(1)
        """Held while a file is read: it may take most of a container's memory."""
        self._coming: Counter[str] = Counter()
        self._rule = rule

    async def prepare(self) -> None:
        await self.files.prepare()
        await self.begun.prepare()
        await self.findings.prepare()

    async def receive(
        self, table: str, body: AsyncIterator[bytes], reason: str, *, enter: bool, asking: Asking
    ) -> Changed[Import, ImportEvent]:
        """Kept before it is answered for; Malformed for what is no such table."""
        asking.subject.must_be(self.tables[table].who)
        if not reason:
            raise RuleBroken(self._rule, "导入须写明理由。", field="reason")
        async with self._room(asking), on_disk(body) as path:
            return await self._received(table, path, reason, enter=enter, asking=asking)

    @asynccontextmanager
    async def _room(self, asking: Asking) -> AsyncIterator[None]:
        """For one more file of the office, beside those that are coming and those that aren't done; TooMany where there
        is none."""
        again = await self.kept.recalls(asking.new_id(COLLECTION), asking.cause)
        self._coming[asking.by] += 1
        try:
            waiting = sum(held.aggregate.by == asking.by for held in await self._open())
            if waiting + self._coming[asking.by] > MOST_OPEN and not again:
                detail = f"同时处理的导入至多 {MOST_OPEN} 份，请待前面的处理完再上传。"
                raise TooMany(detail, wait=TRY_AFTER)
            yield
        finally:
            self._coming[asking.by] -= 1

    async def next(self) -> str | None:
        """Whose turn it is, and of one turn who came first."""
        first = min(await self._open(), key=lambda held: held.aggregate.place, default=None)
        return first.id if first else None

    async def _open(self) -> list[Held[Import]]:
        return [held async for held in self.kept.every({"open": True})]

    async def _received(
        self, table: str, path: Path, reason: str, *, enter: bool, asking: Asking
    ) -> Changed[Import, ImportEvent]:
        id, now = asking.new_id(COLLECTION), asking.cause.now
        size, digest = await asyncio.to_thread(_measured, path)
        file = File(id=f"{id}:{digest}", parts=parts_of(size), size=size)
        if not await self.kept.recalls(id, asking.cause):
            await self._refuse_what_is_none(path, table)
            await self.begun.note(file.id, now, parts=file.parts, record=id)
            await self.files.keep(file.id, path)
        received = Received(
            table=table,
            reason=reason,
            by=asking.by,
            file=file,
            enter=enter,
            turn=turn_of(asking.by, [held.aggregate for held in await self._open()]),
            at=now,
        )
        created = await self.kept.create(id, lambda: [received], asking.cause)
        await self.begun.over(file.id)
        return created

    async def go_through(self, service: str, now: datetime) -> None:
        """What came of a file that no import was begun with goes."""
        async for left in self.begun.left(now):
            record = await self.kept.store.get(COLLECTION, left["record"])
            file = record["state"].get("file") if record else None
            if file is None or file["id"] != left["id"]:
                await self.files.remove(left["id"], left["parts"])
            await self.begun.over(left["id"])

    async def _refuse_what_is_none(self, path: Path, table: str) -> None:
        try:
            async with asyncio.timeout(AT_ONCE), self.reader:
                async with reading(path, self.tables[table].columns, await self.most()):
                    pass
        except TimeoutError:
            return  # a long one, or one behind it: the worker that reads all of it will say

    async def enter(self, id: str, asking: Asking) -> Changed[Import, ImportEvent]:
        now = asking.cause.now
        held = await self.kept.show(id, asking.subject)
        asking.subject.must_be(self.tables[held.aggregate.table].who)
        return await self.kept.change(
            id, lambda one: one.ask_entry(self._rule, now=now), asking.cause
        )

    async def found(self, id: str, number: int, subject: Subject) -> tuple[list[Document], bool]:
        """A page of the findings, and whether there are more."""
        held = await self.kept.show(id, subject)
        pages = held.aggregate.checked_pages + held.aggregate.entered_pages
        table = self.tables.get(held.aggregate.table)
        titles = {one.name: one.title for one in table.columns} if table else {}
        items = await self.findings.page(held, number)
        told = [
            {**one, "column": titles[one["field"]]} if one.get("field") in titles else one
            for one in items
        ]
        return told, number + 1 < pages


def imports_of(
    service: str,
    kept: tuple[Store, bytes, Outlet],
    *,
    access: Access,
    tables: Sequence[Importable],
    most: int,
    rule: Rule,
) -> Imports:
    """Of a service whose files belong to no place, with at most so many lines in each."""

    async def at_most() -> int:
        return most

    guarded = Guarded(imports_kind(service), *kept, access=access, resource=lambda _: {})
    return Imports(guarded, tables=tables, most=at_most, rule=rule)


def _measured(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()
