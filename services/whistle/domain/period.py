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
