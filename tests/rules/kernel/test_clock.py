"""W-06 counts working time: what is due when, by value, and what must hold for every deadline.

The weeks used by value are those around the National Day of 2025 and the Spring Festival of 2026,
where make-up days and holidays meet.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from chassis.calendar import NationalCalendar
from chassis.kernel.clock import (
    Budget,
    Deadline,
    Extension,
    Pace,
    WorkingDays,
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

WORK = WorkTime(days=NationalCalendar(date(2026, 12, 31)))
BEFORE_THE_NOTICE = WorkTime(days=NationalCalendar(date(2025, 12, 31)))
HOUR = 3600
# The offset and the sessions written out, so that the tests do not ask the code what they are.
EAST_EIGHT = timezone(timedelta(hours=8))
SESSIONS = ((time(9), time(12)), (time(13), time(17)))


def local(text: str) -> datetime:
    """An instant as a Shanghai clock shows it: "2025-09-26 17:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=EAST_EIGHT)


def granted(at: str, budget: Budget) -> Extension:
    return Extension(at=local(at), budget=budget, reason="awaiting a part", approved_by="centre")


def paused(deadline: Deadline, since: str, until: str, work: WorkTime = WORK) -> Deadline:
    return resume(pause(deadline, local(since), "site closed", "centre"), local(until), work)


# The rule's own examples


def test_W_06_two_working_days_before_national_day_2025() -> None:
    deadline = start(Budget.working_days(2), local("2025-09-26 17:00"), WORK)
    assert deadline.due == local("2025-09-29 17:00")
    assert not deadline.provisional


def test_W_06_four_working_hours_before_spring_festival_2026() -> None:
    deadline = start(Budget.working_hours(4), local("2026-02-13 15:00"), WORK)
    assert deadline.due == local("2026-02-14 11:00")
    assert not deadline.provisional


# Budgets


def test_W_06_the_wall_counts_every_second() -> None:
    arrival = start(Budget.minutes(30), local("2026-02-17 23:45"), WORK)
    handling = start(Budget.hours(24), local("2026-02-17 23:45"), WORK)
    assert arrival.due == local("2026-02-18 00:15")
    assert handling.due == local("2026-02-18 23:45")


@pytest.mark.parametrize(
    ("budget", "pace", "amount"),
    [
        (Budget.minutes(30), "wall", 1800),
        (Budget.hours(24), "wall", 86400),
        (Budget.working_hours(4), "working_hours", 14400),
        (Budget.working_days(7), "working_days", 7),
    ],
)
def test_a_budget_is_counted_in_seconds_or_days(budget: Budget, pace: str, amount: int) -> None:
    assert (budget.pace, budget.amount) == (pace, amount)


