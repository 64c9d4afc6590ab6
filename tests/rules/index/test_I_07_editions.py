"""I-05, I-06, I-07: the index to the last digit, what it rests upon, and what it must not hide."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from services.index.domain.computing import (
    Input,
    LevelLine,
    PointLine,
    Result,
    compute,
    fingerprint,
    weights,
)
from services.index.domain.decisions import Weight, WeightsSet
from services.index.domain.method import METHOD
from services.index.domain.scoring import Lack
from services.index.domain.system import IndicatorSystem
from services.index.shipped import printed_systems

from . import sheet
from .test_I_02_settling import REDUCTION, after
from .test_I_05_weights import FAIR
from .test_I_05_weights import weights as said

PRINTED = printed_systems()["2019"]
LEAST = 60


def result(*without: int, system: IndicatorSystem = PRINTED, least: int = LEAST) -> Result:
    return compute(system, sheet.inputs(without), least)


def level(found: Result, *path: str) -> LevelLine:
    [line] = [line for line in found.levels if line.path == path]
    return line


def point(found: Result, number: int) -> PointLine:
    return found.points[number - 1]


# By hand


def test_I_07_the_hand_worked_edition_matches_to_the_last_digit() -> None:
    found = result()
    assert [line.point for line in found.points] == list(sheet.POINTS)
    for one in found.points:
        assert one.score == sheet.hundredths(sheet.POINTS[one.point][2]), one.name
    assert {line.path for line in found.levels} == set(sheet.LEVELS)
    for line in found.levels:
        score, coverage = sheet.LEVELS[line.path]
        assert line.score == sheet.hundredths(score), line.path
        assert line.coverage == sheet.hundredths(coverage, 10_000), line.path
    assert (found.index.score, found.index.coverage) == (sheet.INDEX, sheet.COVERAGE)


def test_I_06_binding_points_that_miss_are_named_whatever_the_index_says() -> None:
    assert result().binding_missed == sheet.BINDING_MISSED
    met = [
        replace(one, values=tuple(str(goal.value) for goal in PRINTED.points[one.point - 1].goals))
        for one in sheet.inputs()
    ]
    all_but_one = [replace(one, values=("67",)) if one.point == 1 else one for one in met]
    high = compute(PRINTED, all_but_one, LEAST)
    assert high.index.score is not None and high.index.score > 9000
    assert {1, 21, 36} & set(high.binding_missed) == {1, 36}  # 大于60 is not met by 60


def test_I_06_a_point_without_a_score_is_not_called_missed() -> None:
    assert 30 not in result().binding_missed
    assert 1 not in result(1).binding_missed


# What is missing


def test_I_07_removing_one_value_makes_it_missing_and_never_zero() -> None:
    for number in sheet.POINTS:
        line = point(result(number), number)
        assert (line.score, line.met, line.lacks) == (None, None, Lack.MISSING)
        assert (line.observation, line.filing) == (None, None)


def test_I_07_siblings_share_the_weight_of_what_is_missing() -> None:
    services = ("社会服务", "民生保障", "公共服务")
    without = level(result(3), *services)
    assert (without.score, without.coverage) == (7500, 6667)  # (50 + 100) / 2 on 2 of 3
    alone = level(result(2, 3), *services)
    assert (alone.score, alone.coverage) == (None, 3333)


def test_I_07_below_60_percent_a_level_has_no_score_and_counts_for_nothing_above() -> None:
    found = result()
    assert level(found, "社会安全", "公共安全", "安全生产") == LevelLine(
        path=("社会安全", "公共安全", "安全生产"), weight=3333, coverage=5000, score=None
    )
    assert level(found, "社会安全", "公共安全").coverage == 6667
    gone = result(26, 27, 28)
    assert level(gone, "社会安全", "公共安全").score is None
    # (87.5 + 87.5 + 62.5) / 3 on three of four
    assert level(gone, "社会安全").score == 7917
    assert level(gone, "社会安全").coverage == 7500


def test_I_07_exactly_60_percent_is_enough() -> None:
    two_of_five = ("社会安全", "矛盾调解", "调解调处")
    weighed = after(said(two_of_five, _35=6000, _36=2000, _37=2000))
    assert level(result(36, 37, system=weighed), *two_of_five).score == 5000
    weighed = after(said(two_of_five, _35=5999, _36=2001, _37=2000))
    assert level(result(36, 37, system=weighed), *two_of_five).score is None


def test_I_07_nothing_filed_is_no_index() -> None:
    nothing = compute(PRINTED, (), LEAST)
    assert (nothing.index.score, nothing.index.coverage) == (None, 0)
    assert {line.score for line in nothing.points} == {None}


def test_I_07_the_threshold_is_policy() -> None:
    assert level(result(least=50), "社会安全", "公共安全", "安全生产").score == 10_000
    assert result(least=98).index.score is None


# Weights


def test_I_05_each_level_sums_to_1_and_so_do_the_points() -> None:
    parents = {line.path for line in result().levels if len(line.path) < 4}
    assert all(sum(weights(PRINTED, parent).values()) == 1 for parent in parents)
    shares = [line.weight for line in result().points]
    assert abs(sum(shares) - 1_000_000) <= 21  # each rounded to a millionth
    # 1: 1/4 of 社会服务, 1/3 of 民生保障, 1/4 of 公共服务, 1/3 of it = 1/144
    assert point(result(), 1).weight == 6944


def test_I_05_set_weights_count_and_equal_is_only_the_default() -> None:
    # 3000 x 335/6 + 2000 x 275/4 + 3000 x 75 + 2000 x 50, by 10,000 = 63.0
    assert result(system=after(FAIR)).index.score == 6300
    assert weights(PRINTED, ())["社会服务"] == Fraction(1, 4)


@settings(max_examples=25)
@given(some.lists(some.integers(1, 5000), min_size=4, max_size=4), some.sets(some.integers(1, 42)))
def test_I_07_a_score_lies_between_those_it_is_made_of(raw: list[int], gone: set[int]) -> None:
    total = sum(raw)
    shares = [part * 10_000 // total for part in raw]
    shares[0] += 10_000 - sum(shares)
    if min(shares) < 1:
        return
    names = ("社会服务", "社会活力", "社会安全", "社会环境")
    decided = WeightsSet(
        parent=(),
        weights=tuple(Weight(name=n, weight=w) for n, w in zip(names, shares, strict=True)),
        reason="x",
        by="district_admin",
        at=FAIR.at,
    )
    found = result(*gone, system=after(decided))
    for line in found.levels:
        below = [one.score for one in found.levels if one.path[:-1] == line.path and one.path]
        scored = [score for score in below if score is not None]
        if scored and line.score is not None and len(line.path) < 3:
            assert min(scored) - 1 <= line.score <= max(scored) + 1
        assert 0 <= line.coverage <= 10_000


# The same inputs, the same digits


def test_I_08_the_same_inputs_give_the_same_digits_and_hash_in_any_order() -> None:
    given_back = tuple(reversed(sheet.inputs()))
    assert compute(PRINTED, given_back, LEAST) == result()
    assert fingerprint(PRINTED, METHOD, given_back, LEAST) == HASH


def test_I_08_an_edition_drafted_before_keeps_the_hash_it_was_stored_with() -> None:
    """A draft always put its inputs in the order of their points."""
    assert HASH == "87c72801c9c320b89cc6712de8a682f69490326e1335a025e93a88026fadb21c"


HASH = fingerprint(PRINTED, METHOD, sheet.inputs(), LEAST)


@pytest.mark.parametrize(
    ("system", "inputs", "least"),
    [
        (after(REDUCTION), sheet.inputs(), 60),
        (PRINTED, sheet.inputs((1,)), 60),
        (PRINTED, (replace(sheet.inputs()[0], values=("68.46",)), *sheet.inputs()[1:]), 60),
        (PRINTED, (replace(sheet.inputs()[0], filing=2), *sheet.inputs()[1:]), 60),
        (PRINTED, sheet.inputs(), 61),
    ],
)
def test_I_08_whatever_it_follows_from_is_in_the_hash(
    system: IndicatorSystem, inputs: tuple[Input, ...], least: int
) -> None:
    found = fingerprint(system, METHOD, inputs, least)
    assert len(found) == 64 and found != HASH
    assert fingerprint(PRINTED, replace(METHOD, version="2"), sheet.inputs(), LEAST) != HASH
