"""Areas: exact, in hundredths of a m², and the least that a new development owes."""

from chassis.kernel.errors import RuleBroken
from chassis.kernel.measure import half_up, hundredths

from .rules import RULES

OWED = 30_00
"""Hundredths of a m² for every so many households: the documents' number, not the platform's."""
HOUSEHOLDS = 100
MOST = 1_000_000_00
"""A square kilometre (ours): more than three times what a million households are owed."""


def least(households: int) -> int:
    """H-03: part hundreds in proportion, to the hundredth of a m², half up."""
    return half_up(households * OWED, HOUSEHOLDS)


def measured(text: str, field: str = "area") -> int:
    """H-09: `"91000.27"` → 9100027; what isn't exact to the hundredth is refused, not rounded, and so is
    what no premises can have."""
    try:
        area = hundredths(text)
    except ValueError:
        detail = "面积以平方米填写，最多两位小数，例如 1200.50。"
        raise RuleBroken(RULES["H-09"], detail, field=field) from None
    if area > MOST:
        detail = f"面积不超过 {MOST // 100} 平方米（平台默认）。"
        raise RuleBroken(RULES["H-09"], detail, field=field)
    return area
