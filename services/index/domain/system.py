"""The indicator system (指标体系) as printed: 4, 11, 27 and 42, and where the print leaves a doubt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

CLAIMED = {"level1": 4, "level2": 11, "level3": 27, "points": 42}
"""What the annex's own note says of itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuringPoint:
    """One of the 42: figures as printed, and the listed doubt where there is one."""

    number: int
    level1: str
    level2: str
    level3: str
    name: str
    unit: str
    attribute: str
    data_source: str
    baseline_printed: str
    target_printed: str
    doubt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where the table doesn't hold what its note claims."""

    what: str
    claimed: int
    printed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorSystem:
    version: str
    document: str
    counts: Mapping[str, int]
    differences: tuple[Difference, ...]
    points: tuple[MeasuringPoint, ...]


def system(version: str, document: str, rows: Sequence[Mapping[str, str]]) -> IndicatorSystem:
    """I-01: keeps what is printed and reports where it differs from its own note."""
    points = tuple(_point(number, row) for number, row in enumerate(rows, start=1))
    counts = {
        "level1": len({point.level1 for point in points}),
        "level2": len({(point.level1, point.level2) for point in points}),
        "level3": len({(point.level1, point.level2, point.level3) for point in points}),
        "points": len(points),
    }
    differences = tuple(
        Difference(what=what, claimed=claimed, printed=counts[what])
        for what, claimed in CLAIMED.items()
        if counts[what] != claimed
    )
    return IndicatorSystem(
        version=version, document=document, counts=counts, differences=differences, points=points
    )


def _point(number: int, row: Mapping[str, str]) -> MeasuringPoint:
    return MeasuringPoint(
        number=number,
        level1=row["level1"],
        level2=row["level2"],
        level3=row["level3"],
        name=row["measuring_point"],
        unit=row["unit"],
        attribute=row["attribute"],
        data_source=row["data_source"],
        baseline_printed=row["baseline_raw"],
        target_printed=row["target_raw"],
        doubt=row["doubt"] or None,
    )
