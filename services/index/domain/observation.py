"""An observation (观测值): what a data source files for a measuring point and a year.

Figures are decimal text in the point's unit, kept as filed. A correction is a new filing with its
reason, and the ones before it stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import local_date
from chassis.kernel.errors import Malformed, RuleBroken
from chassis.kernel.required import required_by

from .rules import RULES, SYSTEM
from .scoring import FIGURE, Grade
from .system import MeasuringPoint


class Source(StrEnum):
    """Where a figure may come from; `statistics`: the department's own."""

    CHINA = "china"
    PROVINCES = "provinces"
    YUNNAN = "yunnan"
    KUNMING = "kunming"
    GUANDU = "guandu"
    STATISTICS = "statistics"
    PLATFORM = "platform"
    """What the platform holds, confirmed by the department."""
    PARTNER = "partner"
    """What a partner reported, confirmed by the department."""


CONFIRMED = frozenset({Source.PLATFORM, Source.PARTNER})
SOURCES = {
    Source.CHINA: "中国统计年鉴",
    Source.PROVINCES: "各省市统计年鉴",
    Source.YUNNAN: "云南统计年鉴",
    Source.KUNMING: "昆明统计年鉴",
    Source.GUANDU: "官渡统计年鉴",
    Source.STATISTICS: "部门统计资料",
    Source.PLATFORM: "平台记录",
    Source.PARTNER: "伙伴系统",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A yearbook with edition and page, or the department's statistics by the name of the table."""

    source: Source
    edition: str | None = None
    page: str | None = None
    table: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """One assessor's grade; `assessor` is an office's code, never a person."""

    assessor: str
    grade: Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationAwaited:
    """`units`: the sources, any of which may file it; `name`: what the point was called then."""

    year: int
    point: int
    units: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fed:
    """What a confirmed figure was made of: `part` `of` so many, or a partner's report."""

    part: int | None = None
    of: int | None = None
    report: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureReported:
    """A partner's word, which nobody has confirmed yet. Partners number their events each for itself: `id` is ours."""

    id: str
    event: str
    partner: str
    values: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationFiled:
    values: tuple[str, ...] = ()
    grades: tuple[Assessed, ...] = ()
    evidence: Evidence
    by: str
    at: datetime
    reason: str | None = None
    fed: Fed | None = None


ObservationEvent = ObservationAwaited | ObservationFiled | FigureReported


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """`filings` in their order; the last one counts. `reports` of partners count for nothing by themselves."""

    year: int
    point: int
    units: tuple[str, ...]
    name: str = ""
    filings: tuple[ObservationFiled, ...] = ()
    reports: tuple[FigureReported, ...] = ()

    @property
    def latest(self) -> ObservationFiled | None:
        return self.filings[-1] if self.filings else None

    def file(self, filed: ObservationFiled, point: MeasuringPoint, most: int) -> ObservationFiled:
        """I-02, I-03: with its evidence, fit for the point; again only with a reason.

        `most`: what a share may be, in percent.
        """
        if filed.evidence.source in CONFIRMED:
            detail = "平台和伙伴系统的数据须经确认，不能直接报送。"
            raise RuleBroken(RULES["I-10"], detail, field="source")
        return self._fit(filed, point, most)

    def confirm(
        self, filed: ObservationFiled, point: MeasuringPoint, most: int
    ) -> ObservationFiled:
        """I-10: what is held or was reported, as a filing like any other."""
        return self._fit(filed, point, most)

    def reported(self, id: str) -> FigureReported:
        """I-10: a partner's report."""
        for report in self.reports:
            if report.id == id:
                return report
        raise RuleBroken(RULES["I-10"], "没有这条伙伴系统的数据。", field="report")

    def hear(self, report: FigureReported) -> tuple[FigureReported, ...]:
        """I-12: an event counts once."""
        return () if report.id in {one.id for one in self.reports} else (report,)

    def _fit(self, filed: ObservationFiled, point: MeasuringPoint, most: int) -> ObservationFiled:
        if local_date(filed.at).year < self.year:
            raise RuleBroken(RULES["I-03"], f"{self.year} 年尚未开始，不能报送。", field="year")
        if self.filings and not (filed.reason or "").strip():
            raise RuleBroken(RULES["I-03"], "更正须写明理由；原值保留。", field="reason")
        _evidenced(filed.evidence)
        if point.graded:
            _graded(filed)
        else:
            _measured(filed, point, most)
        return filed


def figures(filed: ObservationFiled) -> tuple[Decimal, ...]:
    return tuple(Decimal(value) for value in filed.values)


def evolve(observation: Observation | None, event: ObservationEvent) -> Observation:
    match event:
        case ObservationAwaited():
            return Observation(
                year=event.year, point=event.point, units=event.units, name=event.name
            )
        case ObservationFiled():
            if observation is None:
                raise ValueError("an observation begins by being awaited")
            return replace(observation, filings=(*observation.filings, event))
        case FigureReported():
            if observation is None:
                raise ValueError("an observation begins by being awaited")
            every = sorted((*observation.reports, event), key=lambda one: (one.at, one.id))
            return replace(observation, reports=tuple(every))
        case _:
            assert_never(event)


def _evidenced(evidence: Evidence) -> None:
    if evidence.source in CONFIRMED:
        return
    if evidence.source is Source.STATISTICS:
        required_by(RULES["I-02"], evidence.table, "table", "部门统计资料须写明报表名称。", SYSTEM)
        return
    required_by(RULES["I-02"], evidence.edition, "edition", "年鉴须写明版次。", SYSTEM)
    required_by(RULES["I-02"], evidence.page, "page", "年鉴须写明页码。", SYSTEM)


def _graded(filed: ObservationFiled) -> None:
    assessors = [grade.assessor for grade in filed.grades]
    if filed.values or not assessors:
        raise RuleBroken(
            RULES["I-04"], "定性测量点由具名的评定单位评定，不填数值。", field="grades"
        )
    if _repeats(assessors):
        raise RuleBroken(RULES["I-04"], "同一评定单位只评一次。", field="grades")


def _measured(filed: ObservationFiled, point: MeasuringPoint, most: int) -> None:
    for value in filed.values:
        if not FIGURE.fullmatch(value):
            raise Malformed("数值为十进制文本，最多12位整数、6位小数。", field="values")
    if filed.grades or len(filed.values) != max(1, len(point.goals)):
        detail = f"“{point.name}”须填 {max(1, len(point.goals))} 个数值，按目标的次序。"
        raise RuleBroken(RULES["I-04"], detail, field="values")
    if point.share and not all(0 <= value <= most for value in figures(filed)):
        detail = f"“{point.name}”为占比，须在 0 与 {most} 之间。"
        raise RuleBroken(RULES["I-03"], detail, field="values")
    if point.amount and any(value < 0 for value in figures(filed)):
        raise RuleBroken(RULES["I-03"], f"“{point.name}”不会小于零。", field="values")


def _repeats(codes: Sequence[str]) -> bool:
    return len(set(codes)) < len(codes)
