"""The reporting rhythm (W-14): 月通报, 季调度, 年总结, and the days each covers."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from chassis.kernel.errors import Malformed

SHAPE = re.compile(r"(20\d\d)(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")


class Rhythm(StrEnum):
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    rhythm: Rhythm
    first: date
    last: date


def period(text: str) -> Period:
    """`2026-10`, `2026-Q4` or `2026`."""
    found = SHAPE.fullmatch(text)
    if found is None:
        raise Malformed("期间写作 2026-10、2026-Q4 或 2026。", field="period")
    year, quarter, month = int(found[1]), found[2], found[3]
    if month:
        return _months(Rhythm.MONTHLY, year, int(month), 1)
    if quarter:
        return _months(Rhythm.QUARTERLY, year, 3 * int(quarter) - 2, 3)
    return _months(Rhythm.YEARLY, year, 1, 12)


def _months(rhythm: Rhythm, year: int, month: int, length: int) -> Period:
    following = month + length
    after = date(year + (following > 12), (following - 1) % 12 + 1, 1)
    return Period(rhythm=rhythm, first=date(year, month, 1), last=after - timedelta(days=1))


def shown(counts: dict[str, int], least: int) -> dict[str, int | None]:
    """Without the counts that could point at a person (W-16).

    What is left out could be computed from the total, so as much goes with it as makes it as vague
    as a count that may be shown: `least` between them, which one hidden place never has.
    """
    hidden = {name for name, count in counts.items() if count < least}
    others = sorted((count, name) for name, count in counts.items() if name not in hidden)
    while hidden and others and sum(counts[name] for name in hidden) < least:
        hidden.add(others.pop(0)[1])
    return {name: None if name in hidden else count for name, count in counts.items()}


def total(counts: dict[str, int], least: int) -> int | None:
    """None where the sum itself is too small to be shown."""
    found = sum(counts.values())
    return None if 0 < found < least else found
