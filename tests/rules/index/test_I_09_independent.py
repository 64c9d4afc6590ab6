"""I-09 by another route: the model written again from the hand-worked sheet, the effects by pick-freeze.

Nothing here is the product's but the weights and scores, which tests of their own hold to the sheet: other numbers
of chance (Mersenne Twister), another estimator (Saltelli 2010), another order of adding up.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from math import sqrt
from statistics import fmean, pvariance

import pytest

from services.index.domain.computing import effective_weights, nominal_weights
from services.index.domain.scoring import score
from services.index.domain.sensitivity import Uncertainty, uncertainty
from services.index.shipped import printed_systems

from . import sheet

PRINTED = printed_systems()["2019"]
WEIGHTS = effective_weights(PRINTED, sheet.inputs(), 60)
SHARES = {number: float(WEIGHTS[number]) for number in sorted(WEIGHTS)}
NUMBERS = tuple(SHARES)
SCORES = [float(sheet.POINTS[number][2] or 0) for number in NUMBERS]
LEFT_OUT = {29: 100.0}
DRAWS = 20_000


@pytest.fixture(scope="module")
def found() -> Uncertainty:
    sure = uncertainty(PRINTED, sheet.inputs(), 60, "2026abcd", 10_000)
    assert sure is not None
    return sure


def index(by: Sequence[float], scores: Sequence[float]) -> float:
    weights = [multiplier * share for multiplier, share in zip(by, SHARES.values(), strict=True)]
    whole = sum(weights)
    return sum(one / whole * scored for one, scored in zip(weights, scores, strict=True))


def multipliers(chance: random.Random) -> list[float]:
    return [chance.uniform(0.75, 1.25) for _ in NUMBERS]


def first_order(
    model: Callable[[Sequence[float]], float], factor: int, seed: int
) -> tuple[float, float]:
    """The share of the variance, and twice its standard error."""
    chance = random.Random(seed)
    products, every = [], []
    for _ in range(DRAWS):
        one, other = multipliers(chance), multipliers(chance)
        mixed = [*one[:factor], other[factor], *one[factor + 1 :]]
        of_one, of_other = model(one), model(other)
        products.append(of_other * (model(mixed) - of_one))
        every += [of_one, of_other]
    variance = pvariance(every)
    error = 2 * sqrt(pvariance(products) / DRAWS)
    return fmean(products) / variance, error / variance


def test_I_09_the_effects_of_the_points_agree_with_pick_freeze(found: Uncertainty) -> None:
    # Centred, so that the size of the index doesn't swamp what it varies by.
    centre = index([1.0] * len(NUMBERS), SCORES)
    for effect in (*found.effects[:4], found.effects[-1]):
        factor = NUMBERS.index(effect.point)
        share, error = first_order(lambda by: index(by, SCORES) - centre, factor, effect.point)
        assert error < 0.05
        assert abs(effect.share / 10_000 - share) <= effect.error / 10_000 + error, effect


def test_I_09_the_range_and_the_choices_agree_with_other_chances(found: Uncertainty) -> None:
    chance = random.Random(5)
    by_share = [_share_of_goal(number) for number in NUMBERS]
    nominal = {n: float(w) for n, w in nominal_weights(PRINTED).items() if n not in SHARES}
    drawn: dict[tuple[bool, bool], list[float]] = {}
    for _ in range(DRAWS):
        plain, guessed = chance.random() < 0.5, chance.random() < 0.5
        by = multipliers(chance)
        known = index(by, SCORES if plain else by_share)
        if guessed:
            weight = sum(m * s for m, s in zip(by, SHARES.values(), strict=True))
            total = known * weight
            for number, share in nominal.items():
                # Of 29 only its level lacks a score: it has one itself. 30 is missing.
                missing = chance.uniform(0, 100) if number == 30 else LEFT_OUT[number]
                total, weight = total + share * missing, weight + share
            known = total / weight
        drawn.setdefault((plain, guessed), []).append(known)
    every = sorted(one for own in drawn.values() for one in own)
    for percent, theirs in ((5, found.low), (50, found.middle), (95, found.high)):
        ours = every[len(every) * percent // 100]
        near = (
            every[len(every) * max(percent - 1, 0) // 100],
            every[len(every) * (percent + 1) // 100],
        )
        assert near[0] - 0.05 <= theirs / 100 <= near[1] + 0.05, (percent, ours)
    whole = pvariance(every)
    for choice, theirs in ((0, found.normalisation), (1, found.missing)):
        means = [
            fmean([one for key, own in drawn.items() if key[choice] is way for one in own])
            for way in (True, False)
        ]
        assert abs(((means[0] - means[1]) / 2) ** 2 / whole - theirs / 10_000) < 0.01


def _share_of_goal(number: int) -> float:
    point = next(one for one in PRINTED.points if one.number == number)
    said = next(one for one in sheet.inputs() if one.point == number)
    values = tuple(map(Decimal, said.values))
    return float(score(replace(point, baseline=None), values, said.grades).points or 0)
