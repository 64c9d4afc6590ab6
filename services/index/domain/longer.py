"""Longer goals (远期目标): they stand beside the index and never in it; nothing here is scored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .doubts import Doubt

_TEXTS = {
    "raise": "印为“提高20%左右”；没有写明是提高到20%还是提高20%。",
    "measure": "与测量点“重点食品安全监测抽查合格率”口径不同，不相对应。",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """Two documents print two figures for where the same measure stood: both are shown."""

    system: Decimal
    elsewhere: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LongerGoal:
    """A goal of another document, in its `unit`.

    `point` is the number of the measuring point that measures the same, `by` the year in which it
    is to be reached, `yearly` a goal for every year. `sense` is open where the wording is.
    """

    name: str
    point: int | None
    unit: str
    base: Decimal | None
    base_year: int | None
    goal: Decimal
    sense: str | None
    by: int | None
    yearly: bool
    clauses: tuple[str, ...]
    doubts: tuple[Doubt, ...]
    differing: Differing | None


def longer_goals(
    rows: Sequence[Mapping[str, str]],
    numbers: Mapping[str, int],
    baselines: Mapping[int, Decimal | None],
) -> tuple[LongerGoal, ...]:
    """I-22: every goal with its ground, and both figures where the system prints another.

    Raises KeyError for a row that names a measuring point the system doesn't hold.
    """
    return tuple(_goal(row, numbers, baselines) for row in rows)


def _goal(
    row: Mapping[str, str], numbers: Mapping[str, int], baselines: Mapping[int, Decimal | None]
) -> LongerGoal:
    point = numbers[row["point"]] if row["point"] else None
    base = Decimal(row["base"]) if row["base"] else None
    here = None if point is None else baselines[point]
    return LongerGoal(
        name=row["name"],
        point=point,
        unit=row["unit"],
        base=base,
        base_year=int(row["base_year"]) if row["base_year"] else None,
        goal=Decimal(row["goal"]),
        sense=row["sense"] or None,
        by=int(row["by"]) if row["by"] else None,
        yearly=row["yearly"] == "yes",
        clauses=tuple(row["clauses"].split("|")),
        doubts=(Doubt(code=row["doubt"], text=_TEXTS[row["doubt"]]),) if row["doubt"] else (),
        differing=_differing(here, base),
    )


def _differing(system: Decimal | None, elsewhere: Decimal | None) -> Differing | None:
    if system is None or elsewhere is None or system == elsewhere:
        return None
    return Differing(system=system, elsewhere=elsewhere)
