"""Editions: who sees which, their points as a table, and each number down to what was filed."""

from asyncio import to_thread
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.exports import Column, Table
from chassis.identity import Subject
from chassis.kernel.errors import NotFound
from chassis.kernel.measure import as_decimal
from chassis.kind import Held
from services.index.access import ACCESS
from services.index.desk import IndexDesk, edition_resource
from services.index.domain.computing import Input, compute, fingerprint
from services.index.domain.edition import Edition, Stage
from services.index.domain.improvement import Ask, Improvement, asks
from services.index.domain.method import METHOD
from services.index.domain.observation import Evidence
from services.index.domain.scoring import Lack
from services.index.domain.system import MeasuringPoint
from services.index.shipped import streets

LACKS = {
    Lack.MISSING: "缺",
    Lack.UNSETTLED: "含义未定",
    Lack.NO_GOAL: "无目标值",
    Lack.UNFIT: "与目标不符",
}
STAGES = {Stage.DRAFT: "草稿", Stage.UNDER_REVIEW: "评审中", Stage.PUBLISHED: "公布"}
SENSES = {">=": "≥", "<=": "≤", ">": "＞", "==": "＝"}
COLUMNS = (
    Column("point", "序号"),
    Column("level1", "一级指标"),
    Column("level2", "二级指标"),
    Column("level3", "三级指标"),
    Column("name", "测量点"),
    Column("unit", "单位"),
    Column("attribute", "属性"),
    Column("baseline", "当下值"),
    Column("goals", "目标值"),
    Column("values", "实际值"),
    Column("weight", "占指数权重（百万分之）"),
    Column("score", "得分"),
    Column("met", "达到目标"),
    Column("lacks", "未计分的原因", {lack.value: title for lack, title in LACKS.items()}),
    Column("observation", "观测值编号"),
    Column("filing", "第几次报送"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One edition in a list; `score` in hundredths of a point, `coverage` in ten-thousandths."""

    id: str
    year: int
    number: int
    stage: Stage
    system: str
    score: int | None
    coverage: int
    binding_missed: tuple[int, ...]
    reason: str | None
    hash: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The filing that a point's score came from."""

    point: int
    observation: str
    filing: int
    values: tuple[str, ...]
    evidence: Evidence
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """`agrees`: whether computing it again from what is in it gives every digit and the hash."""

    system: str
    method: str
    hash: str
    agrees: bool
    points: tuple[Behind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A weak point, who is asked, and the answer where there is one."""

    ask: Ask
    units: tuple[str, ...]
    improvement: Improvement | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Demands:
    """What an edition asks, and what became of last year's answers."""

    asked: tuple[Asked, ...]
    last_year: tuple[Improvement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionQueries:
    desk: IndexDesk

    async def visible(self, id: str, subject: Subject) -> Held[Edition]:
        """A published one for everybody; before that for those it concerns."""
        held = await self.desk.editions.get(id)
        if not _may_see(held.aggregate, subject):
            raise NotFound
        return held

    async def every(self, year: int | None, subject: Subject) -> list[Listed]:
        where = {} if year is None else {"year": year}
        found = [held async for held in self.desk.editions.every(where)]
        return sorted(
            (_listed(held) for held in found if _may_see(held.aggregate, subject)),
            key=lambda one: (-one.year, -one.number),
        )

    async def table(self, edition: Edition) -> Table:
        made = edition.drafted
        system = await self.desk.systems.at(made.system)
        said = {one.point: _said(one) for one in made.inputs}
        rows = [
            (
                point.number,
                point.level1,
                point.level2,
                point.level3,
                line.name,
                point.unit,
                line.attribute,
                None if point.baseline is None else str(point.baseline),
                tuple(f"{goal.sense or '?'} {goal.value}" for goal in point.goals) or None,
                said.get(point.number),
                line.weight,
                None if line.score is None else as_decimal(line.score),
                line.met,
                line.lacks,
                line.observation,
                line.filing,
            )
            for point, line in zip(system.points, made.result.points, strict=True)
        ]
        return Table(f"{made.year}年社会治理指数", COLUMNS, rows)

    async def workbook(self, edition: Edition) -> bytes:
        """As `workbook` makes it, in a thread of its own."""
        # As in `exports`: only who writes a workbook pays for them.
        from .workbook import workbook

        system = await self.desk.systems.at(edition.drafted.system)
        return await to_thread(workbook, edition.drafted, system)

    async def page(self, edition: Edition) -> dict[str, Any]:
        """What stands on the printed one."""
        made = edition.drafted
        system = await self.desk.systems.at(made.system)
        entered = {one.point: one for one in made.inputs}
        doubts: dict[str, list[int]] = {doubt.text: [] for doubt in system.doubts}
        for point in system.points:
            for doubt in point.doubts:
                doubts.setdefault(doubt.text, []).append(point.number)
        return {
            "title": f"官渡区{made.year}年社会治理指数",
            "edition": edition,
            "made": made,
            "system": system,
            "method": METHOD,
            "first": [level for level in made.result.levels if len(level.path) == 1],
            "points": {p.number: _printed(p, entered.get(p.number)) for p in system.points},
            "doubts": doubts,
            "demands": await self.demands(edition),
            "streets": streets(),
            "lacks": LACKS,
            "stages": STAGES,
        }

    async def demands(self, edition: Edition) -> Demands:
        made = edition.drafted
        year = made.year
        answered = {
            held.aggregate.asked.ask.point: held.aggregate
            async for held in self.desk.improvements.every({"year": year})
        }
        units = {p.number: p.units for p in (await self.desk.systems.at(made.system)).points}
        return Demands(
            asked=tuple(
                Asked(ask=ask, units=units[ask.point], improvement=answered.get(ask.point))
                for ask in asks(made.result, made.lowest_points)
            ),
            last_year=tuple(
                [held.aggregate async for held in self.desk.improvements.every({"year": year - 1})]
            ),
        )

    async def provenance(self, edition: Edition) -> Provenance:
        made = edition.drafted
        system = await self.desk.systems.at(made.system)
        again = compute(system, made.inputs, made.least_covered)
        hash = fingerprint(system, METHOD, made.inputs, made.least_covered)
        filed = await self.desk.of_year(made.year)
        behind = []
        for one in made.inputs:
            filing = filed[one.point].filings[one.filing - 1]
            behind.append(
                Behind(
                    point=one.point,
                    observation=one.observation,
                    filing=one.filing,
                    values=filing.values,
                    evidence=filing.evidence,
                    by=filing.by,
                    at=filing.at,
                )
            )
        return Provenance(
            system=made.system,
            method=made.method,
            hash=made.hash,
            agrees=(again, hash) == (made.result, made.hash),
            points=tuple(behind),
        )


def _printed(point: MeasuringPoint, entered: Input | None) -> dict[str, str]:
    """A point as it stands on paper."""
    goals = "；".join(f"{SENSES.get(goal.sense or '', '?')}{goal.value}" for goal in point.goals)
    return {
        "name": point.name,
        "unit": point.unit,
        "source": point.data_source,
        "baseline": "—" if point.baseline is None else str(point.baseline),
        "goals": goals or point.target_printed,
        "said": "；".join(_said(entered)) if entered else "缺",
    }


def _said(one: Input) -> tuple[str, ...]:
    """The figures, or the grades by what they are called."""
    return one.values or tuple(METHOD.titles[grade] for grade in one.grades)


def _may_see(edition: Edition, subject: Subject) -> bool:
    published = edition.stage is Stage.PUBLISHED
    return published or ACCESS.may_see(subject, edition_resource(edition))


def _listed(held: Held[Edition]) -> Listed:
    made, published = held.aggregate.drafted, held.aggregate.published
    return Listed(
        id=held.id,
        year=made.year,
        number=made.number,
        stage=held.aggregate.stage,
        system=made.system,
        score=made.result.index.score,
        coverage=made.result.index.coverage,
        binding_missed=made.result.binding_missed,
        reason=made.reason,
        hash=made.hash,
        published_at=published.at if published else None,
    )
