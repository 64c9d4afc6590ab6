"""The tables that can be imported: versions of lists, samples of powers, and workers."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from chassis.aggregates import Outlet
from chassis.cause import Cause
from chassis.identity import Access, Subject
from chassis.imports.cells import day_of, filled, offered, one_of
from chassis.imports.desk import Bad, Change, Importable, Imports, imports_of
from chassis.imports.judging import judged, only_once, tried
from chassis.kernel.errors import Malformed
from chassis.store import Store
from chassis.tables.columns import Column, Line

from .access import DISTRICT
from .desk import AffairsDesk
from .domain import listing, power
from .domain.listing import Entry, ListKind, Role, VersionAdopted
from .domain.power import CommunityType, Grade, PowerKind, SamplePut, Stage
from .domain.rules import RULES
from .staffing import WORKER_COLUMNS, StaffLines, coded
from .vocabulary import WORDS

MOST_LINES = 5000
LONGEST = 80
LISTS, ROLES = offered(ListKind, WORDS), offered(Role, WORDS)
TYPES, KINDS, GRADES = (offered(one, WORDS) for one in (CommunityType, PowerKind, Grade))
YES = {"是": "yes", "否": "no"}
LIST_COLUMNS = (
    Column(name="list", title="清单", about="五张清单之一。", words=LISTS, listed=tuple(LISTS)),
    Column(name="name", title="事项", about="事项的名称。"),
    Column(name="basis", title="依据", about="文件和条款。"),
    Column(name="department", title="部门", about="对应的部门。"),
    Column(name="role", title="履行方式", about="履行或协助。", words=ROLES, listed=tuple(ROLES)),
    Column(name="document", title="公布文件", about="同一清单各行相同。"),
    Column(name="since", title="生效日期", about="写作 2026-01-01；同一清单各行相同。"),
)
SAMPLE_COLUMNS = (
    Column(
        name="code",
        title="代码",
        about="小写字母、数字、下划线和连字符；一项权力各行相同，一行一步。",
    ),
    Column(name="type", title="社区类型", about="样本的类型。", words=TYPES, listed=tuple(TYPES)),
    Column(name="kind", title="权力类别", about="七类之一。", words=KINDS, listed=tuple(KINDS)),
    Column(name="name", title="权力名称", about="权力的名称。"),
    Column(name="basis", title="依据", about="文件和条款。"),
    Column(name="rules", title="操作规则", about="如何操作。"),
    Column(name="stage", title="步骤", about="流程的一步，按行的次序。"),
    Column(name="risk", title="风险等级", about="高、中、低。", words=GRADES, listed=tuple(GRADES)),
    Column(name="deliberated", title="须经协商", about="是或否。", words=YES, listed=tuple(YES)),
)


Said = tuple[int, Entry, str, date]
"""The number of a line of a list, its entry, the document and the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLines:
    """The lines of one list are its next version, whole."""

    desk: AffairsDesk

    async def compare(
        self, lines: AsyncIterator[Line], reason: str, by: str, now: datetime
    ) -> AsyncIterator[Bad | Change]:
        found: dict[ListKind, list[Said]] = {}
        named: set[tuple[ListKind, str]] = set()

        async def gather(line: Line) -> None:
            kind, entry, document, since = _entry(line)
            only_once((kind, entry.name), named, "同一清单中名称重复。", field="name")
            named.add((kind, entry.name))
            found.setdefault(kind, []).append((line.number, entry, document, since))

        async for bad in judged(lines, gather):
            yield bad
        for kind, rows in found.items():
            if version := await tried(rows[0][0], self._version(kind, rows, now)):
                yield version

    async def _version(self, kind: ListKind, rows: Sequence[Said], now: datetime) -> Change | None:
        number, _, document, since = rows[0]
        if {(each[2], each[3]) for each in rows} != {(document, since)}:
            raise Malformed("同一清单的公布文件和生效日期须相同。", field="since")
        adopted = VersionAdopted(
            list=kind,
            entries=tuple(each[1] for each in rows),
            document=document,
            since=since,
            at=now,
        )
        held = await self.desk.lists.look(kind)
        if held is not None and _same(held.aggregate.versions[-1], adopted):
            return None
        version = listing.adopt(held.aggregate if held else None, adopted)
        told: dict[str, object] = {"list": kind.value, "entries": len(rows)}
        if version.instead_of:
            gone = (f"{one.document}（{one.since} 起）" for one in version.instead_of)
            told["instead_of"] = "、".join(gone)
        return Change(number, kind.value, told, partial(self._enter, adopted))

    async def _enter(self, adopted: VersionAdopted, cause: Cause) -> object:
        return await self.desk.adopt(adopted, cause)

    async def rows(self, reader: Subject) -> AsyncIterator[Sequence[str | int | None]]:
        async for held in self.desk.lists.every_of(reader, {}):
            last = held.aggregate.versions[-1]
            for one in last.entries:
                said = (one.name, one.basis, one.department, one.role)
                yield held.aggregate.list, *said, last.document, last.since.isoformat()


