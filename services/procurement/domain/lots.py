"""Lots of evaluation and supervision (项目评估类, 督导类): who wins one delivers nothing of that year's call."""

from collections.abc import Iterable

from chassis.kernel.errors import OURS, RuleBroken

from .call import Call
from .rules import RULES


def apart(call: Call, won: Iterable[Call]) -> None:
    """P-38 (ours, after P-11): `won` is what the same supplier was awarded in that year, in whichever order."""
    for other in won:
        if other.item.way is call.item.way and (other.item.lot is None) != (call.item.lot is None):
            detail = f"同一年度评估、督导的中选者不得承接实施项目，已中选 {other.project}。"
            raise RuleBroken(RULES["P-38"], detail, clause=OURS, field="supplier")
