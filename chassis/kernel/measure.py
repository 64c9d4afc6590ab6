"""Exact measures: money in fen and area in hundredths of a m², both integers, never a binary float."""

import re

EXACT = 2**53 - 1
"""The largest number that every reader of JSON and every store keeps as it is."""
DECIMAL = re.compile(r"[0-9]+(\.[0-9]{1,2})?")


def half_up(numerator: int, denominator: int) -> int:
    """The quotient rounded half up, in integer arithmetic."""
    if denominator <= 0:
        raise ValueError("a denominator is positive")
    return (2 * numerator + denominator) // (2 * denominator)


def hundredths(text: str) -> int:
    """`"91000.27"` → 9100027; more than two decimals are refused, not rounded."""
    if not DECIMAL.fullmatch(text):
        raise ValueError(f"not a measure with at most two decimals: {text!r}")
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0"))


def as_decimal(value: int) -> str:
    """9100027 → `"91000.27"`."""
    sign = "-" if value < 0 else ""
    whole, part = divmod(abs(value), 100)
    return f"{sign}{whole}.{part:02d}"
