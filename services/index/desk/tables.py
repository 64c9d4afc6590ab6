"""Systems as tables: lines gathered into a system, compared with what is on record, and written out again."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from chassis.cause import Cause
from chassis.identity import Subject
from chassis.imports.desk import Bad, Change
from chassis.imports.judging import Group, judged_groups, tried
from chassis.kernel.clock import local_date
from chassis.kernel.errors import Malformed, RuleBroken
from chassis.policy import PLATFORM
from chassis.tables.columns import Line
from services.index.domain.bringing import bring, open_doubts
from services.index.domain.decisions import (
    GoalRead,
    Measures,
    PointRow,
    SystemBook,
    SystemBrought,
    Weight,
    WeightsSet,
)
from services.index.domain.rules import RULES
from services.index.domain.system import IndicatorSystem, MeasuringPoint
from services.index.tables import WEIGHTS

from .registers import Registers

GOAL = re.compile(r"(>=|<=|>|==|=|≥|≤|＞|＜|＝)?(.+)")
SENSES = {"≥": ">=", "≤": "<=", "＞": ">", "＝": "==", "=": "=="}
SHOWN = {">=": "≥", "<=": "≤", ">": "＞", "==": "＝"}
WHOLE_SYSTEM = ("document", "measures", "owner", "law")


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemLines:
    """All lines of a system are that system, which from then on doesn't change."""

    desk: Registers
    sources: Mapping[str, str]

    def compare(
        self, lines: AsyncIterator[Line], reason: str, by: str, now: datetime
    ) -> AsyncIterator[Bad | Change]:
        async def judge(group: Group[Line]) -> Bad | Change | None:
            return await self._compared(group, reason, now)

        return judged_groups(lines, "system", "同一版本的行须连在一起。", lambda line: line, judge)

    async def rows(self, _: Subject) -> AsyncIterator[Sequence[str | int | None]]:
        """Every system in its newest version."""
        async for held in self.desk.systems.books.every({}):
            book = held.aggregate
            for row in self._rows(book):
                yield row

    def _rows(self, book: SystemBook) -> list[tuple[str, ...]]:
        system = self.desk.systems.newest(book)
        brought = book.brought
        said = (book.version, system.document, system.measures.value)
        owned = (brought.owner or "", brought.law or "") if brought else ("", "")
        vetoes = [row.veto for row in brought.rows] if brought else [False] * len(system.points)
        pairs = zip(system.points, vetoes, strict=True)
        return [(*said, *owned, *_written(system, point, veto)) for point, veto in pairs]

    def _the_same(self, group: Group[Line], book: SystemBook) -> None:
        """What is on record stays: lines that differ from it are another system."""
        if [tuple(line.cells.values()) for line in group.rows] != self._rows(book):
            detail = "已有的版本不改动，请另编版本号。"
            raise RuleBroken(RULES["I-01"], detail, field="system")

    async def _compared(
        self, group: Group[Line], reason: str, now: datetime
    ) -> Bad | Change | None:
        """What the lines bring, if anything; or the one that can't be read."""
        measures, points = _measures(group.rows), list[PointRow]()

        async def point(line: Line) -> None:
            points.append(self._row(line.cells))

        for line in group.rows:
            if bad := await tried(line.number, point(line)):
                return bad
        brought = _brought(group, measures, points, reason, now)
        if (known := await self.desk.systems.books.look(group.key)) is not None:
            self._the_same(group, known.aggregate)
            return None
        policy = (await self.desk.policies.current())[1]
        bring(brought, policy.satisfaction_percent)
        held = await self.desk.systems.of_year(local_date(now).year)
        rows = tuple(replace(row, doubts=open_doubts(held, row)) for row in brought.rows)
        said = {"system": brought.version, "points": len(brought.rows)}
        return Change(
            group.first, brought.version, said, partial(self._enter, replace(brought, rows=rows))
        )

    async def _enter(self, brought: SystemBrought, cause: Cause) -> None:
        made = replace(brought, by=cause.actor, at=cause.now)
        await self.desk.systems.books.once(brought.version, [made], cause)

    def _row(self, cells: Mapping[str, str]) -> PointRow:
        names = tuple(filter(None, cells["data_source"].split("、")))
        if unknown := [name for name in names if name not in self.sources]:
            raise Malformed(f"没有这个数据来源部门：{unknown[0]}", field="data_source")
        return PointRow(
            level1=cells["level1"],
            level2=cells["level2"],
            level3=cells["level3"],
            name=cells["name"],
            unit=cells["unit"],
            attribute=cells["attribute"],
            data_source=cells["data_source"],
            units=tuple(self.sources[name] for name in names),
            baseline=cells["baseline"] or None,
            goals=_goals(cells["goals"]),
            graded=_yes(cells, "graded"),
            satisfaction=_yes(cells, "satisfaction"),
            veto=_yes(cells, "veto"),
        )


