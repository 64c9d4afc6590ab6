"""W-06 at the end of the calendar, and what an instant is."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter

import pytest
from pydantic import TypeAdapter

from chassis.calendar import NationalCalendar
from chassis.kernel.clock import (
    Budget,
    Deadline,
    Extension,
    Pace,
    WorkTime,
    due_after,
    extend,
    is_past,
    local_date,
    pause,
    quarter_of,
    reproject,
    resume,
    shift,
    start,
    worked_seconds,
    working_days_after,
)

from .clocks import BEFORE_THE_NOTICE, HOUR, WORK, granted, local, paused

# The end of the calendar


@pytest.mark.parametrize(
    ("dispatched", "budget", "provisional"),
    [
        ("2026-12-18 13:00", Budget.working_hours(4), False),
        ("2026-12-18 13:00", Budget(pace=Pace.WORKING_HOURS, amount=4 * HOUR + 1), True),
        ("2026-12-18 17:00", Budget.working_hours(1), True),
        ("2026-12-17 10:00", Budget.working_days(1), False),
        ("2026-12-18 10:00", Budget.working_days(1), True),
        ("2026-12-31 10:00", Budget.working_days(1), True),
        ("2026-12-31 23:00", Budget.hours(24), False),
    ],
)
def test_W_06_past_the_last_notice_a_deadline_is_provisional(
    dispatched: str, budget: Budget, provisional: bool
) -> None:
    assert start(budget, local(dispatched), WORK).provisional is provisional


def test_W_06_an_extension_or_a_pause_past_the_last_notice_is_provisional_too() -> None:
    deadline = start(Budget.working_days(1), local("2026-12-17 10:00"), WORK)
    assert not deadline.provisional
    extension = granted("2026-12-18 10:00", Budget.working_hours(1))
    assert extend(deadline, extension, WORK).provisional
    assert paused(deadline, "2026-12-18 16:00", "2026-12-18 17:00").provisional


def test_W_06_a_pause_on_assumed_days_is_provisional_even_if_it_gives_nothing_back() -> None:
    # A weekend after the end of the data: a later notice may make it a working one.
    work = WorkTime(days=NationalCalendar(date(2021, 12, 31)))
    deadline = start(Budget.working_hours(7), local("2021-12-17 09:00"), work)
    held = paused(deadline, "2021-12-17 17:00", "2021-12-20 09:00", work)
    assert not deadline.provisional
    assert held.due == deadline.due == local("2021-12-17 17:00")
    assert held.provisional


def test_what_was_once_assumed_stays_assumed_whatever_follows() -> None:
    work = WorkTime(days=NationalCalendar(date(2021, 12, 31)))
    deadline = start(Budget.working_hours(3), local("2021-12-17 09:00"), work)
    held = paused(deadline, "2021-12-17 17:00", "2021-12-20 09:00", work)
    longer = extend(held, granted("2021-12-20 18:00", Budget.working_hours(1)), work)
    assert (longer.due, longer.provisional) == (local("2021-12-17 14:00"), True)


def test_W_06_it_is_computed_again_when_the_notice_is_loaded() -> None:
    assumed = start(Budget.working_days(2), local("2026-02-13 15:00"), BEFORE_THE_NOTICE)
    assert (assumed.due, assumed.provisional) == (local("2026-02-17 17:00"), True)
    known = reproject(assumed, WORK)
    # Saturday the 14th is worked, the 15th to the 23rd is the Spring Festival.
    assert (known.due, known.provisional) == (local("2026-02-24 17:00"), False)
    assert known == start(Budget.working_days(2), local("2026-02-13 15:00"), WORK)


def test_W_06_its_pauses_and_extensions_are_computed_again_too() -> None:
    assumed = start(Budget.working_hours(4), local("2026-02-13 15:00"), BEFORE_THE_NOTICE)
    assert assumed.due == local("2026-02-16 11:00")
    # Saturday the 14th gives nothing back as a weekend, and two hours as a working day.
    held = paused(assumed, "2026-02-14 09:00", "2026-02-14 11:00", BEFORE_THE_NOTICE)
    assert held.due == local("2026-02-16 11:00")
    assert reproject(held, WORK).due == local("2026-02-14 14:00")
    extension = granted("2026-02-14 12:00", Budget.working_days(1))
    longer = extend(held, extension, BEFORE_THE_NOTICE)
    assert longer.due == local("2026-02-17 17:00")
    assert reproject(longer, WORK).due == local("2026-02-24 17:00")


# Instants


def test_the_quarter_and_the_day_are_shanghais() -> None:
    assert quarter_of(datetime(2026, 9, 30, 15, 59, 59, tzinfo=UTC)) == "2026-Q3"
    assert quarter_of(datetime(2026, 9, 30, 16, 0, tzinfo=UTC)) == "2026-Q4"
    assert quarter_of(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == "2027-Q1"
    assert local_date(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("month", "quarter"),
    list(enumerate(["Q1"] * 3 + ["Q2"] * 3 + ["Q3"] * 3 + ["Q4"] * 3, start=1)),
)
def test_a_quarter_has_three_months(month: int, quarter: str) -> None:
    assert quarter_of(datetime(2026, month, 15, tzinfo=UTC)) == f"2026-{quarter}"


NAIVE = datetime(2026, 3, 3, 10, 0)  # noqa: DTZ001 - the very thing refused
AT = local("2026-03-03 09:00")
RUNNING = start(Budget.working_hours(3), AT, WORK)
EXTENSION = Extension(at=NAIVE, budget=Budget.working_hours(1), reason="-", approved_by="-")


@pytest.mark.parametrize(
    "ask",
    [
        lambda: start(Budget.working_hours(1), NAIVE, WORK),
        lambda: start(Budget.working_days(1), NAIVE, WORK),
        lambda: start(Budget.minutes(1), NAIVE, WORK),
        lambda: due_after(Budget.working_hours(1), NAIVE, WORK),
        lambda: pause(RUNNING, NAIVE, "-", "-"),
        lambda: resume(pause(RUNNING, AT, "-", "-"), NAIVE, WORK),
        lambda: extend(RUNNING, EXTENSION, WORK),
        lambda: shift(NAIVE, 0, WORK),
        lambda: worked_seconds(NAIVE, AT, WORK),
        lambda: worked_seconds(AT, NAIVE, WORK),
        lambda: working_days_after(NAIVE, 1, WORK),
        lambda: is_past(RUNNING, NAIVE),
        lambda: local_date(NAIVE),
        lambda: quarter_of(NAIVE),
    ],
)
def test_an_instant_without_an_offset_is_refused(ask: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="offset"):
        ask()


def test_instants_are_given_back_in_utc() -> None:
    for budget in (Budget.minutes(1), Budget.working_hours(1), Budget.working_days(1)):
        deadline = start(budget, AT, WORK)
        assert (deadline.started.tzinfo, deadline.due.tzinfo) == (UTC, UTC)


def test_parts_of_seconds_do_not_break_the_sum() -> None:
    """Each instant is cut to its second, so that two spans of 0.6 s are as long as the whole one."""
    times = [local("2026-03-03 10:00") + timedelta(milliseconds=n) for n in (500, 1100, 1700)]
    one, two = (worked_seconds(times[n], times[n + 1], WORK) for n in (0, 1))
    assert (one, two, worked_seconds(times[0], times[2], WORK)) == (1, 0, 1)


def test_time_is_counted_forward_only() -> None:
    with pytest.raises(ValueError, match="forward"):
        shift(AT, -1, WORK)
    with pytest.raises(ValueError, match="forward"):
        worked_seconds(AT, AT - timedelta(seconds=1), WORK)
    with pytest.raises(ValueError, match="from one"):
        working_days_after(AT, 0, WORK)


@pytest.mark.parametrize(
    "sessions",
    [
        (),
        ((time(12), time(9)),),
        ((time(9), time(9)),),
        ((time(13), time(17)), (time(9), time(12))),
        ((time(9), time(12)), (time(11), time(17))),
        ((time(9), time(12, 0, 0, 1)),),
        ((time(9, tzinfo=UTC), time(12, tzinfo=UTC)),),
    ],
)
def test_sessions_follow_one_another(sessions: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="working sessions"):
        WorkTime(days=WORK.days, sessions=sessions)


def test_a_deadline_survives_being_stored() -> None:
    deadline = paused(
        start(Budget.working_days(2), local("2026-03-03 10:00:00.123456"), WORK),
        "2026-03-03 11:00",
        "2026-03-03 15:00",
    )
    deadline = extend(deadline, granted("2026-03-04 10:00", Budget.working_hours(3)), WORK)
    deadline = pause(deadline, local("2026-03-04 11:00"), "site closed", "centre")
    stored = TypeAdapter(Deadline).dump_json(deadline)
    loaded = TypeAdapter(Deadline).validate_json(stored)
    assert loaded == deadline
    assert reproject(loaded, WORK) == deadline


def test_ten_years_are_counted_quickly() -> None:
    began = perf_counter()
    worked = worked_seconds(local("2019-01-01 00:00"), local("2029-01-01 00:00"), WORK)
    assert perf_counter() - began < 1
    assert worked > 10 * 240 * 7 * HOUR
