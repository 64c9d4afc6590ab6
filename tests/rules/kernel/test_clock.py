"""W-06 counts working time: what is due when, by value."""

from datetime import UTC, datetime, time

import pytest

from chassis.kernel.clock import (
    Budget,
    Pace,
    WorkTime,
    extend,
    is_past,
    pause,
    reproject,
    resume,
    shift,
    start,
    working_days_after,
)

from .clocks import HOUR, WORK, granted, local, paused

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


def test_what_a_clock_that_is_behind_says_to_be_earlier_takes_no_time() -> None:
    deadline = start(Budget.working_hours(3), local("2026-03-03 09:00"), WORK)
    before = pause(deadline, local("2026-03-03 08:59:30"), "site closed", "centre")
    assert before.pauses[0].since == deadline.started
    stopped = pause(deadline, local("2026-03-03 10:00"), "site closed", "centre")
    resumed = resume(stopped, local("2026-03-03 09:59:30"), WORK)
    assert (resumed.due, resumed.pauses[0].until) == (deadline.due, local("2026-03-03 10:00"))
    again = pause(resumed, local("2026-03-03 09:59:40"), "site closed", "centre")
    assert again.pauses[1].since == local("2026-03-03 10:00")


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


def test_an_extension_that_a_clock_behind_grants_before_the_start_is_granted_with_it() -> None:
    deadline = start(Budget.working_days(3), local("2026-03-03 09:00"), WORK)
    extended = extend(deadline, granted("2026-03-03 08:59", Budget.working_days(1)), WORK)
    assert extended.extensions[0].at == deadline.started
    assert extended.due == start(Budget.working_days(4), deadline.started, WORK).due


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
