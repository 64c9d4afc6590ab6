"""W-06: a deadline under other working days than it was counted in: a further year's, an amended notice's."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from chassis.kernel.clock import Budget, WorkTime, pause, recounted, start
from tests.support.calendars import lengthened

from .clocks import BEFORE_THE_NOTICE, WORK, local

DAYS = Budget.working_days(5)
MONDAY = local("2026-03-02 10:00")
SURE = start(DAYS, MONDAY, WORK)
AMENDED = lengthened(date(2026, 3, 4), date(2026, 3, 5))


def test_W_06_what_was_sure_moves_with_an_amended_notice_and_back() -> None:
    assert (SURE.due, SURE.provisional) == (local("2026-03-09 17:00"), False)
    again = recounted(SURE, AMENDED, MONDAY)
    assert again == start(DAYS, MONDAY, AMENDED) == replace(SURE, due=local("2026-03-11 17:00"))
    assert recounted(again, WORK, MONDAY) == SURE


def test_W_06_the_same_days_change_nothing() -> None:
    assert recounted(SURE, WORK, MONDAY) is None
    assert recounted(SURE, lengthened(date(2026, 3, 10)), MONDAY) is None


def test_W_06_what_was_assumed_is_counted_in_the_days_of_its_year() -> None:
    before = local("2026-02-11 10:00")
    assumed = start(DAYS, before, BEFORE_THE_NOTICE)
    assert assumed.provisional
    assert recounted(assumed, WORK, before) == start(DAYS, before, WORK)


def test_W_06_what_was_sure_may_come_to_fall_on_days_that_are_assumed() -> None:
    """The last day that is certain is off now: what is due is as sure as the next year's notice."""
    since = local("2026-12-14 10:00")
    sure = start(Budget.working_days(4), since, WORK)
    assert (sure.due, sure.provisional) == (local("2026-12-18 17:00"), False)
    again = recounted(sure, lengthened(date(2026, 12, 18)), since)
    assert again == replace(sure, due=local("2026-12-21 17:00"), provisional=True)


def test_W_06_a_year_that_is_missing_takes_nothing_back() -> None:
    assert start(DAYS, MONDAY, BEFORE_THE_NOTICE) != SURE
    assert recounted(SURE, BEFORE_THE_NOTICE, MONDAY) is None


@pytest.mark.parametrize("work", [AMENDED, WORK])
def test_W_06_time_that_has_run_out_stays_so(work: WorkTime) -> None:
    longer = start(DAYS, MONDAY, AMENDED)
    for clock in (SURE, longer):
        assert recounted(clock, work, clock.due + timedelta(seconds=1)) is None
    assert recounted(SURE, AMENDED, SURE.due) == longer


def test_W_06_what_is_paused_hasn_t_run_out() -> None:
    stopped = pause(SURE, local("2026-03-03 10:00"), "-", "centre")
    late: datetime = stopped.due + timedelta(days=30)
    assert recounted(stopped, AMENDED, late) == replace(stopped, due=local("2026-03-11 17:00"))