@pytest.mark.parametrize("amount", [0, -1])
@pytest.mark.parametrize("pace", Pace)
def test_a_budget_is_positive(pace: Pace, amount: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        Budget(pace=pace, amount=amount)


# Working hours: inside the sessions, to the second


@pytest.mark.parametrize(
    ("dispatched", "seconds", "due"),
    [
        ("2026-03-03 09:00", 1, "2026-03-03 09:00:01"),
        ("2026-03-03 10:30", 90 * 60, "2026-03-03 12:00"),
        ("2026-03-03 10:30", 90 * 60 + 1, "2026-03-03 13:00:01"),
        ("2026-03-03 09:00", 7 * HOUR, "2026-03-03 17:00"),
        ("2026-03-03 09:00", 7 * HOUR + 1, "2026-03-04 09:00:01"),
        ("2026-03-03 16:59:59", 2, "2026-03-04 09:00:01"),
        ("2026-03-03 09:00", 35 * HOUR, "2026-03-09 17:00"),
    ],
)
def test_W_06_hours_are_counted_to_the_second(dispatched: str, seconds: int, due: str) -> None:
    budget = Budget(pace=Pace.WORKING_HOURS, amount=seconds)
    assert start(budget, local(dispatched), WORK).due == local(due)


@pytest.mark.parametrize(
    ("dispatched", "due"),
    [
        ("2026-03-03 06:00", "2026-03-03 10:00"),
        ("2026-03-03 12:00", "2026-03-03 14:00"),
        ("2026-03-03 12:59:59", "2026-03-03 14:00"),
        ("2026-03-03 17:00", "2026-03-04 10:00"),
        ("2026-03-06 20:00", "2026-03-09 10:00"),
        ("2026-02-14 17:00", "2026-02-24 10:00"),
    ],
)
def test_W_06_hours_dispatched_outside_the_sessions_begin_at_the_next_opening(
    dispatched: str, due: str
) -> None:
    assert start(Budget.working_hours(1), local(dispatched), WORK).due == local(due)


# Working days: from the next working day's opening to the last one's close


@pytest.mark.parametrize(
    ("dispatched", "days", "due"),
    [
        ("2026-03-03 00:00", 1, "2026-03-04 17:00"),
        ("2026-03-03 08:59", 1, "2026-03-04 17:00"),
        ("2026-03-03 23:59", 1, "2026-03-04 17:00"),
        ("2026-03-06 10:00", 1, "2026-03-09 17:00"),
        ("2026-03-07 10:00", 1, "2026-03-09 17:00"),
        ("2026-03-03 10:00", 5, "2026-03-10 17:00"),
        ("2026-03-03 10:00", 7, "2026-03-12 17:00"),
        ("2026-03-03 10:00", 10, "2026-03-17 17:00"),
        ("2025-09-30 10:00", 1, "2025-10-09 17:00"),
        ("2025-09-30 10:00", 3, "2025-10-11 17:00"),
    ],
)
def test_W_06_days_do_not_count_the_day_of_dispatch(dispatched: str, days: int, due: str) -> None:
    assert start(Budget.working_days(days), local(dispatched), WORK).due == local(due)
    assert working_days_after(local(dispatched), days, WORK) == local(due)


def test_the_day_of_dispatch_is_shanghais() -> None:
    # 17:00 UTC on Tuesday is already Wednesday there.
    at = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)
    assert start(Budget.working_days(1), at, WORK).due == local("2026-03-05 17:00")


@pytest.mark.parametrize(("n", "due"), [(1, "03-04"), (2, "03-05"), (4, "03-09")])
def test_W_06_the_rungs_after_a_miss_are_working_days_after_it(n: int, due: str) -> None:
    missed = local("2026-03-03 11:00")
    assert working_days_after(missed, n, WORK) == local(f"2026-{due} 17:00")


def test_other_sessions_give_other_deadlines() -> None:
    short = WorkTime(days=WORK.days, sessions=((time(10), time(11)),))
    assert shift(local("2026-03-03 09:00"), 2 * HOUR, short) == local("2026-03-04 11:00")
    assert working_days_after(local("2026-03-03 09:00"), 1, short) == local("2026-03-04 11:00")


# Late


@pytest.mark.parametrize(
    ("now", "late"),
    [
        ("2026-03-03 09:59:59", False),
        ("2026-03-03 10:00:00", False),
        ("2026-03-03 10:00:00.000001", True),
        ("2026-03-03 10:00:01", True),
    ],
)
def test_it_is_not_late_at_the_very_deadline(now: str, late: bool) -> None:
    deadline = start(Budget.working_hours(1), local("2026-03-03 09:00"), WORK)
    assert is_past(deadline, local(now)) is late


def test_it_is_never_late_while_paused() -> None:
    deadline = start(Budget.working_hours(1), local("2026-03-03 09:00"), WORK)
    stopped = pause(deadline, local("2026-03-03 09:30"), "site closed", "centre")
    assert stopped.paused
    assert not is_past(stopped, local("2027-03-03 09:00"))
    running = resume(stopped, local("2026-03-03 11:00"), WORK)
    assert not running.paused
    assert not is_past(running, local("2026-03-03 11:30"))
    assert is_past(running, local("2026-03-03 11:30:01"))


