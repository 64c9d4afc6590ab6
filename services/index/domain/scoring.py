"""The score of a measuring point (I-04): exact fractions of 100 points; nothing is rounded here.

The documents fix no formula: this is the platform's, stated in `method` and published with it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from .system import Goal, MeasuringPoint

FIGURE = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
"""How a figure is written: decimal text."""

FULL = Fraction(100)
NONE = Fraction(0)


class Grade(StrEnum):
    """What an assessor says of a point that no figure measures, on the rubric of the method."""

    MET = "met"
    MOSTLY = "mostly"
    PARTLY = "partly"
    UNMET = "unmet"


POINTS = {
    Grade.MET: Fraction(100),
    Grade.MOSTLY: Fraction(75),
    Grade.PARTLY: Fraction(50),
    Grade.UNMET: Fraction(0),
}


class Lack(StrEnum):
    """Why a point has no score."""

    MISSING = "missing"
    """Nobody has filed it: never zero."""
    UNSETTLED = "unsettled"
    """The print leaves open what meets its goal, and the district hasn't settled it."""
    NO_GOAL = "no_goal"
    UNFIT = "unfit"
    """What was filed doesn't fit the goals of this version of the system."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Of one point: 0 to 100, or why there is none; `met` is whether every goal is met."""

    points: Fraction | None
    met: bool | None
    lacks: Lack | None = None


def score(
    point: MeasuringPoint, values: Sequence[Decimal] = (), grades: Sequence[Grade] = ()
) -> Score:
    """I-04: of figures in the point's unit, one for each goal in their order, or of grades."""
    if not values and not grades:
        return _without(Lack.MISSING)
    if point.graded:
        return _graded(grades) if grades else _without(Lack.UNFIT)
    if not point.goals:
        return _without(Lack.NO_GOAL)
    if any(goal.sense is None for goal in point.goals):
        return _without(Lack.UNSETTLED)
    if len(values) != len(point.goals):
        return _without(Lack.UNFIT)
    pairs = tuple(zip(values, point.goals, strict=True))
    scored = [progress(value, goal, point.baseline) for value, goal in pairs]
    return Score(
        points=sum(scored, NONE) / len(scored),
        met=all(meets(value, goal) for value, goal in pairs),
    )


def meets(value: Decimal, goal: Goal) -> bool:
    """ValueError where the print leaves open what meets it. 大于 is strict."""
    match goal.sense:
        case ">=":
            return value >= goal.value
        case ">":
            return value > goal.value
        case "<=":
            return value <= goal.value
        case "==":
            return value == goal.value
        case _:
            raise ValueError("nobody has settled what meets this goal")


def progress(value: Decimal, goal: Goal, baseline: Decimal | None) -> Fraction:
    """The way from the baseline to the goal that was gone, of 100; a met goal is 100.

    Where the baseline is no way off, there is only attained or not.
    """
    if meets(value, goal):
        return FULL
    if baseline is None:
        return _share(Fraction(value), goal)
    start, end, here = Fraction(baseline), Fraction(goal.value), Fraction(value)
    if start == end or meets(baseline, goal):
        return NONE
    gone = 1 - abs(end - here) / abs(end - start) if goal.sense == "==" else _way(start, end, here)
    return FULL * max(gone, Fraction(0))  # not met, so never more than the whole way


def _way(start: Fraction, end: Fraction, here: Fraction) -> Fraction:
    return (here - start) / (end - start)


def _share(here: Fraction, goal: Goal) -> Fraction:
    """Of the goal, where no baseline is printed; less is better turns it over. Not met, so far."""
    end = Fraction(goal.value)
    if goal.sense == "==" or here <= 0 or end <= 0:
        return NONE
    return FULL * (end / here if goal.sense == "<=" else here / end)


def _graded(grades: Sequence[Grade]) -> Score:
    """The mean of the assessors; met where every one of them says so."""
    return Score(
        points=sum((POINTS[grade] for grade in grades), NONE) / len(grades),
        met=all(grade is Grade.MET for grade in grades),
    )


def _without(lack: Lack) -> Score:
    return Score(points=None, met=None, lacks=lack)
