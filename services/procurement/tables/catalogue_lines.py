"""An edition of the catalogue from a file, as finance draws it up."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from chassis.cause import Cause
from chassis.identity import Subject
from chassis.imports.desk import Bad, Change
from chassis.imports.judging import judged, only_once
from chassis.tables.columns import Column, Line
from services.procurement.desk import ProcurementDesk
from services.procurement.domain import catalogue as catalogues
from services.procurement.domain.catalogue import Catalogue, CatalogueStatus, Entry, Listing

from .cells import year_of

COLUMNS = (
    Column(name="year", title="年份", about="目录年度，四位数字。", number=True),
    Column(name="code", title="代码", about="目录代码，例如 A0101；F 开头的为新增。"),
    Column(name="name", title="名称", about="购买事项的名称。", aliases=("三级目录",)),
    Column(name="kind", title="类", about="一级目录的名称。", aliases=("一级目录",)),
    Column(name="group", title="款", about="二级目录的名称。", aliases=("二级目录",)),
)


@dataclass(slots=True, kw_only=True)
class Edition:
    """The lines of one year, as they come; `first` is the number of its first."""

    first: int
    lines: int = 0
    entries: dict[str, Entry] = field(default_factory=dict)

    @property
    def spoilt(self) -> bool:
        """By a line of it that is none of its entries."""
        return len(self.entries) < self.lines

    def add(self, entry: Entry, known: Catalogue | None, year: int, now: datetime) -> None:
        """P-01: Malformed of a code that was there before, or whatever makes no draft."""
        self.lines += 1
        only_once(entry.code, self.entries, f"目录代码 {entry.code} 在文件中重复。", field="code")
        catalogues.draft(known, year=year, entries=(entry,), now=now)
        self.entries[entry.code] = entry


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueLines:
    """A line is an entry; all of a year are the draft of its edition, and take the place of what was drafted."""

    desk: ProcurementDesk

    async def compare(
        self, lines: AsyncIterator[Line], reason: str, by: str, now: datetime
    ) -> AsyncIterator[Bad | Change]:
        known = {held.id: held.aggregate async for held in self.desk.catalogues.every({})}
        editions: dict[int, Edition] = {}

        async def gather(line: Line) -> None:
            year, entry = _read(line)
            edition = editions.setdefault(year, Edition(first=line.number))
            edition.add(entry, known.get(str(year)), year, now)

        async for bad in judged(lines, gather):
            yield bad
        for year, edition in editions.items():
            drafted, entries = known.get(str(year)), tuple(edition.entries.values())
            if not edition.spoilt and (drafted is None or drafted.entries != entries):
                told = {"year": year, "entries": len(entries)}
                enter = partial(self._enter, year, entries)
                yield Change(edition.first, str(year), told, enter)

    async def _enter(self, year: int, entries: tuple[Entry, ...], cause: Cause) -> object:
        def decided(known: Catalogue | None) -> list[catalogues.CatalogueEvent]:
            return [catalogues.draft(known, year=year, entries=entries, now=cause.now)]

        return await self.desk.catalogues.record(str(year), decided, cause)

    async def rows(self, _: Subject) -> AsyncIterator[Sequence[str | int | None]]:
        """What is drafted."""
        async for held in self.desk.catalogues.every({"status": CatalogueStatus.DRAFTED}):
            edition = held.aggregate
            if edition.listing is Listing.GUIDANCE:
                for one in edition.entries:
                    yield edition.year, one.code, one.name, one.kind, one.group


def _read(line: Line) -> tuple[int, Entry]:
    cells = line.cells
    entry = Entry(**{name: cells[name] for name in ("code", "name", "kind", "group")})
    return year_of(cells), entry
