"""I-04: from baseline to goal, clipped, whichever way is better; a met goal is 100; nothing guessed."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.index.domain.method import METHOD
from services.index.domain.scoring import POINTS, Grade, Lack, Score, meets, progress, score
from services.index.domain.system import Goal
from services.index.shipped import printed_systems

POINT = {point.number: point for point in printed_systems()["2019"].points}


def scored(number: int, *values: str) -> Score:
    return score(POINT[number], tuple(map(Decimal, values)))


def goal(value: str, sense: str | None) -> Goal:
    return Goal(value=Decimal(value), sense=sense)


# The shipped points, by hand

HANDS: list[tuple[int, Sequence[str], Fraction, bool]] = [
    (1, ("68.45",), Fraction(50), False),  # (68.45 - 67.9) / (69 - 67.9)
    (1, ("69",), Fraction(100), True),
    (1, ("70",), Fraction(100), True),
    (1, ("60",), Fraction(0), False),  # further off than the baseline
    (4, ("3.005",), Fraction(50), False),  # unemployment falls: 3.01 to 3
    (4, ("2.9",), Fraction(100), True),
    (4, ("3.02",), Fraction(0), False),
    (9, ("98",), Fraction(100), True),  # target = baseline: attained or not
    (9, ("97.99",), Fraction(0), False),
    (16, ("0",), Fraction(100), True),
    (16, ("1",), Fraction(0), False),
    (18, ("30",), Fraction(100), True),  # no baseline, less is better: 30 / value
    (18, ("40",), Fraction(75), False),
    (21, ("3.4",), Fraction(50), False),  # no baseline: value / 6.8
    (21, ("6.9",), Fraction(100), True),
    (24, ("100", "60"), Fraction(100), True),  # two goals, the mean of their scores
    (24, ("100", "30"), Fraction(75), False),
    (24, ("50", "60"), Fraction(75), False),
    (28, ("60",), Fraction(75), False),
]


@pytest.mark.parametrize(("number", "values", "points", "met"), HANDS)
def test_I_04_a_point_scores_what_its_hand_calculation_says(
    number: int, values: Sequence[str], points: Fraction, met: bool
) -> None:
    assert scored(number, *values) == Score(points=points, met=met)


def test_I_04_greater_than_is_strict() -> None:
    assert POINT[21].goals == (goal("6.8", ">"),)
    assert not meets(Decimal("6.8"), POINT[21].goals[0])
    at_the_goal = scored(21, "6.8")
    assert (at_the_goal.points, at_the_goal.met) == (Fraction(100), False)
    assert meets(Decimal("6.81"), POINT[21].goals[0])
    assert progress(Decimal(5), goal("5", ">"), Decimal(5)) == 0


def test_I_04_where_target_is_baseline_seven_points_are_attained_or_not() -> None:
    standing = [
        point
        for point in POINT.values()
        if [goal.value for goal in point.goals] == [point.baseline] != [None]
    ]
    assert len(standing) == 7
    for point in standing:
        found = {score(point, [value]).points for value in map(Decimal, ("0", "50", "98", "200"))}
        assert found <= {Fraction(0), Fraction(100)}


def test_I_04_a_point_nobody_filed_is_missing_and_not_zero() -> None:
    for point in POINT.values():
        assert score(point) == Score(points=None, met=None, lacks=Lack.MISSING)


def test_I_04_a_goal_that_is_unsettled_is_not_scored() -> None:
    assert POINT[30].goals == (goal("20", None),)
    assert scored(30, "20") == Score(points=None, met=None, lacks=Lack.UNSETTLED)
    settled = replace(POINT[30], goals=(goal("20", ">="),))
    assert score(settled, [Decimal(15)]).points == 75
    with pytest.raises(ValueError, match="settled"):
        meets(Decimal(20), POINT[30].goals[0])


def test_I_04_what_does_not_fit_the_goals_has_no_score() -> None:
    unfit = Score(points=None, met=None, lacks=Lack.UNFIT)
    assert scored(24, "100") == unfit
    assert scored(1, "68", "69") == unfit
    assert score(POINT[1], grades=[Grade.MET]) == unfit
    assert scored(31, "90") == unfit
    assert score(replace(POINT[1], goals=()), [Decimal(69)]).lacks is Lack.NO_GOAL


def test_I_04_graded_points_are_the_mean_of_their_assessors() -> None:
    assert [number for number, point in POINT.items() if point.graded] == [31, 32, 33, 34, 41]
    assert score(POINT[31], grades=[Grade.MET, Grade.PARTLY]) == Score(
        points=Fraction(75), met=False
    )
    assert score(POINT[31], grades=[Grade.MET, Grade.MET]) == Score(points=Fraction(100), met=True)
    thirds = score(POINT[41], grades=[Grade.MET, Grade.MOSTLY, Grade.UNMET])
    assert thirds.points == Fraction(175, 3)


def test_I_04_the_rubric_is_stated_in_the_method() -> None:
    assert METHOD.rubric == {"met": 100, "mostly": 75, "partly": 50, "unmet": 0}
    assert set(METHOD.titles) == set(METHOD.rubric) == {grade.value for grade in POINTS}


# What holds of every figure

FIGURES = some.decimals(min_value=-1000, max_value=1000, places=2)
SENSES = some.sampled_from([">=", ">", "<=", "=="])
GOALS = some.builds(Goal, value=FIGURES, sense=SENSES)
BASELINES = some.none() | FIGURES
TURNED = {">=": "<=", "<=": ">="}


@given(FIGURES, GOALS, BASELINES)
def test_I_04_a_score_is_from_0_to_100_and_a_met_goal_is_100(
    value: Decimal, goal: Goal, baseline: Decimal | None
) -> None:
    points = progress(value, goal, baseline)
    assert 0 <= points <= 100
    if meets(value, goal):
        assert points == 100
    elif points == 100:
        assert (goal.sense, value) == (">", goal.value)  # all the way, and not beyond


@given(FIGURES, FIGURES, GOALS, BASELINES)
def test_I_04_better_never_scores_less(
    one: Decimal, other: Decimal, goal: Goal, baseline: Decimal | None
) -> None:
    if goal.sense == "==":
        worse, better = sorted((one, other), key=lambda value: -abs(value - goal.value))
        if baseline is None:
            return
    else:
        worse, better = sorted((one, other), reverse=goal.sense == "<=")
    assert progress(worse, goal, baseline) <= progress(better, goal, baseline)


@given(FIGURES, FIGURES, some.sampled_from([">=", "<="]), FIGURES)
def test_I_04_the_direction_is_in_the_goal_and_nowhere_else(
    value: Decimal, target: Decimal, sense: str, baseline: Decimal
) -> None:
    turned = Goal(value=-target, sense=TURNED[sense])
    assert progress(value, Goal(value=target, sense=sense), baseline) == progress(
        -value, turned, -baseline
    )


@given(FIGURES, GOALS, BASELINES, some.sampled_from([Decimal(10), Decimal("0.001")]))
def test_I_04_the_unit_does_not_show_in_the_score(
    value: Decimal, goal: Goal, baseline: Decimal | None, unit: Decimal
) -> None:
    scaled = Goal(value=goal.value * unit, sense=goal.sense)
    again = progress(value * unit, scaled, None if baseline is None else baseline * unit)
    assert again == progress(value, goal, baseline)


def test_I_04_a_baseline_beyond_the_goal_earns_nothing_by_itself() -> None:
    assert progress(Decimal(94), goal("95", ">="), Decimal(98)) == 0
    assert progress(Decimal(96), goal("95", ">="), Decimal(98)) == 100


def test_I_04_a_goal_to_be_hit_is_missed_on_both_sides() -> None:
    assert progress(Decimal(9), goal("10", "=="), Decimal(6)) == 75
    assert progress(Decimal(11), goal("10", "=="), Decimal(6)) == 75
    assert progress(Decimal(1), goal("10", "=="), Decimal(6)) == 0
    assert progress(Decimal(9), goal("10", "=="), None) == 0
