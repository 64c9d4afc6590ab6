"""Days, as more than one rule counts them."""

from datetime import date, datetime

from chassis.kernel.clock import local_date


def years_after(day: date, years: int) -> date:
    """The same day so many years later; of 29 February, 28 February."""
    last = min(day.day, 28) if day.month == 2 else day.day
    return date(day.year + years, day.month, last)


def bid_years(year: int, at: datetime) -> tuple[int, ...]:
    """P-07: the bid years in which what became of a contract of `year` counts: the next one. Of what is known after
    its own year, what is left of the year it is known in, and the one after that (ours)."""
    known = local_date(at).year
    return tuple(range(max(year + 1, known), max(year, known) + 2))