# Pauses


@pytest.mark.parametrize(
    ("since", "until", "due"),
    [
        ("2026-03-03 09:30", "2026-03-03 11:00", "2026-03-03 14:30"),
        ("2026-03-03 11:00", "2026-03-03 14:00", "2026-03-03 15:00"),
        ("2026-03-03 11:00", "2026-03-04 10:00", "2026-03-04 11:00"),
        ("2026-03-03 11:00", "2026-03-03 11:00", "2026-03-03 12:00"),
        ("2026-03-03 12:00", "2026-03-03 13:00", "2026-03-03 12:00"),
    ],
)
def test_W_06_a_pause_gives_back_the_working_time_it_took(since: str, until: str, due: str) -> None:
    deadline = start(Budget.working_hours(3), local("2026-03-03 09:00"), WORK)
    assert paused(deadline, since, until).due == local(due)


def test_W_06_a_pause_gives_time_back_to_a_clock_of_days_to_the_second() -> None:
    deadline = start(Budget.working_days(2), local("2026-03-03 10:00"), WORK)
    held = paused(deadline, "2026-03-05 16:00", "2026-03-06 10:30:05")
    assert held.due == local("2026-03-06 11:30:05")


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-03-03 12:00", "2026-03-03 13:00"),
        ("2026-03-03 17:00", "2026-03-04 09:00"),
        ("2026-03-06 17:00", "2026-03-09 09:00"),
        ("2026-02-14 17:00", "2026-02-24 09:00"),
    ],
)
def test_W_06_a_pause_outside_working_time_gives_nothing_back(since: str, until: str) -> None:
    for budget in (Budget.working_hours(40), Budget.working_days(10)):
        deadline = start(budget, local("2026-02-13 09:00"), WORK)
        assert paused(deadline, since, until).due == deadline.due


def test_pauses_add_up_and_are_kept_with_their_reasons() -> None:
    deadline = start(Budget.working_hours(3), local("2026-03-03 09:00"), WORK)
    once = paused(deadline, "2026-03-03 09:30", "2026-03-03 10:00")
    twice = paused(once, "2026-03-03 10:00", "2026-03-03 11:00")
    assert twice.due == local("2026-03-03 14:30")
    assert [(kept.reason, kept.approved_by) for kept in twice.pauses] == [
        ("site closed", "centre"),
        ("site closed", "centre"),
    ]
    assert [(kept.since, kept.until) for kept in twice.pauses] == [
        (local("2026-03-03 09:30"), local("2026-03-03 10:00")),
        (local("2026-03-03 10:00"), local("2026-03-03 11:00")),
    ]


def test_a_pause_moves_nothing_before_it_ends() -> None:
    deadline = start(Budget.working_hours(3), local("2026-03-03 09:00"), WORK)
    stopped = pause(deadline, local("2026-03-03 10:00"), "site closed", "centre")
    assert stopped.due == deadline.due
    assert reproject(stopped, WORK) == stopped


def test_W_06_a_clock_that_runs_by_the_wall_never_stops() -> None:
    deadline = start(Budget.hours(24), local("2026-03-03 10:00"), WORK)
    with pytest.raises(ValueError, match="by the wall"):
        pause(deadline, local("2026-03-03 11:00"), "site closed", "centre")
    with pytest.raises(ValueError, match="by the wall"):
        extend(deadline, granted("2026-03-03 11:00", Budget.working_hours(1)), WORK)


