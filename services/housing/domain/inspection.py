"""An inspection (验收): what premises must be when a developer hands them over, point by point, each with a photo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken

from .rules import RULES


class Point(StrEnum):
    """对外开放, 相对集中, 仅限一二层, 一层不少于一半, 基本装修."""

    OUTSIDE = "outside"
    CLOSE = "close"
    FLOORS = "floors"
    GROUND_HALF = "ground_half"
    DECORATED = "decorated"


WORDS = {
    Point.OUTSIDE: "对外开放",
    Point.CLOSE: "相对集中",
    Point.FLOORS: "仅限一、二层",
    Point.GROUND_HALF: "一层面积不少于一半",
    Point.DECORATED: "完成基本装修",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`photos` are ids of evidence; the files themselves never travel."""

    point: Point
    met: bool
    photos: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """`area` is all that is offered, `first` and `second` what of it lies on those floors."""

    number: int
    area: int
    first: int
    second: int
    findings: tuple[Finding, ...]
    at: datetime

    @property
    def missed(self) -> tuple[Point, ...]:
        return tuple(finding.point for finding in self.findings if not finding.met)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What the developer still does about a point that was missed, and by which day."""

    point: Point
    what: str
    due: date
    done_at: datetime | None = None
    photos: tuple[str, ...] = ()


def inspect(
    *,
    number: int,
    area: int,
    first: int,
    second: int,
    seen: Mapping[Point, bool],
    photos: Mapping[Point, Sequence[str]],
    at: datetime,
) -> Inspection:
    """H-04: the floors follow from the areas, the rest is what was seen; each point has its photo."""
    met = {**seen, **_measured(area, first, second)}
    bare = [WORDS[point] for point in Point if not photos.get(point)]
    if bare:
        detail = f"每项验收须附照片，缺：{'、'.join(bare)}。"
        raise RuleBroken(RULES["H-04"], detail, clause=OURS, field="photos")
    findings = tuple(
        Finding(point=point, met=met[point], photos=tuple(photos[point])) for point in Point
    )
    return Inspection(
        number=number, area=area, first=first, second=second, findings=findings, at=at
    )


def _measured(area: int, first: int, second: int) -> Mapping[Point, bool]:
    """What follows from the areas."""
    if area <= 0 or first + second > area:
        raise Malformed("各层面积之和不能超过验收面积，验收面积须大于零。", field="area")
    return {Point.FLOORS: first + second == area, Point.GROUND_HALF: 2 * first >= area}


def corrected(inspection: Inspection, *, area: int, first: int, second: int) -> Inspection:
    """As it was typed wrong: other areas, and the points that follow from them; what was seen stays."""
    follows = _measured(area, first, second)
    findings = tuple(
        replace(one, met=follows.get(one.point, one.met)) for one in inspection.findings
    )
    return replace(inspection, area=area, first=first, second=second, findings=findings)


def agreed(inspection: Inspection, remedies: Sequence[Remedy], at: datetime) -> tuple[Remedy, ...]:
    """H-04: what was missed is refused, or accepted with a remedy that says what and by when."""
    offered = [remedy.point for remedy in remedies]
    lacking = [WORDS[point] for point in inspection.missed if point not in offered]
    if lacking:
        detail = f"验收未达到：{'、'.join(lacking)}；须整改后再移交，或写明整改内容和期限。"
        raise RuleBroken(RULES["H-04"], detail, field="remedies")
    if len(set(offered)) != len(offered) or not set(offered) <= set(inspection.missed):
        raise Malformed("整改只针对未达到的验收项，每项一条。", field="remedies")
    for remedy in remedies:
        if not remedy.what.strip() or remedy.due <= local_date(at):
            detail = "整改须写明内容，期限须晚于移交日。"
            raise RuleBroken(RULES["H-04"], detail, clause=OURS, field="remedies")
    return tuple(remedies)