def _same(held: VersionAdopted, adopted: VersionAdopted) -> bool:
    """Whether a file says what is there already."""
    return (held.entries, held.document, held.since) == (
        adopted.entries,
        adopted.document,
        adopted.since,
    )


def _entry(line: Line) -> tuple[ListKind, Entry, str, date]:
    cells = filled(line, "list", "name", "basis", "role", "document", "since")
    _short(line, "name", "basis", "department", "document")
    entry = Entry(
        name=cells["name"],
        basis=cells["basis"],
        department=cells["department"],
        role=one_of(Role, cells["role"], "role"),
    )
    kind = one_of(ListKind, cells["list"], "list")
    return kind, entry, cells["document"], day_of(cells["since"], "since")


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleLines:
    """The lines of one code are a sample, a step in each."""

    desk: AffairsDesk

    async def compare(
        self, lines: AsyncIterator[Line], reason: str, by: str, now: datetime
    ) -> AsyncIterator[Bad | Change]:
        found: dict[str, tuple[int, SamplePut]] = {}

        async def gather(line: Line) -> None:
            code, put = _sample(line, now)
            number, before = found.get(code, (line.number, put))
            found[code] = (number, put if before is put else _longer(before, put))

        async for bad in judged(lines, gather):
            yield bad
        for code, (number, put) in found.items():
            if sample := await tried(number, self._compared(number, code, put)):
                yield sample

    async def _compared(self, number: int, code: str, put: SamplePut) -> Change | None:
        held = await self.desk.samples.look(code)
        known = held.aggregate if held else None
        if known is None:
            coded(code)
        if known and known == power.evolve_sample(known, replace(put, at=known.put_at)):
            return None
        power.put(put)
        told = {"code": code, "name": put.name, "steps": len(put.flow)}
        return Change(number, code, told, partial(self._enter, code, put))

    async def _enter(self, code: str, put: SamplePut, cause: Cause) -> object:
        return await self.desk.put_sample(code, put, cause)

    async def rows(self, reader: Subject) -> AsyncIterator[Sequence[str | int | None]]:
        async for held in self.desk.samples.every_of(reader, {}):
            one = held.aggregate
            about = (one.type, one.kind, one.name, one.basis, one.rules)
            for stage in one.flow:
                waits = "yes" if stage.deliberated else "no"
                yield held.id, *about, stage.name, stage.risk, waits


def _sample(line: Line, now: datetime) -> tuple[str, SamplePut]:
    needed = ("code", "type", "kind", "name", "basis", "rules", "stage", "risk")
    cells = filled(line, *needed)
    _short(line, "name", "basis", "stage")
    stage = Stage(
        name=cells["stage"],
        risk=one_of(Grade, cells["risk"], "risk"),
        deliberated=_deliberated(cells["deliberated"]),
    )
    put = SamplePut(
        type=one_of(CommunityType, cells["type"], "type"),
        kind=one_of(PowerKind, cells["kind"], "kind"),
        name=cells["name"],
        basis=cells["basis"],
        flow=(stage,),
        rules=cells["rules"],
        at=now,
    )
    return cells["code"], put


def _short(line: Line, *names: str) -> None:
    """As by hand."""
    for name in names:
        if len(line.cells[name]) > LONGEST:
            raise Malformed(f"超过{LONGEST}字。", field=name)


def _deliberated(text: str) -> bool:
    """Empty is no; a sign that isn't known might be a yes, and isn't taken for a no."""
    if text not in ("", *YES.values()):
        raise Malformed("须为 是 或 否。", field="deliberated")
    return text == YES["是"]


def _longer(before: SamplePut, put: SamplePut) -> SamplePut:
    """One step more, of the same power."""
    for field in ("type", "kind", "name", "basis", "rules"):
        if getattr(before, field) != getattr(put, field):
            raise Malformed("同一代码各行须相同。", field=field)
    return replace(before, flow=(*before.flow, *put.flow))


def imports_on(desk: AffairsDesk, store: Store, key: bytes, outlet: Outlet) -> Imports:
    return imports_of(
        "affairs",
        (store, key, outlet),
        access=Access(sees_all=DISTRICT),
        tables=(
            Importable(
                name="lists",
                title="社区工作清单",
                columns=LIST_COLUMNS,
                who=DISTRICT,
                lines=ListLines(desk=desk),
            ),
            Importable(
                name="power-samples",
                title="权力清单样本",
                columns=SAMPLE_COLUMNS,
                who=DISTRICT,
                lines=SampleLines(desk=desk),
            ),
            Importable(
                name="workers",
                title="社区工作者",
                columns=WORKER_COLUMNS,
                who=DISTRICT,
                lines=StaffLines(desk=desk),
            ),
        ),
        most=MOST_LINES,
        rule=RULES["A-01"],
    )
