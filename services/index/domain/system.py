"""The indicator system (指标体系) as printed: 4, 11, 27 and 42, and where the print leaves a doubt."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .decisions import DoubtSettled, Measures, WeightsSet
from .doubts import OF_THE_WHOLE, Doubt, doubts
from .longer import LongerGoal, longer_goals

CLAIMED = {"level1": 4, "level2": 11, "level3": 27, "points": 42}
"""What the annex's own note says of itself."""

ASKED = {
    "target_raw": "target",
    "unit": "unit",
    "attribute": "attribute",
    "data_source": "data_source",
}
"""The columns without which a point can't be measured, and the fields they fill."""

QUALITATIVE = "qualitative"
SHARE, GROWTH = re.compile("(率|比重|比例|系数|满意度)$"), "增长"
"""What points are called that measure a share, and those among them that measure how much more."""
CHANGE = re.compile("[增降减]")
"""What points are called that measure how much more or less of something there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A figure to reach by 2020, in the point's unit.

    `sense` is how a value meets it (`>=`, `>`, `<=`, `==`), or nothing where the print leaves that
    open.
    """

    value: Decimal
    sense: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuringPoint:
    """One of the 42: figures as printed and as read, and every doubt between the two.

    A point that is `graded` has no `goals`; `baseline` is missing where none is printed.
    Any one of `sources` may state the value; `units` are the codes they act under.
    """

    number: int
    level1: str
    level2: str
    level3: str
    name: str
    unit: str
    attribute: str
    data_source: str
    sources: tuple[str, ...]
    units: tuple[str, ...]
    baseline_printed: str
    target_printed: str
    baseline: Decimal | None
    goals: tuple[Goal, ...]
    graded: bool
    doubts: tuple[Doubt, ...]
    satisfaction: bool = False

    @property
    def share(self) -> bool:
        """Whether it is one of a whole, and no growth or number in percent."""
        return self.unit == "%" and bool(SHARE.search(self.name)) and GROWTH not in self.name

    @property
    def amount(self) -> bool:
        """Whether it counts or adds up something, of which there is never less than none."""
        return self.unit != "%" and not CHANGE.search(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where the table doesn't hold what its note claims."""

    what: str
    claimed: int
    printed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What a measuring point should have and the print doesn't give."""

    number: int
    lacks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorSystem:
    """`attributes` counts the binding (约束性) and the anticipatory (预期性) points.

    `settled` and `weights` are what the district has decided; without weights, siblings are equal.
    """

    version: str
    document: str
    counts: Mapping[str, int]
    attributes: Mapping[str, int]
    with_baseline: int
    differences: tuple[Difference, ...]
    gaps: tuple[Gap, ...]
    doubts: tuple[Doubt, ...]
    points: tuple[MeasuringPoint, ...]
    longer_goals: tuple[LongerGoal, ...]
    baseline_year: int | None = None
    settled: tuple[DoubtSettled, ...] = ()
    weights: tuple[WeightsSet, ...] = ()
    measures: Measures = Measures.DISTRICT


def system(
    version: str,
    document: str,
    rows: Sequence[Mapping[str, str]],
    longer: Sequence[Mapping[str, str]],
    codes: Mapping[str, str],
) -> IndicatorSystem:
    """I-01: keeps what is printed and reports where it differs from its own note.

    `codes` of the sources by their printed names: KeyError for one that has none.
    """
    points = tuple(_point(number, row, codes) for number, row in enumerate(rows, start=1))
    counts = counted(points)
    differences = tuple(
        Difference(what=what, claimed=claimed, printed=counts[what])
        for what, claimed in CLAIMED.items()
        if counts[what] != claimed
    )
    return IndicatorSystem(
        version=version,
        document=document,
        counts=counts,
        attributes=Counter(point.attribute for point in points if point.attribute),
        with_baseline=sum(bool(point.baseline_printed) for point in points),
        differences=differences,
        gaps=_gaps(rows),
        doubts=OF_THE_WHOLE,
        points=points,
        longer_goals=longer_goals(
            longer,
            {point.name: point.number for point in points},
            {point.number: point.baseline for point in points},
        ),
    )


def counted(points: Sequence[MeasuringPoint]) -> dict[str, int]:
    """Its indicators of each level, and its points."""
    return {
        "level1": len({point.level1 for point in points}),
        "level2": len({(point.level1, point.level2) for point in points}),
        "level3": len({(point.level1, point.level2, point.level3) for point in points}),
        "points": len(points),
    }


def _gaps(rows: Sequence[Mapping[str, str]]) -> tuple[Gap, ...]:
    """I-02: a point without a target, a unit, an attribute or a source is kept and named."""
    return tuple(
        Gap(number=number, lacks=lacks)
        for number, row in enumerate(rows, start=1)
        for column, lacks in ASKED.items()
        if not row[column]
    )


def _point(number: int, row: Mapping[str, str], codes: Mapping[str, str]) -> MeasuringPoint:
    sources = tuple(filter(None, row["data_source"].split("、")))
    return MeasuringPoint(
        number=number,
        level1=row["level1"],
        level2=row["level2"],
        level3=row["level3"],
        name=row["measuring_point"],
        unit=row["unit"],
        attribute=row["attribute"],
        data_source=row["data_source"],
        sources=sources,
        units=tuple(codes[source] for source in sources),
        baseline_printed=row["baseline_raw"],
        target_printed=row["target_raw"],
        baseline=Decimal(row["baseline_value"]) if row["baseline_value"] else None,
        goals=_goals(row),
        graded=row["direction"] == QUALITATIVE,
        doubts=doubts(row),
    )


def _goals(row: Mapping[str, str]) -> tuple[Goal, ...]:
    """A cell with two figures is two goals; a graded point has none."""
    if row["direction"] == QUALITATIVE:
        return ()
    figures = [row["target_value"]] if row["target_value"] else row["target_raw"].split("；")
    sense = row["target_operator"] or None
    return tuple(Goal(value=Decimal(figure), sense=sense) for figure in figures if figure)
