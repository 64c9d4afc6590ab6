"""Areas: exact, in hundredths of a m², and the least that a new development owes."""

from chassis.kernel.errors import RuleBroken
from chassis.kernel.measure import half_up, hundredths

from .rules import RULES

OWED = 30_00
"""Hundredths of a m² for every so many households: the documents' number, not the platform's."""
HOUSEHOLDS = 100


def least(households: int) -> int:
    """H-03: part hundreds in proportion, to the hundredth of a m², half up."""
    return half_up(households * OWED, HOUSEHOLDS)


def measured(text: str) -> int:
    """H-09: `"91000.27"` → 9100027; what isn't exact to the hundredth is refused, not rounded."""
    try:
        return hundredths(text)
    except ValueError:
        raise RuleBroken(
            RULES["H-09"], "面积以平方米填写，最多两位小数，例如 1200.50。", field="area"
        ) from None
