"""The register of suppliers from a file, by who keeps it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from chassis.cause import Cause
from chassis.identity import Subject
from chassis.imports.cells import day_of, whole_of
from chassis.imports.desk import Bad, Change
from chassis.imports.judging import judged, only_once
from chassis.kernel.errors import Malformed
from chassis.tables.columns import Column, Line
from services.procurement.access import KEEPERS
from services.procurement.desk import ProcurementDesk
from services.procurement.domain import supplier as suppliers
from services.procurement.domain.standing import NAMES
from services.procurement.domain.supplier import Fact, SupplierKind, SupplierRegistered

from .cells import chosen, code_of, one_of, parts_of, short_enough, written

FACT = "条件|证明材料|日期|有效期至|几个 A 或名称代码"
KINDS = {word: kind for kind, word in NAMES.items()}
COLUMNS = (
    Column(name="code", title="代码", about="小写字母和数字，不重复。"),
    Column(name="name", title="名称", about="机构名称。"),
    chosen("kind", "类别", "社会组织、企业、事业单位、街道或居委会。", SupplierKind),
    Column(name="scope", title="业务范围", about="可以不填。"),
    Column(name="founded_on", title="成立日期", about="写作 2019-01-05；可以不填。"),
    Column(name="facts", title="条件和证明材料", about=f"每项 {FACT}，用分号分开；可以不填。"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierLines:
    """A line is a supplier; one that is registered as the line says changes nothing, and no other way."""

    desk: ProcurementDesk

    def compare(
        self, lines: AsyncIterator[Line], reason: str, by: str, now: datetime
    ) -> AsyncIterator[Bad | Change]:
        seen: set[str] = set()

        async def judge(line: Line) -> Change | None:
            said = _read(line.cells, now)
            only_once(said.code, seen, "该代码在文件中重复。", field="code")
            seen.add(said.code)
            held = await self.desk.suppliers.look(said.code)
            known = held.aggregate if held else None
            if known is not None and _row(known) == _row(suppliers.evolve(None, said)):
                return None
            suppliers.register(known, said)
            told = {"code": said.code, "name": said.name}
            return Change(line.number, said.code, told, partial(self._enter, said))

        return judged(lines, judge)

    async def _enter(self, event: SupplierRegistered, cause: Cause) -> object:
        registered = replace(event, at=cause.now)
        return await self.desk.suppliers.record(
            event.code, lambda known: [suppliers.register(known, registered)], cause
        )

    async def rows(self, subject: Subject) -> AsyncIterator[Sequence[str | int | None]]:
        """The register, for who keeps it."""
        if subject.kind in KEEPERS:
            async for held in self.desk.suppliers.every({}):
                yield _row(held.aggregate)


def _read(cells: Mapping[str, str], now: datetime) -> SupplierRegistered:
    short_enough(cells, "name", "scope")
    founded = cells["founded_on"]
    return SupplierRegistered(
        code=code_of(cells, "code"),
        name=cells["name"],
        kind=one_of(SupplierKind, cells["kind"], "kind"),
        facts=tuple(_fact(*one) for one in parts_of(cells, "facts", FACT)),
        scope=cells["scope"],
        founded_on=day_of(founded, "founded_on") if founded else None,
        at=now,
    )


def _fact(kind: str, evidence: str, on: str, until: str, told: str) -> Fact:
    if kind not in KINDS:
        raise Malformed(f"须为其中之一：{'、'.join(KINDS)}。", field="facts")
    return Fact(
        kind=KINDS[kind],
        evidence=evidence,
        on=day_of(on, "facts"),
        until=day_of(until, "facts") if until else None,
        grade=whole_of(told, "facts") if told.isdecimal() else None,
        name="" if told.isdecimal() else told,
    )


def _row(one: suppliers.Supplier) -> Sequence[str | int | None]:
    facts = tuple(
        (NAMES[each.kind], each.evidence, each.on, each.until, each.grade or each.name)
        for each in one.facts
    )
    founded = one.founded_on.isoformat() if one.founded_on else ""
    return one.code, one.name, one.kind, one.scope, founded, written(facts)
