"""The shape of this service's policy: the numbers that the documents leave to the platform."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.kernel.errors import Malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many seats, both ends included."""

    least: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """What a matter can be about."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationPolicy:
    """What "about 50" seats of a street committee means (C-01), and the categories.

    A matter's category travels with its referral, so these are the codes whistle knows as well.
    """

    street_size: Size
    categories: Mapping[str, Category]


def check(policy: ConsultationPolicy) -> None:
    size = policy.street_size
    if not 0 < size.least <= size.most:
        raise Malformed("规模下限须大于零且不大于上限。", field="street_size")