def test_a_pause_has_to_follow_what_happened() -> None:
    deadline = start(Budget.working_hours(3), local("2026-03-03 09:00"), WORK)
    stopped = pause(deadline, local("2026-03-03 10:00"), "site closed", "centre")
    resumed = resume(stopped, local("2026-03-03 11:00"), WORK)
    with pytest.raises(ValueError, match="paused already"):
        pause(stopped, local("2026-03-03 10:30"), "site closed", "centre")
    with pytest.raises(ValueError, match="not paused"):
        resume(deadline, local("2026-03-03 10:00"), WORK)
    with pytest.raises(ValueError, match="not paused"):
        resume(resumed, local("2026-03-03 12:00"), WORK)
    with pytest.raises(ValueError, match="after it began"):
        resume(stopped, local("2026-03-03 09:59:59"), WORK)
    with pytest.raises(ValueError, match="begins after"):
        pause(deadline, local("2026-03-03 08:59:59"), "site closed", "centre")
    with pytest.raises(ValueError, match="begins after"):
        pause(resumed, local("2026-03-03 10:59:59"), "site closed", "centre")


# Extensions


@pytest.mark.parametrize(
    ("budget", "more", "due"),
    [
        (Budget.working_hours(3), Budget.working_hours(2), "2026-03-03 15:00"),
        (Budget.working_hours(3), Budget.working_days(1), "2026-03-04 17:00"),
        (Budget.working_days(3), Budget.working_days(2), "2026-03-10 17:00"),
        (Budget.working_days(3), Budget.working_hours(2), "2026-03-09 11:00"),
    ],
)
def test_an_extension_adds_to_what_was_due(budget: Budget, more: Budget, due: str) -> None:
    deadline = start(budget, local("2026-03-03 09:00"), WORK)
    extension = granted("2026-03-03 10:00", more)
    extended = extend(deadline, extension, WORK)
    assert extended.due == local(due)
    assert extended.extensions == (extension,)


def test_a_working_clock_is_not_extended_by_the_wall() -> None:
    deadline = start(Budget.working_days(3), local("2026-03-03 09:00"), WORK)
    with pytest.raises(ValueError, match="by the wall"):
        extend(deadline, granted("2026-03-03 10:00", Budget.hours(1)), WORK)


def test_an_extension_is_not_granted_before_the_start() -> None:
    deadline = start(Budget.working_days(3), local("2026-03-03 09:00"), WORK)
    with pytest.raises(ValueError, match="after the start"):
        extend(deadline, granted("2026-03-03 08:59", Budget.working_days(1)), WORK)


def test_an_extension_may_be_granted_from_the_start_on() -> None:
    deadline = start(Budget.working_days(3), local("2026-03-03 09:00"), WORK)
    at_once = granted("2026-03-03 09:00", Budget.working_days(1))
    assert extend(deadline, at_once, WORK).due == local("2026-03-09 17:00")


def test_W_06_extensions_add_up_and_are_kept_with_their_reasons() -> None:
    deadline = start(Budget.working_days(3), local("2026-03-03 09:00"), WORK)
    two = [granted(f"2026-03-0{day} 10:00", Budget.working_days(1)) for day in (3, 4)]
    extended = extend(extend(deadline, two[0], WORK), two[1], WORK)
    assert extended.extensions == tuple(two)
    assert extended.due == local("2026-03-10 17:00")


def test_the_ledger_counts_in_the_order_it_happened() -> None:
    one_day, hour = Budget.working_days(1), ("2026-03-03 10:00", "2026-03-03 11:00")
    deadline = start(one_day, local("2026-03-03 09:00"), WORK)
    pause_first = extend(paused(deadline, *hour), granted("2026-03-03 11:30", one_day), WORK)
    # Due on the 5th at 10:00 after the pause, so the day more is the 6th.
    assert pause_first.due == local("2026-03-06 17:00")
    extended = extend(deadline, granted("2026-03-03 09:30", one_day), WORK)
    # Due on the 5th at the close, so the hour back falls on the 6th.
    assert paused(extended, *hour).due == local("2026-03-06 10:00")


