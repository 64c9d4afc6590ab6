"""Months and quarters as they are written: `2026-03`, `2026-Q1`."""

from datetime import date


def months_of(quarter: str) -> tuple[str, ...]:
    year, number = int(quarter[:4]), int(quarter[-1])
    return tuple(f"{year}-{month:02}" for month in range(3 * number - 2, 3 * number + 1))


def first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def last_day(month: str) -> date:
    after = first_day(next_month(month))
    return date.fromordinal(after.toordinal() - 1)


def next_month(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02}"


def next_quarter(quarter: str) -> str:
    year, number = int(quarter[:4]), int(quarter[-1])
    return f"{year + number // 4}-Q{number % 4 + 1}"


def previous(quarter: str) -> str:
    year, number = int(quarter[:4]), int(quarter[-1])
    return f"{year - (number == 1)}-Q{(number - 2) % 4 + 1}"
