"""An index from a system and its observations: exact fractions inside, hundredths of a point outside.

Weights are of siblings; where one has no score, those that have one share its weight, and the
coverage says how much of the weight the score rests upon. Nothing missing is guessed (I-07).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction

from chassis.kernel.measure import half_up

from .method import Method
from .scoring import Grade, Lack, Score, score
from .settling import WHOLE, children
from .system import IndicatorSystem, MeasuringPoint

BINDING = "约束性"


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """What counted for a point: which filing of which observation, and what it said."""

    point: int
    observation: str
    filing: int
    values: tuple[str, ...] = ()
    grades: tuple[Grade, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PointLine:
    """`score` in hundredths of a point; `weight` is its share of the index, in millionths."""

    point: int
    name: str
    attribute: str
    weight: int
    score: int | None = None
    met: bool | None = None
    lacks: Lack | None = None
    observation: str | None = None
    filing: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelLine:
    """An indicator by the names down to it; the index itself has none.

    `score` in hundredths of a point, `weight` within its parent and `coverage` in ten-thousandths.
    """

    path: tuple[str, ...] = ()
    weight: int
    coverage: int
    score: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """`levels`: the index first, then each indicator after its parent.

    `binding_missed`: the binding points that miss their goal, whatever the index says (I-06).
    """

    levels: tuple[LevelLine, ...]
    points: tuple[PointLine, ...]
    binding_missed: tuple[int, ...]

    @property
    def index(self) -> LevelLine:
        return self.levels[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    path: tuple[str, ...]
    weight: Fraction
    coverage: Fraction
    score: Fraction | None


def compute(system: IndicatorSystem, inputs: Iterable[Input], least_covered: int) -> Result:
    """`least_covered`: the percentage of its weight without which a level has no score."""
    entered = {one.point: one for one in inputs}
    scores = {point.number: _scored(point, entered.get(point.number)) for point in system.points}
    tree = _Tree(system=system, scores=scores, least=Fraction(least_covered, 100))
    levels = tuple(tree.levels((), Fraction(1)))
    return Result(
        levels=tuple(_line(level) for level in levels),
        points=tuple(
            _point_line(
                point, _nominal(system, point), scores[point.number], entered.get(point.number)
            )
            for point in system.points
        ),
        binding_missed=tuple(
            point.number
            for point in system.points
            if point.attribute == BINDING and scores[point.number].met is False
        ),
    )


def effective_weights(
    system: IndicatorSystem, inputs: Iterable[Input], least_covered: int
) -> dict[int, Fraction]:
    """The share of the index that each point with a score has, together 1; empty without an index."""
    entered = {one.point: one for one in inputs}
    scores = {point.number: _scored(point, entered.get(point.number)) for point in system.points}
    tree = _Tree(system=system, scores=scores, least=Fraction(least_covered, 100))
    scored = {level.path for level in tree.levels((), Fraction(1)) if level.score is not None}
    if () not in scored:
        return {}
    scored |= {_path(point) for point in system.points if scores[point.number].points is not None}
    found = {}
    for point in system.points:
        share = Fraction(1)
        for depth, name in enumerate(_path(point)):
            parent = _path(point)[:depth]
            siblings = {
                one: weight
                for one, weight in weights(system, parent).items()
                if (*parent, one) in scored
            }
            share *= siblings.get(name, Fraction(0)) / (sum(siblings.values()) or 1)
        if share:
            found[point.number] = share
    return found


def nominal_weights(system: IndicatorSystem) -> dict[int, Fraction]:
    """The share of the index that each point has where nothing is missing."""
    return {point.number: _nominal(system, point) for point in system.points}


def fingerprint(
    system: IndicatorSystem, method: Method, inputs: Iterable[Input], least_covered: int
) -> str:
    """SHA-256 of everything the result follows from, written out one way, inputs by point; of no wording besides."""
    everything = {
        "system": system.version,
        "points": [
            {
                "path": [point.level1, point.level2, point.level3, point.number],
                "attribute": point.attribute,
                "baseline": point.baseline,
                "goals": [asdict(goal) for goal in point.goals],
                "graded": point.graded,
            }
            for point in system.points
        ],
        "weights": [
            {"parent": said.parent, "weights": [asdict(one) for one in said.weights]}
            for said in system.weights
        ],
        "method": {"version": method.version, "rubric": dict(method.rubric)},
        "inputs": [asdict(one) for one in sorted(inputs, key=lambda one: one.point)],
        "least_covered": least_covered,
    }
    text = json.dumps(
        everything, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    )
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tree:
    system: IndicatorSystem
    scores: Mapping[int, Score]
    least: Fraction

    def levels(self, path: tuple[str, ...], weight: Fraction) -> list[_Level]:
        """This level and, after it, all below it."""
        shares = weights(self.system, path)
        below: list[_Level] = []
        parts: list[tuple[Fraction, Fraction, Fraction]] = []
        for name, share in shares.items():
            if len(path) == 3:
                points = self.scores[int(name)].points
                found = None if points is None else (points, Fraction(1))
            else:
                under = self.levels((*path, name), share)
                below += under
                found = None if under[0].score is None else (under[0].score, under[0].coverage)
            if found is not None:
                parts.append((share, *found))
        covered = sum((share * coverage for share, _, coverage in parts), Fraction(0))
        mean = _mean(parts) if parts and covered >= self.least else None
        return [_Level(path=path, weight=weight, coverage=covered, score=mean), *below]


def _path(point: MeasuringPoint) -> tuple[str, ...]:
    return (point.level1, point.level2, point.level3, str(point.number))


def _nominal(system: IndicatorSystem, point: MeasuringPoint) -> Fraction:
    share = Fraction(1)
    for depth, name in enumerate(_path(point)):
        share *= weights(system, _path(point)[:depth])[name]
    return share


def _mean(parts: Sequence[tuple[Fraction, Fraction, Fraction]]) -> Fraction:
    weighed = sum((share * points for share, points, _ in parts), Fraction(0))
    return weighed / sum(share for share, _, _ in parts)


def weights(system: IndicatorSystem, parent: tuple[str, ...]) -> dict[str, Fraction]:
    """I-05: of each child, together 1; equal where the district hasn't set them."""
    for said in system.weights:
        if said.parent == parent:
            return {one.name: Fraction(one.weight, WHOLE) for one in said.weights}
    below = children(system.points, parent)
    return {name: Fraction(1, len(below)) for name in below}


def _scored(point: MeasuringPoint, entered: Input | None) -> Score:
    if entered is None:
        return score(point)
    return score(point, tuple(map(Decimal, entered.values)), entered.grades)


def _line(level: _Level) -> LevelLine:
    return LevelLine(
        path=level.path,
        weight=_rounded(level.weight * WHOLE),
        coverage=_rounded(level.coverage * WHOLE),
        score=_hundredths(level.score),
    )


def _point_line(
    point: MeasuringPoint, share: Fraction, scored: Score, entered: Input | None
) -> PointLine:
    return PointLine(
        point=point.number,
        name=point.name,
        attribute=point.attribute,
        weight=_rounded(share * 1_000_000),
        score=_hundredths(scored.points),
        met=scored.met,
        lacks=scored.lacks,
        observation=entered.observation if entered else None,
        filing=entered.filing if entered else None,
    )


def _hundredths(points: Fraction | None) -> int | None:
    return None if points is None else _rounded(points * 100)


def _rounded(exact: Fraction) -> int:
    return half_up(exact.numerator, exact.denominator)
