"""What the numbers of every policy keep to, whatever service they are of."""

from dataclasses import dataclass

import pytest

from chassis.kernel.clock import Budget
from chassis.kernel.errors import Malformed
from chassis.kernel.terms import check_numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    late: int = 10
    by_year: tuple[int, ...] = (1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    answer_days: int = 15
    listed_years: int = 3
    amount: int = 10**12
    share: float = 0.5
    open: bool = False
    title: str = "-1"
    points: Points = Points()
    clocks: dict[str, Budget]


def numbers(clock: Budget | None = None, **said: object) -> Numbers:
    return Numbers(clocks={"problem": clock or Budget.working_days(3650)}, **said)  # type: ignore[arg-type]


def test_numbers_of_a_usual_size_are_taken() -> None:
    check_numbers(numbers())
    check_numbers(numbers(Budget.working_hours(8 * 3650), answer_days=10950, listed_years=100))


@pytest.mark.parametrize(
    ("policy", "field"),
    [
        (numbers(answer_days=10951), "answer_days"),
        (numbers(answer_days=-1), "answer_days"),
        (numbers(listed_years=101), "listed_years"),
        (numbers(amount=-1), "amount"),
        (numbers(amount=2**53), "amount"),
        (numbers(share=-0.1), "share"),
        (numbers(points=Points(late=-10)), "points.late"),
        (numbers(points=Points(by_year=(1, -2))), "points.by_year.1"),
        (numbers(Budget.working_days(3651)), "clocks.problem"),
        (numbers(Budget.working_hours(8 * 3650 + 1)), "clocks.problem"),
        (numbers(Budget.hours(24 * 3650 + 1)), "clocks.problem"),
    ],
)
def test_none_is_negative_nor_inexact_and_no_time_longer_than_can_be_counted(
    policy: Numbers, field: str
) -> None:
    with pytest.raises(Malformed) as refused:
        check_numbers(policy)
    assert refused.value.field == field
