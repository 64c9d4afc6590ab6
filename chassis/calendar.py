"""The State Council's yearly notices as dated data: which days are worked, and until when we know.

The notice for a year comes out late in the year before, so the data always ends. Where it ends is
part of the answer: past it Monday to Friday is a guess that deadlines have to own up to.
"""

from datetime import date
from functools import cache

from chinese_calendar.constants import holidays, workdays

_SATURDAY = 5


class NationalCalendar:
    """Working days in mainland China.

    `valid_through` leaves out the years after it, as if their notices had not come out yet.
    """

    def __init__(self, valid_through: date | None = None) -> None:
        first, last = min(holidays).year, max(holidays).year
        end = valid_through or date(last, 12, 31)
        if (end.month, end.day) != (12, 31) or not first <= end.year <= last:
            raise ValueError(f"the notices end with a year from {first} to {last}")
        self._valid_through = end
        self._days_off = frozenset(day for day in holidays if day <= end)
        self._make_up_days = frozenset(day for day in workdays if day <= end)

    @property
    def valid_through(self) -> date:
        return self._valid_through

    @property
    def version(self) -> str:
        return f"cn-{self._valid_through.year}"

    def is_working(self, day: date) -> bool:
        if day in self._make_up_days:
            return True
        return day not in self._days_off and day.weekday() < _SATURDAY

    def as_known_through(self, end: date) -> "NationalCalendar":
        return self if end >= self._valid_through else _known_through(end)


@cache
def _known_through(end: date) -> NationalCalendar:
    """Asked for once for every score that is counted again."""
    return NationalCalendar(end)
