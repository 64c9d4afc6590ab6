"""How sure a street's place is (I-09): ranked many times under perturbed weights and normalisations of the figures.

Each draw multiplies the weight of every ranked figure by 1 ± SPREAD and makes the figures comparable in one
of three ways: from the worst to the best street, by the share of the best, or by the place itself. A street's
figure without a value counts for nothing, and its other figures share its weight. The draws follow from the
seed alone, as the index's do.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .ranking import HIGHER, LOWER, places
from .sensitivity import SPREAD, chances

Values = Mapping[str, Mapping[str, int | None]]
"""Street → figure → value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Of one street: its place with equal weights, and the 5th and 95th percentile of its places drawn."""

    street: str
    rank: int
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """`figures`: those that at least two streets have a value of, and don't all share."""

    seed: str
    draws: int
    figures: tuple[str, ...]
    streets: tuple[Standing, ...]


def standings(values: Values, seed: str, draws: int) -> Standings:
    """Streets without any value aren't ranked. `seed`: at most 16 hexadecimal digits."""
    figures = tuple(figure for figure in (*HIGHER, *LOWER) if _tells(figure, values))
    ranked = sorted(
        street for street, own in values.items() if any(own[one] is not None for one in figures)
    )
    ways = [{figure: way(figure, values) for figure in figures} for way in WAYS]
    plain = _ranks(ranked, ways[0], dict.fromkeys(figures, 1.0))
    chance = chances(int(seed, 16))
    drawn: dict[str, list[int]] = {street: [] for street in ranked}
    for _ in range(draws):
        way = ways[int(next(chance) * len(ways))]
        weights = {figure: 1 - SPREAD + 2 * SPREAD * next(chance) for figure in figures}
        for street, rank in _ranks(ranked, way, weights).items():
            drawn[street].append(rank)
    return Standings(
        seed=seed,
        draws=draws,
        figures=figures,
        streets=tuple(
            sorted(
                (_standing(street, plain[street], sorted(drawn[street])) for street in ranked),
                key=lambda one: (one.rank, one.street),
            )
        ),
    )


def _standing(street: str, rank: int, drawn: Sequence[int]) -> Standing:
    low, high = (drawn[-(-len(drawn) * percent // 100) - 1] for percent in (5, 95))
    return Standing(street=street, rank=rank, low=low, high=high)


def _tells(figure: str, values: Values) -> bool:
    """Whether it tells streets apart."""
    return len({own[figure] for own in values.values() if own[figure] is not None}) > 1


Comparable = Mapping[str, float]
"""Street → 0 to 1, 1 being the best; streets without a value aren't in it."""


def _ranks(
    streets: Sequence[str], way: Mapping[str, Comparable], weights: Mapping[str, float]
) -> dict[str, int]:
    scores = {street: _score(street, way, weights) for street in streets}
    return {
        street: 1 + sum(other > score for other in scores.values())
        for street, score in scores.items()
    }


def _score(street: str, way: Mapping[str, Comparable], weights: Mapping[str, float]) -> float:
    known = [(weights[figure], found[street]) for figure, found in way.items() if street in found]
    return sum(weight * one for weight, one in known) / sum(weight for weight, _ in known)


def _by_span(figure: str, values: Values) -> Comparable:
    known = _known(figure, values)
    worst, best = min(known.values()), max(known.values())
    up = {street: (one - worst) / (best - worst) for street, one in known.items()}
    return up if figure in HIGHER else {street: 1 - one for street, one in up.items()}


def _by_share(figure: str, values: Values) -> Comparable:
    known = _known(figure, values)
    best = max(known.values())
    up = {street: one / best for street, one in known.items()}
    return up if figure in HIGHER else {street: 1 - one for street, one in up.items()}


def _by_place(figure: str, values: Values) -> Comparable:
    found = places(figure, {street: own[figure] for street, own in values.items()})
    return {
        street: (place.among - place.rank) / (place.among - 1) for street, place in found.items()
    }


def _known(figure: str, values: Values) -> dict[str, int]:
    return {street: one for street, own in values.items() if (one := own[figure]) is not None}


WAYS: tuple[Callable[[str, Values], Comparable], ...] = (_by_span, _by_share, _by_place)
