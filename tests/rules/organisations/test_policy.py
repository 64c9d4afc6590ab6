"""A policy of numbers that make no sense is refused, and names the number."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel.errors import Malformed
from services.organisations.domain.policy import POSITIVE, Reward, check

from .cases import SHIPPED

NOTHING: Mapping[str, Any] = {
    **dict.fromkeys(POSITIVE, 0),
    "points_expire_days": -1,
    "levels": {"one_star": 0},
    "rewards": {"training": Reward(name="培训课程", points=0)},
    "report_by": "02-30",
}


@pytest.mark.parametrize(
    ("field", "value"), [*NOTHING.items(), ("report_by", "W01-1"), ("report_by", "02-29")]
)
def test_O_15_each_number_is_looked_at(field: str, value: Any) -> None:
    with pytest.raises(Malformed) as refusal:
        check(replace(SHIPPED, **{field: value}))
    assert refusal.value.field == field


def test_O_15_no_expiry_and_the_smallest_numbers_are_fine() -> None:
    least: dict[str, Any] = {
        **dict.fromkeys(POSITIVE, 1),
        "points_expire_days": 0,
        "levels": {"one_star": 1},
    }
    check(replace(SHIPPED, **least, rewards={"training": Reward(name="培训课程", points=1)}))