def _measures(lines: Sequence[Line]) -> Measures:
    """Malformed of lines that don't say the same of their system, or of nobody it could measure."""
    first = lines[0].cells
    for name in WHOLE_SYSTEM:
        if any(line.cells[name] != first[name] for line in lines):
            raise Malformed("同一版本各行须一致。", field=name)
    try:
        return Measures(first["measures"])
    except ValueError:
        raise Malformed("考核对象为全区、街道或社区。", field="measures") from None


def _brought(
    group: Group[Line], measures: Measures, points: Sequence[PointRow], reason: str, now: datetime
) -> SystemBrought:
    first = group.rows[0].cells
    return SystemBrought(
        version=group.key,
        document=first["document"],
        measures=measures,
        owner=first["owner"] or None,
        law=first["law"] or None,
        rows=tuple(points),
        weights=_weights(group.rows, reason, now),
        reason=reason,
        by=PLATFORM,
        at=now,
    )


def _yes(cells: Mapping[str, str], field: str) -> bool:
    if cells[field] not in ("yes", ""):
        raise Malformed("填“是”或“否”。", field=field)
    return bool(cells[field])


def _goals(text: str) -> tuple[GoalRead, ...]:
    """`≥69` or `100；60`: how a value meets it may be left open, as in print. Figures are checked later."""
    said = [part.strip() for part in re.split("[;；]", text) if part.strip()]
    found = [(GOAL.fullmatch(part), part) for part in said]
    goals = [(match[1] or "", match[2].strip()) for match, _ in found if match]
    return tuple(GoalRead(value=value, sense=SENSES.get(sense, sense)) for sense, value in goals)


def _weights(lines: Sequence[Line], reason: str, now: datetime) -> tuple[WeightsSet, ...]:
    """Of every parent that has them; Malformed where some of its children have none."""
    said: dict[tuple[str, ...], dict[str, str]] = {}
    for number, line in enumerate(lines, start=1):
        cells = line.cells
        path = (cells["level1"], cells["level2"], cells["level3"], str(number))
        for depth, column in enumerate(WEIGHTS):
            children = said.setdefault(path[:depth], {})
            if children.setdefault(path[depth], cells[column]) != cells[column]:
                raise Malformed(f"“{path[depth]}”各行的权重须一致。", field=column)
    return tuple(
        WeightsSet(
            parent=parent,
            weights=tuple(_weight(parent, name, text) for name, text in children.items()),
            reason=reason,
            by=PLATFORM,
            at=now,
        )
        for parent, children in said.items()
        if any(children.values())
    )


def _weight(parent: tuple[str, ...], name: str, text: str) -> Weight:
    if not (text.isdecimal() and len(text) <= 5):
        raise Malformed("权重为整数（万分之几），同一上级之下须都填。", field=WEIGHTS[len(parent)])
    return Weight(name=name, weight=int(text))


def _written(system: IndicatorSystem, point: MeasuringPoint, veto: bool) -> tuple[str, ...]:
    path = (point.level1, point.level2, point.level3, str(point.number))
    set_as = {
        (said.parent, one.name): one.weight for said in system.weights for one in said.weights
    }
    weights = [set_as.get((path[:depth], name), "") for depth, name in enumerate(path)]
    goals = "；".join(f"{SHOWN.get(goal.sense or '', '')}{goal.value}" for goal in point.goals)
    flags = (point.graded, point.satisfaction, veto)
    return (
        *path[:3],
        point.name,
        point.unit,
        point.attribute,
        point.data_source,
        "" if point.baseline is None else str(point.baseline),
        goals,
        *("yes" if flag else "" for flag in flags),
        *map(str, weights),
    )
