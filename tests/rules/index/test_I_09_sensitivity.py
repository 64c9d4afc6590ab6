"""I-09: how sure an index is: the same digits from the same seed, the right ones where they are known."""

from dataclasses import replace
from fractions import Fraction

import pytest

from services.index.domain import sensitivity
from services.index.domain.computing import Input, compute, effective_weights, nominal_weights
from services.index.domain.scoring import Grade
from services.index.domain.sensitivity import Uncertainty, uncertainty
from services.index.shipped import printed_systems

from . import sheet
from .test_I_02_settling import after
from .test_I_05_weights import FAIR

PRINTED = printed_systems()["2019"]
SEED = "2026abcd"


def sure(inputs: tuple[Input, ...] = sheet.inputs(), draws: int = 1000) -> Uncertainty:
    found = uncertainty(PRINTED, inputs, 60, SEED, draws)
    assert found is not None
    return found


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """No weight is off by anything."""
    monkeypatch.setattr(sensitivity, "SPREAD", 0.0)


# Exact


def test_I_09_the_effective_weights_give_the_index_to_the_last_digit() -> None:
    for without in ((), (30,), (3, 26, 27, 28), (9, 10, 11)):
        inputs = sheet.inputs(without)
        shares = effective_weights(PRINTED, inputs, 60)
        said = {one.point: one for one in inputs}
        total = Fraction(0)
        for number, share in shares.items():
            exact = sheet.POINTS[number][2]
            assert exact is not None and number in said
            total += share * Fraction(exact)
        assert sum(shares.values()) == 1
        assert int(total * 100 + Fraction(1, 2)) == compute(PRINTED, inputs, 60).index.score
    assert sum(nominal_weights(PRINTED).values()) == 1
    assert sum(effective_weights(after(FAIR), sheet.inputs(), 60).values()) == 1


def test_I_09_with_nothing_perturbed_it_is_the_index_itself(
    still: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sensitivity, "chances", lambda _: iter(lambda: 0.25, None))
    found = sure()
    assert (found.low, found.middle, found.high) == (sheet.INDEX,) * 3
    assert {effect.share for effect in found.effects} == {0}


def test_I_09_every_point_at_its_goal_is_100_whatever_the_weights() -> None:
    met = tuple(
        replace(one, values=tuple(str(goal.value + 1) for goal in point.goals))
        if one.values and point.goals[0].sense == ">"
        else replace(one, values=tuple(str(goal.value) for goal in point.goals))
        if one.values
        else replace(one, grades=(Grade.MET,))
        for one, point in zip(sheet.inputs(), PRINTED.points, strict=True)
        if point.number != 30
    )
    found = sure(met)
    assert found.high == 10_000
    # One in two draws lets point 30 be anything: it weighs 1/96.
    assert 9890 < found.low <= found.middle <= found.high


# The same seed


def test_I_09_the_same_seed_gives_the_same_digits_and_another_one_others() -> None:
    assert sure() == sure()
    other = uncertainty(PRINTED, sheet.inputs(), 60, "2027", 1000)
    assert other is not None and other.effects != sure().effects
    assert (sure().seed, sure().draws) == (SEED, 1000)


def test_I_09_the_generator_is_the_one_it_says() -> None:
    """SplitMix64 from 0, its published first numbers: e220a8397b1dcdaf, 6e789e6aa1b965f4."""
    chances = sensitivity.chances(0)
    for published in (0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4):
        assert next(chances) == (published >> 11) / (1 << 53)


# Estimated


def test_I_09_the_points_that_move_it_most_are_those_of_the_linear_calculation() -> None:
    """Y = sum(m w s) / sum(m w): for small spreads a point's share goes with (w (s - Y))²."""
    shares = effective_weights(PRINTED, sheet.inputs(), 60)
    index = sum(share * Fraction(sheet.POINTS[n][2] or 0) for n, share in shares.items())
    linear = {
        number: float(share * (Fraction(sheet.POINTS[number][2] or 0) - index)) ** 2
        for number, share in shares.items()
    }
    whole = sum(linear.values())
    found = sure(draws=10_000)
    for effect in found.effects:
        expected = linear[effect.point] / whole * 10_000
        assert abs(effect.share - expected) <= 1.5 * effect.error, (effect, expected)
    # Uncorrected, chance alone would add 19 / 2,500 to each of the 40.
    assert abs(sum(effect.share for effect in found.effects) - 10_000) < 1_000
    assert [effect.point for effect in found.effects[:2]] == sorted(
        linear, key=lambda number: -linear[number]
    )[:2]


def test_I_09_the_normalisation_outweighs_what_is_missing_and_it_is_said() -> None:
    found = sure()
    assert found.low < sheet.INDEX < found.high
    assert found.normalisation > 9500 > 500 > found.missing
    assert all(0 <= effect.share and 0 < effect.error < 2000 for effect in found.effects)


def test_I_09_without_an_index_there_is_no_range() -> None:
    assert uncertainty(PRINTED, (), 60, SEED, 1000) is None
    assert effective_weights(PRINTED, sheet.inputs(tuple(range(1, 20))), 60) == {}
