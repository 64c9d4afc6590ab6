"""The streets of a quarter side by side (I-11): a place for each figure, ties said, nothing without a value ranked."""

from collections.abc import Mapping
from dataclasses import dataclass

HIGHER = (
    "arrival_on_time",
    "handling_on_time",
    "mean_score",
    "satisfaction",
    "payments_on_time",
    "evaluation",
    "premises_at_standard",
    "area_per_100",
    "consultation",
)
LOWER = ("returns", "irregular", "open_alarms")
"""Figures that are better the lower they are; how many whistles there were is neither."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`rank`: 1 is the best, and who has the same value has the same one; `among`: who has a value."""

    value: int
    rank: int
    among: int
    tied: bool


def places(figure: str, values: Mapping[str, int | None]) -> dict[str, Place]:
    """By street; KeyError for a figure that isn't ranked."""
    sign = {**dict.fromkeys(HIGHER, 1), **dict.fromkeys(LOWER, -1)}[figure]
    known = {street: value for street, value in values.items() if value is not None}
    return {
        street: Place(
            value=value,
            rank=1 + sum(sign * other > sign * value for other in known.values()),
            among=len(known),
            tied=sum(other == value for other in known.values()) > 1,
        )
        for street, value in known.items()
    }
