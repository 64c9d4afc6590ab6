"""The ranking of a call: by the mean of the panel's scores, and between equals by the order of P-09."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .application import Application, Precedence


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """`points` are the sum over the panel; `decided` is what put it before the next one of as many points."""

    rank: int
    supplier: str
    points: int
    decided: str | None = None


def rank(
    applications: Sequence[Application], scores: Iterable[Mapping[str, int]]
) -> tuple[Ranked, ...]:
    """Each member's points by supplier; the same panel scores all, so the sums are in the order of the means."""
    given = list(scores)
    points = {one.supplier: sum(member[one.supplier] for member in given) for one in applications}
    best = sorted(applications, key=lambda one: _better(points[one.supplier], one))
    ranked = []
    for place, one in enumerate(best):
        after = best[place + 1] if place + 1 < len(best) else None
        tied = after is not None and points[after.supplier] == points[one.supplier]
        decided = _decided(one, after) if tied and after is not None else None
        ranked.append(
            Ranked(
                rank=place + 1, supplier=one.supplier, points=points[one.supplier], decided=decided
            )
        )
    return tuple(ranked)


def _better(points: int, one: Application) -> tuple[object, ...]:
    weights = (weigh(one.precedence) for _, weigh in ORDER)
    return (-points, *(-weight for weight in weights), one.at, one.supplier)


def _decided(one: Application, after: Application) -> str:
    for name, weigh in ORDER:
        if weigh(one.precedence) != weigh(after.precedence):
            return name
    return "申报在先"


def _share(one: Precedence) -> Fraction:
    workers, staff = one.workers_share
    return Fraction(workers, staff)


ORDER = (
    ("社会组织", lambda one: Fraction(one.social)),
    ("公益性", lambda one: Fraction(one.welfare)),
    ("党组织", lambda one: Fraction(one.party)),
    ("社工占比", _share),
    ("上年度优秀", lambda one: Fraction(one.outstanding)),
    ("诚信", lambda one: Fraction(one.clean)),
    ("评估等级", lambda one: Fraction(one.grade)),
    ("信息公开", lambda one: Fraction(one.transparent)),
)
"""Social organisations first, of them public-welfare ones, a party organisation, more social workers, outstanding
the year before, then integrity, rating and transparency; the texts name them, their order is ours."""
