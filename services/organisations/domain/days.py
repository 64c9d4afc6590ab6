"""Days, as more than one rule counts them."""

from datetime import date


def years_after(day: date, years: int) -> date:
    """The same day so many years later; of 29 February, 28 February."""
    last = min(day.day, 28) if day.month == 2 else day.day
    return date(day.year + years, day.month, last)
