"""How sure a street's place is (I-09): ranked many times under perturbed weights and normalisations of the figures.

Each draw multiplies the weight of every ranked figure by 1 ± SPREAD and makes the figures comparable in one
of three ways: from the worst to the best street, by the share of the best, or by the place itself. A street's
figure without a value counts for nothing, and its other figures share its weight. The draws follow from the
seed alone, as the index's do.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import mul

from .ranking import HIGHER, LOWER, places
from .sensitivity import SPREAD, chances

Values = Mapping[str, Mapping[str, int | None]]
"""Street → figure → value."""
Comparable = Mapping[str, float]
"""Street → 0 to 1, 1 being the best; streets without a value aren't in it."""


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
    ways = [_rows(ranked, [way(figure, values) for figure in figures]) for way in WAYS]
    plain = _plain(ranked, [_spans(figure, values) for figure in figures])
    drawn = places_drawn(ways, chances(int(seed, 16)), draws)
    return Standings(
        seed=seed,
        draws=draws,
        figures=figures,
        streets=tuple(
            sorted(
                (_standing(street, plain[n], sorted(drawn[n])) for n, street in enumerate(ranked)),
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


@dataclass(frozen=True, slots=True)
class Row:
    """A street's figures made comparable, in their order, 0 where there is none; and which it has."""

    values: Sequence[float]
    has: Sequence[float]
    whole: bool


def _rows(streets: Sequence[str], figures: Sequence[Comparable]) -> list[Row]:
    rows = []
    for street in streets:
        has = [float(street in found) for found in figures]
        rows.append(Row([found.get(street, 0.0) for found in figures], has, all(has)))
    return rows


def places_drawn(
    ways: Sequence[Sequence[Row]], chance: Iterator[float], draws: int
) -> list[list[int]]:
    """Of each row its place in each draw. The bench counts on this being quick."""
    width = len(ways[0][0].values) if ways[0] else 0
    drawn: list[list[int]] = []
    for _ in range(draws):
        way = ways[int(next(chance) * len(ways))]
        drawn.append(_ranks(way, [1 - SPREAD + 2 * SPREAD * next(chance) for _ in range(width)]))
    return [list(places) for places in zip(*drawn, strict=True)] if drawn else [[] for _ in ways[0]]


def _ranks(rows: Sequence[Row], weights: Sequence[float]) -> list[int]:
    """How many are better, and one."""
    every = sum(weights)
    scores = [
        sum(map(mul, weights, row.values))
        / (every if row.whole else sum(map(mul, weights, row.has)))
        for row in rows
    ]
    order = sorted(scores, reverse=True)
    return [order.index(score) + 1 for score in scores]


def _plain(streets: Sequence[str], figures: Sequence[Mapping[str, Fraction]]) -> list[int]:
    """By the mean of what each has, exact: who is level with another is so in every digit."""
    means = []
    for street in streets:
        own = [found[street] for found in figures if street in found]
        means.append(sum(own, Fraction(0)) / len(own))
    return [1 + sum(other > mean for other in means) for mean in means]


def _by_span(figure: str, values: Values) -> Comparable:
    known = _known(figure, values)
    worst, best = min(known.values()), max(known.values())
    up = {street: (one - worst) / (best - worst) for street, one in known.items()}
    return up if figure in HIGHER else {street: 1 - one for street, one in up.items()}


def _spans(figure: str, values: Values) -> dict[str, Fraction]:
    """As by span, without the rounding that thousands of draws are quick by."""
    known = _known(figure, values)
    worst, best = min(known.values()), max(known.values())
    start, end = (worst, best) if figure in HIGHER else (best, worst)
    return {street: Fraction(one - start, end - start) for street, one in known.items()}


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
