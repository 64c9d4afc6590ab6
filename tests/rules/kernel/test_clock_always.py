"""W-06: what must hold for every deadline."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.kernel.clock import (
    Budget,
    Deadline,
    Extension,
    Pace,
    WorkingDays,
    WorkTime,
    extend,
    pause,
    reproject,
    resume,
    shift,
    start,
    worked_seconds,
)

from .clocks import BEFORE_THE_NOTICE, EAST_EIGHT, HOUR, SESSIONS, WORK, local

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
    version = WORK.days.version
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
