"""W-10: a department is ranked among those with as much to do; the bounds are the platform's."""

from dataclasses import replace
from datetime import date

import pytest

from chassis.kernel.errors import Malformed
from services.whistle.domain.policy import Workload, check
from services.whistle.domain.ranking import Group, Place, YearResult, group_of, ranked

from .cases import NUMBERS, UNITS

BOUNDS = Workload(middle=20, large=100)


@pytest.mark.parametrize(
    ("whistles", "group"),
    [
        (1, Group.SMALL),
        (19, Group.SMALL),
        (20, Group.MIDDLE),
        (99, Group.MIDDLE),
        (100, Group.LARGE),
        (300, Group.LARGE),
    ],
)
def test_W_10_the_number_of_whistles_makes_the_group(whistles: int, group: Group) -> None:
    assert group_of(whistles, BOUNDS) is group


def test_W_10_three_whistles_are_not_compared_with_three_hundred() -> None:
    found = ranked(
        {
            "water": YearResult(mean=9900, whistles=3),
            "justice": YearResult(mean=9000, whistles=300),
            "health": YearResult(mean=8000, whistles=120),
            "transport": YearResult(mean=9500, whistles=45),
        },
        BOUNDS,
    )
    assert found == {
        "water": Place(group=Group.SMALL, rank=1, among=1),
        "justice": Place(group=Group.LARGE, rank=1, among=2),
        "health": Place(group=Group.LARGE, rank=2, among=2),
        "transport": Place(group=Group.MIDDLE, rank=1, among=1),
    }


def test_W_10_who_has_the_same_result_has_the_same_rank() -> None:
    means = {"a": 9000, "b": 8500, "c": 9000, "d": 8000, "e": 8500}
    found = ranked({unit: YearResult(mean=m, whistles=5) for unit, m in means.items()}, BOUNDS)
    assert {unit: place.rank for unit, place in found.items()} == {
        "a": 1,
        "c": 1,
        "b": 3,
        "e": 3,
        "d": 5,
    }
    assert {place.among for place in found.values()} == {5}


def test_W_10_nobody_is_ranked_without_a_result() -> None:
    assert ranked({}, BOUNDS) == {}


@pytest.mark.parametrize("bounds", [(1, 100), (20, 20), (100, 20)])
def test_W_10_the_bounds_of_the_groups_rise(bounds: tuple[int, int]) -> None:
    check(NUMBERS)
    workload = Workload(middle=bounds[0], large=bounds[1])
    with pytest.raises(Malformed) as refusal:
        check(replace(NUMBERS, workload=workload))
    assert refusal.value.field == "workload"


@pytest.mark.parametrize(
    ("first", "last", "listed"),
    [
        ("2019-05-31", None, True),
        ("2026-12-31", None, True),
        ("2027-01-01", None, False),
        ("2019-05-31", "2026-01-01", True),
        ("2019-05-31", "2025-12-31", False),
    ],
)
def test_W_10_a_department_is_listed_in_the_years_the_register_knew_it(
    first: str, last: str | None, listed: bool
) -> None:
    until = date.fromisoformat(last) if last else None
    unit = replace(UNITS["water"], valid_from=date.fromisoformat(first), valid_to=until)
    assert unit.valid_in(2026) is listed
