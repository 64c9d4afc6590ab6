"""A year's notice as it is amended later: in January 2020 the Spring Festival was lengthened while it went on."""

from datetime import date, timedelta

from chassis.calendar import NationalCalendar, Notice
from chassis.kernel.clock import WorkTime

SHIPPED = NationalCalendar()


def lengthened(*off: date, year: int = 2026) -> WorkTime:
    """As its notice says, and these days off, too."""
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
    weekend = {day for day in days if day.weekday() > 4}
    worked = {day: "-" for day in weekend if SHIPPED.is_working(day) and day not in off}
    named = {day: "-" for day in days if day not in weekend and not SHIPPED.is_working(day)}
    notice = Notice(year=year, days_off={**named, **dict.fromkeys(off, "-")}, worked=worked)
    return WorkTime(days=NationalCalendar(notices=[notice]))
