"""Days, as more than one rule counts them."""

from datetime import date, datetime

from chassis.kernel.clock import Deadline, WorkTime, is_past, local_date, reproject


def years_after(day: date, years: int) -> date:
    """The same day so many years later; of 29 February, 28 February."""
    last = min(day.day, 28) if day.month == 2 else day.day
    return date(day.year + years, day.month, last)


def recounted(clock: Deadline, work: WorkTime, now: datetime) -> Deadline | None:
    """Under what is known now of the working days, if no less and otherwise; time that has run out stays so."""
    again = reproject(clock, work)
    better = again != clock and (clock.provisional or not again.provisional)
    return again if better and not is_past(clock, now) else None


def bid_years(year: int, at: datetime) -> tuple[int, ...]:
    """P-07: the bid years in which what became of a contract of `year` counts: the next one. Of what is known after
    its own year, what is left of the year it is known in, and the one after that (ours)."""
    known = local_date(at).year
    return tuple(range(max(year + 1, known), max(year, known) + 2))
