"""Statements as of a day, from trails; the figures that documents print, each with its source."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from chassis.aggregates import Aggregates
from chassis.exports import Cell, Column, Table
from chassis.identity import Access, Subject
from chassis.kernel.clock import local_date
from chassis.kernel.errors import Malformed
from services.housing.domain.agreement import UNITS, Agreement
from services.housing.domain.community import Community, CommunityEntered
from services.housing.domain.declaration import Declaration, DeclarationEvent
from services.housing.domain.events import AgreementEvent
from services.housing.domain.premises import Premises, PremisesEvent
from services.housing.domain.statement import (
    By,
    Record,
    StatementLine,
    last_declared,
    lines,
    printed,
)
from services.housing.domain.street import Street

from . import history

COLUMNS = (
    Column("line", "口径"),
    Column("place", "地区"),
    Column("street", "街道代码"),
    Column("community", "社区代码"),
    Column("as_of", "截至"),
    Column("source", "来源"),
    Column("agreements", "协议数"),
    Column("area_owed", "应提供面积（平方米）"),
    Column("area_handed_over", "已移交面积（平方米）"),
    Column("communities", "社区数"),
    Column("urban", "城市社区"),
    Column("village_converted", "村改居社区"),
    Column("at_standard", "达标社区数"),
    Column("households", "户数"),
    Column("measured", "计入每百户的面积（平方米）"),
    Column("per_hundred", "每百户面积（平方米）"),
)
LINES = {"computed": "登记册计算", "declared": "申报", "difference": "差额（计算减申报）"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementQueries:
    communities: Aggregates[Community, CommunityEntered]
    agreements: Aggregates[Agreement, AgreementEvent]
    premises: Aggregates[Premises, PremisesEvent]
    declarations: Aggregates[Declaration, DeclarationEvent]
    streets: Mapping[str, Street]
    access: Access
    counted: Path
    clock: Callable[[], datetime]

    async def statement(self, as_of: date | None, by: By, subject: Subject) -> Table:
        """Only the rows that concern the subject; the district's for those who see all."""
        today = local_date(self.clock())
        day = as_of or today
        if day > today:
            raise Malformed("台账日期不能晚于今天。", field="as_of")
        declared = [held.aggregate async for held in self.declarations.every({})]
        found = lines(await self._record(day), by, self._names(), last_declared(declared, day))
        rows = [_cells(line) for line in found if self._concerns(line, subject)]
        return Table(f"社区综合服务设施台账 {day}", COLUMNS, rows)

    def counts(self) -> Table:
        """H-12: how many communities each document counts; all of them stay."""
        with self.counted.open(encoding="utf-8") as file:
            reader = csv.DictReader(file)
            columns = [Column(name, COUNTED[name]) for name in reader.fieldnames or ()]
            rows = [[row[column.name] or None for column in columns] for row in reader]
        return Table("历年社区数及出处", columns, rows)

    async def _record(self, day: date) -> Record:
        entered = [one async for one in history.every(self.communities, day)]
        return Record(
            day=day,
            communities=tuple(one for one in entered if one.holds_on(day)),
            agreements=tuple([one async for one in history.every(self.agreements, day)]),
            premises=tuple([one async for one in history.every(self.premises, day)]),
        )

    def _names(self) -> dict[str, str]:
        return {code: street.name for code, street in self.streets.items()}

    def _concerns(self, line: StatementLine, subject: Subject) -> bool:
        place = line.place
        resource = {"street": place.street, "community": place.community, "units": UNITS}
        return self.access.may_see(subject, resource)


COUNTED = {
    "year": "年度",
    "as_of": "截至",
    "scope": "范围",
    "streets": "街道数",
    "communities_total": "社区数",
    "urban": "城市社区",
    "village_converted": "村改居社区",
    "source_doc": "来源",
    "note": "说明",
}


def _cells(line: StatementLine) -> list[Cell]:
    figures = line.figures
    return [
        LINES[line.line],
        line.place.name,
        line.place.street,
        line.place.community,
        line.as_of,
        line.source,
        figures.agreements,
        printed(figures.area_owed),
        printed(figures.area_handed_over),
        figures.communities,
        figures.urban,
        figures.village_converted,
        figures.at_standard,
        figures.households,
        printed(figures.measured),
        printed(figures.per_hundred),
    ]