def test_a_pause_counts_when_it_ends() -> None:
    one_day = Budget.working_days(1)
    deadline = start(one_day, local("2026-03-03 09:00"), WORK)
    stopped = pause(deadline, local("2026-03-03 10:00"), "site closed", "centre")
    extended = extend(stopped, granted("2026-03-03 10:30", one_day), WORK)
    assert resume(extended, local("2026-03-03 11:00"), WORK).due == local("2026-03-06 10:00")


def test_an_extension_at_the_end_of_a_pause_adds_to_what_is_due_after_it() -> None:
    one_day = Budget.working_days(1)
    deadline = start(one_day, local("2026-03-03 09:00"), WORK)
    resumed = paused(deadline, "2026-03-03 10:00", "2026-03-03 11:00")
    extended = extend(resumed, granted("2026-03-03 11:00", one_day), WORK)
    assert extended.due == local("2026-03-06 17:00")


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
    one, two = (worked_seconds(*times[n : n + 2], WORK) for n in (0, 1))
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


# What holds for every deadline

# Hypothesis takes naive bounds and adds the offset itself.
instants = st.datetimes(
    min_value=datetime(2024, 12, 1),  # noqa: DTZ001
    max_value=datetime(2027, 2, 28),  # noqa: DTZ001
    timezones=st.just(EAST_EIGHT),
)
working_budgets = st.one_of(
    st.integers(1, 40).map(Budget.working_days),
    st.integers(1, 300 * HOUR).map(lambda n: Budget(pace=Pace.WORKING_HOURS, amount=n)),
)
gaps = st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(days=20))
ledgers = st.lists(st.tuples(gaps, st.one_of(st.none(), working_budgets)), max_size=6)


def lived(
    budget: Budget, at: datetime, ledger: list[tuple[timedelta, Budget | None]], work: WorkTime
) -> Deadline:
    """A deadline to which all this happened: an extension, or else a pause and its end in turn."""
    deadline = start(budget, at, work)
    for gap, more in ledger:
        at += gap
        if more is not None:
            extension = Extension(at=at, budget=more, reason="-", approved_by="-")
            deadline = extend(deadline, extension, work)
        elif deadline.paused:
            deadline = resume(deadline, at, work)
        else:
            deadline = pause(deadline, at, "-", "-")
    return deadline


class Watched:
    """The national calendar, noting the days it was asked about."""

    valid_through = WORK.days.valid_through
    certain_through = WORK.days.certain_through

    def __init__(self) -> None:
        self.asked: set[date] = set()

    def is_working(self, day: date) -> bool:
        self.asked.add(day)
        return WORK.days.is_working(day)

    def as_known_through(self, end: date) -> WorkingDays:
        return WORK.days.as_known_through(end)


def in_a_session(at: datetime) -> bool:
    clock = at.astimezone(EAST_EIGHT)
    return WORK.days.is_working(clock.date()) and any(
        opens < clock.time() <= closes for opens, closes in SESSIONS
    )


def seconds_one_by_one(since: datetime, until: datetime) -> int:
    """The slow way to count, which cannot be wrong about the edges."""
    whole = int((until - since).total_seconds())
    ends = (since + timedelta(seconds=passed) for passed in range(1, whole + 1))
    return sum(map(in_a_session, ends))


@given(working_budgets, instants, ledgers, gaps, gaps)
def test_W_06_pause_and_resume_shift_by_exactly_the_paused_working_time(
    budget: Budget,
    at: datetime,
    ledger: list[tuple[timedelta, Budget | None]],
    before: timedelta,
    length: timedelta,
) -> None:
    earlier = lived(budget, at, ledger, WORK)
    since = at + sum((gap for gap, _ in ledger), before)
    if earlier.paused:
        earlier = resume(earlier, since, WORK)
    until = since + length
    later = resume(pause(earlier, since, "-", "-"), until, WORK)
    taken = worked_seconds(since, until, WORK)
    assert worked_seconds(earlier.due, later.due, WORK) == taken
    assert later.due == shift(earlier.due, taken, WORK)


