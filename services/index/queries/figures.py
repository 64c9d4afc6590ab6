"""A year's figures as a table: what is filed, and empty what is still to be filled in."""

from dataclasses import dataclass
from datetime import date

from chassis.exports import Cell, Column, Table
from chassis.identity import Subject
from chassis.kernel.errors import NotFound
from services.index.access import ACCESS
from services.index.desk import IndexDesk, observation_resource
from services.index.domain.method import METHOD
from services.index.domain.observation import SOURCES, Observation
from services.index.domain.system import MeasuringPoint

COLUMNS = (
    Column("point", "序号"),
    Column("level1", "一级指标"),
    Column("level2", "二级指标"),
    Column("level3", "三级指标"),
    Column("name", "测量点"),
    Column("unit", "单位"),
    Column("attribute", "属性"),
    Column("target", "2020年目标值（照印）"),
    Column("data_source", "数据来源"),
    Column("due", "截止日"),
    Column("missed", "逾期"),
    Column("values", "数值"),
    Column("grades", "评定"),
    Column("source", "资料来源", {source.value: title for source, title in SOURCES.items()}),
    Column("reference", "版次页码或报表"),
    Column("filed_at", "报送时间"),
    Column("filings", "报送次数"),
)
"""Every row shows the last filing; the ones before it stand in the trail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureQueries:
    desk: IndexDesk

    async def figures(self, year: int, subject: Subject) -> Table:
        """A year's points with what is filed: each source its own, those who lead all.

        Empty it is what a source has to fill in.
        """
        opened = await self.desk.years.look(str(year))
        if opened is None:
            raise NotFound(f"{year} 年没有开始报送。")
        filed = await self.desk.of_year(year)
        missed = {miss.point for miss in opened.aggregate.missed}
        rows = [
            _row(point, filed.get(point.number), opened.aggregate.due, point.number in missed)
            for point in (await self.desk.systems.of_year(year)).points
            if ACCESS.may_see(subject, observation_resource(_of(year, point)))
        ]
        return Table(f"{year}年测评数据", COLUMNS, rows)


def _of(year: int, point: MeasuringPoint) -> Observation:
    return Observation(year=year, point=point.number, units=point.units)


def _row(
    point: MeasuringPoint, observation: Observation | None, due: date, missed: bool
) -> tuple[Cell, ...]:
    named = (point.number, point.level1, point.level2, point.level3, point.name)
    asked = (point.unit, point.attribute, point.target_printed, point.data_source, due, missed)
    filed = observation.latest if observation else None
    if observation is None or filed is None:
        return (*named, *asked, None, None, None, None, None, 0)
    said = filed.evidence
    return (
        *named,
        *asked,
        filed.values or None,
        tuple(f"{one.assessor}：{METHOD.titles[one.grade]}" for one in filed.grades) or None,
        said.source,
        said.table or " ".join(filter(None, (said.edition, said.page))) or None,
        filed.at,
        len(observation.filings),
    )
