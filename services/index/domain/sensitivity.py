"""How sure an index is (I-09): drawn many times under other weights, normalisations and missing values.

Each draw multiplies the weight of every point by 1 ± SPREAD, takes for all points either the method's
score or the plain share of the goal, and either leaves out what has no score or lets each missing point
be anything from 0 to 100. With nothing perturbed it is the index itself. The draws follow from the seed alone
(SplitMix64, IEEE doubles in a fixed order), so that the same seed gives the same digits anywhere.

First-order effects are estimated from the draws given (Plischke, Borgonovo and Smith 2013): the variance
of the means of classes of a factor, over the variance of all, less what chance makes of it. The choice
of a normalisation may well outweigh every weight, so that the points' own are of the draws by the
method's scores alone, with nothing missing guessed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import sqrt

from chassis.kernel.measure import half_up

from .computing import Input, effective_weights, nominal_weights
from .scoring import score
from .system import IndicatorSystem, MeasuringPoint

SPREAD = 0.25
"""How far a weight is off at most."""
CLASSES = 20
PERCENTILES = (5, 50, 95)
_MASK = (1 << 64) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Of one point's weight: its share of the variance that the weights make, in ten-thousandths.

    `error` is twice the standard error of the share.
    """

    point: int
    share: int
    error: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty:
    """`low`, `middle` and `high` are the 5th, 50th and 95th percentile, in hundredths of a point.

    `seed` in hexadecimal; `normalisation` and `missing` are the shares of the whole variance that
    these choices make, in ten-thousandths; `effects` the points from the largest down.
    """

    seed: str
    draws: int
    low: int
    middle: int
    high: int
    normalisation: int
    missing: int
    effects: tuple[Effect, ...]


def uncertainty(
    system: IndicatorSystem, inputs: Sequence[Input], least_covered: int, seed: str, draws: int
) -> Uncertainty | None:
    """None where there is no index. `seed`: at most 16 hexadecimal digits."""
    weights = effective_weights(system, inputs, least_covered)
    if not weights:
        return None
    model = _Model.of(system, inputs, weights)
    chance = chances(int(seed, 16))
    drawn = [model.draw(chance) for _ in range(draws)]
    whole = [one.index for one in drawn]
    low, middle, high = (_percentile(sorted(whole), percent) for percent in PERCENTILES)
    plain = [one for one in drawn if not one.by_share and not one.guessed]
    of_plain = [one.index for one in plain]
    effects = [
        _effect(point, _share(_classes([one.by[n] for one in plain]), of_plain), len(plain))
        for n, point in enumerate(weights)
    ]
    return Uncertainty(
        seed=seed,
        draws=draws,
        low=low,
        middle=middle,
        high=high,
        normalisation=_share([one.by_share for one in drawn], whole),
        missing=_share([one.guessed for one in drawn], whole),
        effects=tuple(sorted(effects, key=lambda effect: (-effect.share, effect.point))),
    )


def _effect(point: int, share: int, draws: int) -> Effect:
    """With the error of a share of variance: of the classes' means, and of its own size."""
    own = 4 * (share / 10_000) / max(draws, 1)
    chance = 2 * (CLASSES - 1) / max(draws, 1) ** 2
    return Effect(point=point, share=share, error=_whole(2 * sqrt(own + chance) * 10_000))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """An index, and what it was drawn under: `by` the multipliers of the points."""

    index: float
    by_share: bool
    guessed: bool
    by: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Model:
    """As doubles: `counted` points with their weight in the index, `left_out` with that they might have.

    Each has its score by the method and by the share of the goal, or none where it is missing.
    """

    counted: Sequence[tuple[float, tuple[float, float]]]
    left_out: Sequence[tuple[float, tuple[float, float] | None]]

    @classmethod
    def of(
        cls, system: IndicatorSystem, inputs: Sequence[Input], weights: Mapping[int, Fraction]
    ) -> "_Model":
        entered = {one.point: one for one in inputs}
        nominal = nominal_weights(system)
        counted: list[tuple[float, tuple[float, float]]] = []
        left_out: list[tuple[float, tuple[float, float] | None]] = []
        for point in system.points:
            scores = _scores(point, entered.get(point.number))
            if scores is not None and point.number in weights:
                counted.append((float(weights[point.number]), scores))
            else:
                left_out.append((float(nominal[point.number]), scores))
        return cls(counted=counted, left_out=left_out)

    def draw(self, chance: Iterator[float]) -> _Drawn:
        by_share, guessed = next(chance) >= 0.5, next(chance) >= 0.5
        by = [1 - SPREAD + 2 * SPREAD * next(chance) for _ in self.counted]
        total = over = 0.0
        for multiplier, (weight, scores) in zip(by, self.counted, strict=True):
            total += multiplier * weight * scores[by_share]
            over += multiplier * weight
        for weight, known in self.left_out:
            anything = 100 * next(chance)
            if guessed:
                total += weight * (anything if known is None else known[by_share])
                over += weight
        return _Drawn(index=total / over, by_share=by_share, guessed=guessed, by=by)


def _scores(point: MeasuringPoint, entered: Input | None) -> tuple[float, float] | None:
    """By the method, and by the plain share of the goal; None where it has no score."""
    if entered is None:
        return None
    values = tuple(map(Decimal, entered.values))
    by_method = score(point, values, entered.grades).points
    by_share = score(replace(point, baseline=None), values, entered.grades).points
    if by_method is None or by_share is None:
        return None
    return float(by_method), float(by_share)


def _classes(factor: Sequence[float]) -> list[int]:
    """Which of so many equally filled classes each draw's value belongs to."""
    found = [0] * len(factor)
    for place, member in enumerate(sorted(range(len(factor)), key=factor.__getitem__)):
        found[member] = place * CLASSES // len(factor)
    return found


def _share(classes: Sequence[int], drawn: Sequence[float]) -> int:
    """Of the variance of what was drawn: that of the means of the classes."""
    mean = sum(drawn) / len(drawn) if drawn else 0.0
    variance = sum((one - mean) ** 2 for one in drawn)
    if not drawn or min(drawn) == max(drawn):
        return 0
    sums: dict[int, float] = {}
    sizes: dict[int, int] = {}
    for own, one in zip(classes, drawn, strict=True):
        sums[own] = sums.get(own, 0.0) + one
        sizes[own] = sizes.get(own, 0) + 1
    between = sum(size * (sums[own] / size - mean) ** 2 for own, size in sizes.items())
    # Chance alone makes means differ: what it makes on average is taken off again.
    within = (variance - between) / max(len(drawn) - len(sizes), 1)
    return _whole(max(between - within * (len(sizes) - 1), 0.0) / variance * 10_000)


def _percentile(ordered: Sequence[float], percent: int) -> int:
    """The smallest value that so many of a hundred don't exceed, in hundredths."""
    place = -(-len(ordered) * percent // 100) - 1
    return _whole(ordered[place] * 100)


def _whole(number: float) -> int:
    exact = Fraction(number)
    return half_up(exact.numerator, exact.denominator)


def chances(seed: int) -> Iterator[float]:
    """SplitMix64: 53 bits each, from 0 up to but not 1."""
    state = seed & _MASK
    while True:
        state = (state + 0x9E3779B97F4A7C15) & _MASK
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        yield ((mixed ^ (mixed >> 31)) >> 11) / (1 << 53)