@given(working_budgets, instants, ledgers)
def test_computing_again_by_the_same_calendar_changes_nothing(
    budget: Budget, at: datetime, ledger: list[tuple[timedelta, Budget | None]]
) -> None:
    deadline = lived(budget, at, ledger, WORK)
    assert reproject(deadline, WORK) == deadline


@given(working_budgets, instants, ledgers)
def test_computing_again_when_the_notice_is_loaded_is_as_if_it_had_been_there(
    budget: Budget, at: datetime, ledger: list[tuple[timedelta, Budget | None]]
) -> None:
    assumed = lived(budget, at, ledger, BEFORE_THE_NOTICE)
    assert reproject(assumed, WORK) == lived(budget, at, ledger, WORK)


@given(working_budgets, instants, ledgers)
def test_it_is_provisional_exactly_when_a_day_past_the_notice_was_asked_about(
    budget: Budget, at: datetime, ledger: list[tuple[timedelta, Budget | None]]
) -> None:
    deadline = lived(budget, at, ledger, WORK)
    watched = Watched()
    assert reproject(deadline, WorkTime(days=watched)) == deadline
    assert deadline.provisional == (max(watched.asked) > watched.certain_through)


@given(working_budgets, instants, ledgers)
def test_it_is_due_within_or_at_the_end_of_a_session(
    budget: Budget, at: datetime, ledger: list[tuple[timedelta, Budget | None]]
) -> None:
    assert in_a_session(lived(budget, at, ledger, WORK).due)


@given(working_budgets, instants, instants)
def test_what_starts_later_is_not_due_earlier(budget: Budget, one: datetime, two: datetime) -> None:
    first, second = (start(budget, at, WORK).due for at in sorted((one, two)))
    assert first <= second


@given(working_budgets, instants, st.integers(1, 100))
def test_more_budget_is_due_later(budget: Budget, at: datetime, more: int) -> None:
    longer = replace(budget, amount=budget.amount + more)
    assert start(budget, at, WORK).due < start(longer, at, WORK).due


@given(st.lists(instants, min_size=3, max_size=3))
def test_working_time_adds_up(times: list[datetime]) -> None:
    since, between, until = sorted(times)
    whole = worked_seconds(since, until, WORK)
    assert whole == worked_seconds(since, between, WORK) + worked_seconds(between, until, WORK)


@given(instants, st.integers(0, 400 * HOUR))
def test_a_shift_takes_exactly_its_working_time(at: datetime, seconds: int) -> None:
    assert worked_seconds(at, shift(at, seconds, WORK), WORK) == seconds


@given(instants, st.integers(0, 300 * HOUR), st.integers(0, 300 * HOUR))
def test_shifts_add_up(at: datetime, one: int, two: int) -> None:
    assert shift(shift(at, one, WORK), two, WORK) == shift(at, one + two, WORK)


EDGES = [
    f"{day} {clock}"
    for day in ("2026-02-13", "2026-02-14", "2026-02-15")
    for clock in ("00:00:00", "08:59:58", "11:59:58", "12:59:59", "16:59:58", "23:59:59")
]


@pytest.mark.parametrize("since", EDGES)
@pytest.mark.parametrize("length", [0, 1, 2, 3, 3 * HOUR, 17 * HOUR + 7])
def test_working_time_is_what_counting_second_by_second_gives(since: str, length: int) -> None:
    until = local(since) + timedelta(seconds=length)
    expected = seconds_one_by_one(local(since), until)
    assert worked_seconds(local(since), until, WORK) == expected


@given(instants, st.integers(0, 10**9))
def test_the_wall_is_only_the_wall(at: datetime, seconds: int) -> None:
    deadline = start(Budget(pace=Pace.WALL, amount=seconds + 1), at, WORK)
    assert deadline.due - at == timedelta(seconds=seconds + 1)
    assert reproject(deadline, BEFORE_THE_NOTICE) == deadline
