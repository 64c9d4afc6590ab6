"""C-31: the scheme a year's communities are assessed under, which the district sets, and each assessment.

Points are whole numbers; none is printed in the documents.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required_by

from .assessing import LAST_MONTH
from .rules import ASSESSING, RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeItem:
    code: str
    title: str
    points: int


class Assessor(StrEnum):
    """民政, and the community's street."""

    CIVIL_AFFAIRS = "civil_affairs"
    STREET = "street"


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeSet:
    year: int
    items: tuple[SchemeItem, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeCorrected:
    """Before anybody was assessed under it."""

    items: tuple[SchemeItem, ...]
    reason: str
    at: datetime


SchemeEvent = SchemeSet | SchemeCorrected


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    year: int
    items: tuple[SchemeItem, ...]
    set_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityAssessed:
    """`marks`: points by the scheme's item; `total` their sum, of `full`; `items`: the scheme's, as they are called."""

    street: str
    community: str
    year: int
    assessor: Assessor
    marks: Mapping[str, int]
    total: int
    full: int
    note: str | None = None
    items: tuple[SchemeItem, ...] = ()
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksCorrected:
    """What was entered of its assessment by that assessor is put right: what was said before stays on the trail."""

    assessor: Assessor
    marks: Mapping[str, int]
    total: int
    note: str | None = None
    reason: str
    at: datetime


AssessmentEvent = CommunityAssessed | MarksCorrected


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityAssessment:
    street: str
    community: str
    year: int
    by: tuple[CommunityAssessed, ...]


def lay_down(known: Scheme | None, scheme: SchemeSet) -> SchemeSet:
    """Once a year: what is assessed under it stands."""
    if known is not None:
        raise RuleBroken(RULES["C-31"], "该年度考核办法已导入。", clause=OURS, field="year")
    _sound(scheme.items)
    return scheme


def _sound(items: tuple[SchemeItem, ...]) -> None:
    codes = [item.code for item in items]
    if not codes or len(set(codes)) != len(codes):
        raise Malformed("考核办法须有项目，代码不得重复。", field="items")
    for item in items:
        required_by(RULES["C-31"], item.title, "items", "考核项目须有名称。", OURS)
        if item.points <= 0:
            raise Malformed("分值须大于零。", field="items")


def may_put_right(assessed: bool) -> None:
    """`assessed`: whether a community was under it already."""
    if assessed:
        detail = "已有社区按该办法考核，不再更正。"
        raise RuleBroken(RULES["C-31"], detail, clause=OURS)


def put_right(
    scheme: Scheme, items: tuple[SchemeItem, ...], reason: str, assessed: bool, now: datetime
) -> SchemeCorrected:
    may_put_right(assessed)
    _sound(items)
    if items == scheme.items:
        raise RuleBroken(RULES["C-31"], "与原考核办法相同。", clause=OURS, field="items")
    required_by(RULES["C-31"], reason, "reason", "更正须写明理由。", OURS)
    return SchemeCorrected(items=items, reason=reason, at=now)


def assess(
    known: CommunityAssessment | None, scheme: Scheme | None, assessed: CommunityAssessed
) -> CommunityAssessed:
    """Each item of the scheme, by each of the two once; not before December of its year (ours), since it stands."""
    if scheme is None:
        raise RuleBroken(RULES["C-31"], "该年度考核办法尚未导入。", clause=OURS, field="year")
    day = local_date(assessed.at)
    if (day.year, day.month) < (assessed.year, LAST_MONTH):
        detail = f"{assessed.year} 年度考核自当年 {LAST_MONTH} 月起进行。"
        raise RuleBroken(RULES["C-31"], detail, clause=OURS, field="year")
    if known is not None and any(one.assessor is assessed.assessor for one in known.by):
        raise RuleBroken(RULES["C-31"], "该年度已考核。", clause=ASSESSING, field="assessor")
    _marked(scheme.items, assessed.marks)
    return CommunityAssessed(
        street=assessed.street,
        community=assessed.community,
        year=assessed.year,
        assessor=assessed.assessor,
        marks=assessed.marks,
        total=sum(assessed.marks.values()),
        full=sum(item.points for item in scheme.items),
        note=assessed.note,
        items=scheme.items,
        at=assessed.at,
    )


def _marked(rated: tuple[SchemeItem, ...], marks: Mapping[str, int]) -> None:
    items = {item.code: item for item in rated}
    if marks.keys() != items.keys():
        raise RuleBroken(RULES["C-31"], "须对考核办法的每一项评分。", clause=OURS, field="marks")
    for code, mark in marks.items():
        if not 0 <= mark <= items[code].points:
            detail = f"“{items[code].title}”的得分应在 0 到 {items[code].points} 之间。"
            raise Malformed(detail, field=f"marks.{code}")


def made_by(known: CommunityAssessment, assessor: Assessor) -> CommunityAssessed:
    found = [one for one in known.by if one.assessor is assessor]
    if not found:
        raise RuleBroken(RULES["C-31"], "尚未考核。", clause=OURS)
    return found[0]


def correct(
    known: CommunityAssessment,
    scheme: Scheme,
    assessor: Assessor,
    marks: Mapping[str, int],
    note: str | None,
    reason: str,
    now: datetime,
) -> MarksCorrected:
    """By who made it, on the items it was made on (ours): the scheme may have been put right at the same moment."""
    before = made_by(known, assessor)
    _marked(before.items or scheme.items, marks)
    if (marks, note) == (before.marks, before.note):
        raise RuleBroken(RULES["C-31"], "与原评分相同。", clause=OURS, field="marks")
    required_by(RULES["C-31"], reason, "reason", "更正须写明理由。", OURS)
    total = sum(marks.values())
    return MarksCorrected(
        assessor=assessor, marks=marks, total=total, note=note, reason=reason, at=now
    )


def evolve_scheme(scheme: Scheme | None, event: SchemeEvent) -> Scheme:
    if isinstance(event, SchemeCorrected):
        if scheme is None:
            raise ValueError("a scheme begins by being laid down")
        return replace(scheme, items=event.items)
    return Scheme(year=event.year, items=event.items, set_at=event.at)


def evolve(known: CommunityAssessment | None, event: AssessmentEvent) -> CommunityAssessment:
    if isinstance(event, CommunityAssessed):
        return CommunityAssessment(
            street=event.street,
            community=event.community,
            year=event.year,
            by=(*(known.by if known else ()), event),
        )
    if known is None:
        raise ValueError("an assessment begins by being made")
    right = tuple(
        replace(one, marks=event.marks, total=event.total, note=event.note)
        if one.assessor is event.assessor
        else one
        for one in known.by
    )
    return replace(known, by=right)
