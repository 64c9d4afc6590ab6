"""A street's scorecard of a quarter: figures made from sums, in integer arithmetic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chassis.kernel.measure import half_up

from .entry import Standing
from .fact import Theme

SUMS = (
    "arrivals",
    "arrivals_on_time",
    "handlings",
    "handlings_on_time",
    "returns",
    "score",
    "satisfaction",
    "rated",
    "alarms",
)

FIGURES: Mapping[str, Standing] = {
    "whistles_closed": Standing.CLOSED,
    "arrival_on_time": Standing.CLOSED,
    "handling_on_time": Standing.CLOSED,
    "returns": Standing.CLOSED,
    "mean_score": Standing.CLOSED,
    "satisfaction": Standing.CLOSED,
    "irregular": Standing.REJECTED,
    "open_alarms": Standing.OPEN,
}
"""Figure → the entries it is made of."""


FACT_SUMS = ("payments", "payments_on_time", "evaluations", "points")
FACTS: Mapping[str, Theme] = {
    "payments_on_time": Theme.PAYMENT,
    "evaluation": Theme.EVALUATION,
}
"""Figure → the facts of others that it is made of."""

PREMISES = "premises_at_standard"
"""The share of the communities heard of, as their rooms stood when the quarter ended."""
AREA = "area_per_100"
"""Hundredths of m² for 100 households, of the communities whose households the register knows."""
CONSULTATION = "consultation"
"""Annex 9 of the year as it stood when the quarter ended, in hundredths; provisional before the year's end."""


STOOD = frozenset({PREMISES, AREA, CONSULTATION})
"""What stands as of a quarter's last day."""
SHARES = frozenset({"arrival_on_time", "handling_on_time", "payments_on_time"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A count, or a share or mean with what it is made of; `value` in hundredths where it has an `of`.

    Without anything to divide by there is no value: it is never guessed.
    """

    name: str
    value: int | None
    part: int | None = None
    of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    street: str
    quarter: str
    figures: tuple[Figure, ...]


def scorecard(
    street: str,
    quarter: str,
    sums: Mapping[Standing, Mapping[str, int]],
    facts: Mapping[str, int],
    premises: Sequence[bool],
    area: tuple[int, int] = (0, 0),
    consultation: int | None = None,
) -> Scorecard:
    """`sums`: by standing of the quarter's entries, their `count` and the sum of each of SUMS.

    `facts`: the sum of each of FACT_SUMS; `premises`: of each community, whether it is at the standard;
    `area` and households of those where both are known; `consultation`: the assessor's sum of the year so far.
    """
    closed = sums.get(Standing.CLOSED, {})
    rejected = sums.get(Standing.REJECTED, {})
    unfinished = sums.get(Standing.OPEN, {})
    count = closed.get("count", 0)
    figures = (
        Figure(name="whistles_closed", value=count),
        _share("arrival_on_time", closed.get("arrivals_on_time", 0), closed.get("arrivals", 0)),
        _share("handling_on_time", closed.get("handlings_on_time", 0), closed.get("handlings", 0)),
        Figure(name="returns", value=closed.get("returns", 0)),
        _mean("mean_score", closed.get("score", 0), count),
        _mean("satisfaction", closed.get("satisfaction", 0) * 100, closed.get("rated", 0)),
        Figure(name="irregular", value=rejected.get("count", 0)),
        Figure(name="open_alarms", value=unfinished.get("alarms", 0)),
        _share("payments_on_time", facts.get("payments_on_time", 0), facts.get("payments", 0)),
        _mean("evaluation", facts.get("points", 0) * 10, facts.get("evaluations", 0)),
        _share(PREMISES, sum(premises), len(premises)),
        _mean(AREA, area[0] * 100, area[1]),
        Figure(name=CONSULTATION, value=consultation),
    )
    return Scorecard(street=street, quarter=quarter, figures=figures)


def _share(name: str, part: int, of: int) -> Figure:
    """Hundredths of a percent."""
    return Figure(name=name, value=half_up(part * 10_000, of) if of else None, part=part, of=of)


def _mean(name: str, total: int, of: int) -> Figure:
    return Figure(name=name, value=half_up(total, of) if of else None, part=total, of=of)


def of_period(cards: Sequence[Scorecard]) -> dict[str, int | None]:
    """Several quarters in one: counts are added, shares and means made again of all their parts.

    What stands as of a day (premises, area, consultation) is that of the last quarter that has it.
    """
    return {
        figures[0].name: _together(figures)
        for figures in zip(*(card.figures for card in cards), strict=True)
    }


def _together(figures: Sequence[Figure]) -> int | None:
    if figures[0].name in STOOD:
        return next((one.value for one in reversed(figures) if one.value is not None), None)
    if figures[0].of is None:
        return sum(one.value or 0 for one in figures)
    part, of = (sum(getattr(one, name) or 0 for one in figures) for name in ("part", "of"))
    scale = 10_000 if figures[0].name in SHARES else 1
    return half_up(part * scale, of) if of else None
