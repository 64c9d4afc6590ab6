"""The notices of 2019 to 2026, written out here by value: the package is checked, not trusted."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from chassis.calendar import NationalCalendar
from chassis.kernel.clock import WorkingDays

# Weekend days the State Council made working days.
MAKE_UP_DAYS = {
    2019: "02-02 02-03 04-28 05-05 09-29 10-12",
    # The notice said 1 February too; the epidemic's extension of the holiday took it back.
    2020: "01-19 04-26 05-09 06-28 09-27 10-10",
    2021: "02-07 02-20 04-25 05-08 09-18 09-26 10-09",
    2022: "01-29 01-30 04-02 04-24 05-07 10-08 10-09",
    2023: "01-28 01-29 04-23 05-06 06-25 10-07 10-08",
    2024: "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    2025: "01-26 02-08 04-27 09-28 10-11",
    2026: "01-04 02-14 02-28 05-09 09-20 10-10",
}

# First and last day of each holiday as the notices give them, weekends inside included.
HOLIDAYS = {
    2019: "01-01/01-01 02-04/02-10 04-05/04-07 05-01/05-04 06-07/06-09 09-13/09-15 10-01/10-07",
    2020: "01-01/01-01 01-24/02-02 04-04/04-06 05-01/05-05 06-25/06-27 10-01/10-08",
    2021: "01-01/01-03 02-11/02-17 04-03/04-05 05-01/05-05 06-12/06-14 09-19/09-21 10-01/10-07",
    2022: "01-01/01-03 01-31/02-06 04-03/04-05 04-30/05-04 06-03/06-05 09-10/09-12 10-01/10-07",
    2023: "01-01/01-02 01-21/01-27 04-05/04-05 04-29/05-03 06-22/06-24 09-29/10-06 12-30/12-31",
    # New Year's Eve, 9 February, was recommended as a day off by employers, not decreed.
    2024: "01-01/01-01 02-10/02-17 04-04/04-06 05-01/05-05 06-08/06-10 09-15/09-17 10-01/10-07",
    2025: "01-01/01-01 01-28/02-04 04-04/04-06 05-01/05-05 05-31/06-02 10-01/10-08",
    2026: "01-01/01-03 02-15/02-23 04-04/04-06 05-01/05-05 06-19/06-21 09-25/09-27 10-01/10-07",
}

YEARS = tuple(MAKE_UP_DAYS)
CALENDAR = NationalCalendar()


def days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def make_up_days(year: int) -> set[date]:
    return {date.fromisoformat(f"{year}-{day}") for day in MAKE_UP_DAYS[year].split()}


def holidays(year: int) -> set[date]:
    spans = (span.split("/") for span in HOLIDAYS[year].split())
    return {
        day
        for first, last in spans
        for day in days_of(year)
        if first <= day.strftime("%m-%d") <= last
    }


@pytest.mark.parametrize("year", YEARS)
def test_W_06_the_make_up_days_of_the_notice_are_worked_and_no_other_weekend_day(year: int) -> None:
    worked = {day for day in days_of(year) if day.weekday() >= 5 and CALENDAR.is_working(day)}
    assert worked == make_up_days(year)


@pytest.mark.parametrize("year", YEARS)
def test_W_06_the_holidays_of_the_notice_are_off_and_no_other_day_of_the_week(year: int) -> None:
    off = {day for day in days_of(year) if day.weekday() < 5 and not CALENDAR.is_working(day)}
    assert off == {day for day in holidays(year) if day.weekday() < 5}
    assert not any(CALENDAR.is_working(day) for day in holidays(year))


@pytest.mark.parametrize(
    ("year", "working"),
    # A check on the two tables above that does not read them.
    [
        (2019, 250),
        (2020, 249),
        (2021, 250),
        (2022, 249),
        (2023, 249),
        (2024, 251),
        (2025, 248),
        (2026, 248),
    ],
)
def test_a_year_has_so_many_working_days(year: int, working: int) -> None:
    assert sum(map(CALENDAR.is_working, days_of(year))) == working


@pytest.mark.parametrize("day", ["2020-01-31", "2020-02-01", "2020-02-02"])
def test_the_spring_festival_of_2020_was_extended(day: str) -> None:
    assert not CALENDAR.is_working(date.fromisoformat(day))


def test_the_monday_after_the_extended_festival_of_2020_was_worked() -> None:
    assert CALENDAR.is_working(date(2020, 2, 3))


def test_it_is_a_kernel_calendar() -> None:
    days: WorkingDays = CALENDAR
    assert days.is_working(date(2025, 9, 28))


def test_it_ends_with_the_last_year_published() -> None:
    end = CALENDAR.valid_through
    assert (end.month, end.day) == (12, 31)
    assert end >= date(2026, 12, 31)
    assert CALENDAR.version == end.isoformat()


def test_before_the_notice_a_holiday_is_a_working_day_and_a_make_up_day_is_not() -> None:
    before = NationalCalendar(date(2025, 12, 31))
    assert (before.valid_through, before.version) == (date(2025, 12, 31), "2025-12-31")
    spring_festival, make_up = date(2026, 2, 16), date(2026, 2, 14)
    assert before.is_working(spring_festival)
    assert not before.is_working(make_up)
    assert not CALENDAR.is_working(spring_festival)
    assert CALENDAR.is_working(make_up)


def test_cutting_leaves_the_years_before_as_they_were() -> None:
    before = NationalCalendar(date(2025, 12, 31))
    assert all(
        before.is_working(day) == CALENDAR.is_working(day)
        for year in range(2019, 2026)
        for day in days_of(year)
    )


def test_what_is_known_is_cut_and_never_made_longer() -> None:
    earlier = date(2025, 12, 31)
    assert CALENDAR.as_known_through(earlier).version == "2025-12-31"
    assert not CALENDAR.as_known_through(earlier).is_working(date(2026, 2, 14))
    assert CALENDAR.as_known_through(date(2099, 12, 31)) is CALENDAR
    shorter = NationalCalendar(earlier)
    assert shorter.as_known_through(CALENDAR.valid_through) is shorter


@pytest.mark.parametrize("year", [1999, 2040])
def test_outside_the_notices_monday_to_friday_is_assumed(year: int) -> None:
    for day in days_of(year):
        assert CALENDAR.is_working(day) == (day.isoweekday() <= 5)


@pytest.mark.parametrize("end", [date(2025, 6, 30), date(2025, 12, 30), date(2099, 12, 31)])
def test_it_ends_only_where_a_notice_does(end: date) -> None:
    with pytest.raises(ValueError, match="the notices end"):
        NationalCalendar(end)


def test_it_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="the notices end"):
        NationalCalendar(date(1990, 12, 31))
