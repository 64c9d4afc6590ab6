"""The bounds of the numbers in every policy, and its retention table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from .clock import Budget, Pace
from .errors import Malformed
from .measure import EXACT

MOST_YEARS = 100
"""More than anybody will see (ours)."""
LEAST_DAYS, MOST_DAYS = 30, 10950
"""No shorter than somebody may come back to it, no longer than thirty years (ours)."""

MOST_WAITED = {Pace.WORKING_DAYS: 3650, Pace.WORKING_HOURS: 3650 * 28800, Pace.WALL: 3650 * 86400}
"""A budget is at most ten years (ours): of days, or of seconds in a working day of eight hours."""


def check_numbers(policy: Any) -> None:
    """None is negative or more than is kept exactly, no time longer than can be counted; Malformed names
    the field (ours)."""
    for field, value in _numbers(policy, ""):
        if isinstance(value, Budget):
            if value.amount > MOST_WAITED[value.pace]:
                raise Malformed("时限最长十年。", field=field)
        elif value < 0:
            raise Malformed("不得为负。", field=field)
        elif value > EXACT:
            raise Malformed(f"不得大于 {EXACT}。", field=field)
        elif field.endswith("days") and value > MOST_DAYS:
            raise Malformed(f"最长 {MOST_DAYS} 天。", field=field)
        elif field.endswith("years") and value > MOST_YEARS:
            raise Malformed(f"最长 {MOST_YEARS} 年。", field=field)


def _numbers(said: Any, field: str) -> Iterator[tuple[str, int | float | Budget]]:
    """Each number and each budget, by where it stands (`handling.problem`)."""
    inner: Mapping[str, Any] = {}
    if isinstance(said, int | float | Budget) and not isinstance(said, bool):
        yield field, said
    elif is_dataclass(said):
        inner = {one.name: getattr(said, one.name) for one in fields(said)}
    elif isinstance(said, Mapping):
        inner = said
    elif isinstance(said, Sequence) and not isinstance(said, str):
        inner = {str(n): value for n, value in enumerate(said)}
    for name, value in inner.items():
        yield from _numbers(value, f"{field}.{name}".removeprefix("."))


def check_terms(retention: Any) -> None:
    """Each field of the table is a number of days."""
    for field in fields(retention):
        check_term(getattr(retention, field.name), f"retention.{field.name}")


def check_term(days: int, field: str) -> None:
    if not LEAST_DAYS <= days <= MOST_DAYS:
        raise Malformed(f"保存天数须在 {LEAST_DAYS} 至 {MOST_DAYS} 天之间。", field=field)
