"""W-09 by worked examples: 0.6 G + 0.4 S − L, held between 0 and 100, in hundredths."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from chassis.kernel.clock import Budget, Deadline
from services.whistle.domain.assessment import mean_score, taken_off, unit_score
from services.whistle.domain.events import UnitScore
from services.whistle.domain.task import Clock, Round, Task, late_days, took

from .cases import ARRIVAL, ARRIVE_BY, HANDLE_BY, HANDLING, MONDAY, NUMBERS, WORK, at

EMERGENCY_BY = at("03-03 10:00")
EMERGENCY = Deadline(started=MONDAY, budget=Budget.hours(24), due=EMERGENCY_BY, provisional=False)
IN_TIME = at("03-02 15:00")


def met(deadline: Deadline, when: datetime) -> Clock:
    missed = when > deadline.due
    return Clock(deadline=deadline, met_at=when, rungs=int(missed), next_rung=deadline.due)


def did(*handled: str, came: datetime = IN_TIME, returns: int = 0, by: Deadline = HANDLING) -> Task:
    return Task(
        unit="water",
        lead=True,
        arrival=met(ARRIVAL, came),
        rounds=tuple(Round(clock=met(by, at(when))) for when in handled),
        returns=returns,
    )


def score(task: Task, grid: int, street: int) -> UnitScore:
    return unit_score(task, grid=grid, street=street, scoring=NUMBERS.scoring, work=WORK)


GOOD = "03-05 11:00"
LATE = at("03-03 17:00:01")

# G, S, task, the score in hundredths, points taken off
EXAMPLES = [
    (80, 90, did(GOOD), 8400, 0),
    (81, 92, did(GOOD), 8540, 0),
    (83, 77, did(GOOD), 8060, 0),
    (100, 0, did(GOOD), 6000, 0),
    (0, 100, did(GOOD), 4000, 0),
    (100, 100, did(GOOD), 10_000, 0),
    (80, 90, did(GOOD, came=LATE), 7400, 10),
    (80, 90, did("03-09 17:00:01"), 8200, 2),
    (80, 90, did("03-11 10:00"), 8000, 4),
    (80, 90, did(GOOD, returns=1), 6900, 15),
    (80, 90, did(GOOD, returns=3), 3900, 45),
    (80, 90, did("03-11 10:00", came=LATE, returns=2), 4000, 44),
    (80, 90, did("04-30 17:00"), 6400, 20),
    (80, 90, did("03-11 10:00", "03-11 10:00"), 7600, 8),
    (80, 90, did("03-20 10:00", "03-20 10:00"), 6400, 20),
    (20, 10, did(GOOD, returns=2), 0, 30),
    (0, 0, did(GOOD), 0, 0),
]


@pytest.mark.parametrize(("grid", "street", "task", "hundredths", "lost"), EXAMPLES)
def test_W_09_the_score_by_worked_examples(
    grid: int, street: int, task: Task, hundredths: int, lost: int
) -> None:
    assert score(task, grid, street) == UnitScore(unit="water", score=hundredths, taken_off=lost)


@for_any(st.integers(0, 100), st.integers(0, 100), st.integers(0, 9))
def test_W_09_the_score_is_held_between_0_and_100(grid: int, street: int, returns: int) -> None:
    assert 0 <= score(did(GOOD, returns=returns), grid, street).score <= 10_000


def test_W_09_no_policy_gives_more_than_100() -> None:
    generous = replace(NUMBERS.scoring, grid_percent=80)
    assert unit_score(did(GOOD), grid=100, street=100, scoring=generous, work=WORK).score == 10_000


# Late days of working time: seven hours are a day

LATE_DAYS = [
    ("03-09 17:00", 0),
    ("03-09 17:00:01", 1),
    ("03-09 23:00", 1),
    ("03-10 08:00", 1),
    ("03-10 09:00:01", 1),
    ("03-10 17:00", 1),
    ("03-11 09:00:01", 2),
    ("03-11 17:00", 2),
    ("03-13 17:00", 4),
    ("03-15 12:00", 4),
    ("03-16 09:00:01", 5),
]


@pytest.mark.parametrize(("when", "days"), LATE_DAYS)
def test_W_09_a_part_of_a_late_day_counts_as_a_day(when: str, days: int) -> None:
    assert late_days(met(HANDLING, at(when)), WORK) == days


LATE_BY_THE_WALL = [
    ("03-03 10:00", 0),
    ("03-03 10:00:01", 1),
    ("03-04 10:00", 1),
    ("03-04 10:00:01", 2),
    ("03-08 10:00", 5),
]


@pytest.mark.parametrize(("when", "days"), LATE_BY_THE_WALL)
def test_W_09_an_emergency_is_late_by_the_wall(when: str, days: int) -> None:
    assert late_days(met(EMERGENCY, at(when)), WORK) == days


def test_W_09_late_handling_costs_at_most_20_and_the_other_losses_come_on_top() -> None:
    task = did("04-30 17:00", came=LATE, returns=1)
    assert taken_off(task, NUMBERS.scoring, WORK) == 45


def test_W_09_what_is_not_yet_met_is_not_yet_late_handling() -> None:
    clock = Clock(deadline=HANDLING, rungs=1, next_rung=at("03-10 17:00"))
    assert late_days(clock, WORK) == 0


# The whistle's score

MEANS: list[tuple[Iterable[int], int]] = [
    ((), 0),
    ((8400,), 8400),
    ((8400, 8401), 8401),
    ((8400, 8400, 8401), 8400),
    ((8400, 8401, 8401), 8401),
    ((0, 0, 0, 0, 0, 1), 0),
    ((1, 0), 1),
]


@pytest.mark.parametrize(("scores", "mean"), MEANS)
def test_W_09_the_mean_is_rounded_half_up_at_hundredths(scores: Iterable[int], mean: int) -> None:
    given = tuple(UnitScore(unit=f"u{n}", score=one, taken_off=0) for n, one in enumerate(scores))
    assert mean_score(given) == mean


# How long it took


def test_W_09_durations_are_sums_over_the_rounds_by_the_wall_and_in_working_time() -> None:
    first = met(HANDLING, at("03-03 10:00"))
    again = met(
        Deadline(
            started=at("03-06 16:00"),
            budget=Budget.working_days(5),
            due=at("03-13 17:00"),
            provisional=False,
        ),
        at("03-09 10:00"),
    )
    both = took([first, again], WORK)
    # A day and 66 hours by the wall; 7 hours of work, and 1 + 1.
    assert (both.wall, both.working, both.on_time) == (324_000, 32_400, True)


def test_W_09_one_late_round_makes_the_handling_late() -> None:
    rounds = [met(HANDLING, at("03-09 17:00:01")), met(HANDLING, at("03-03 10:00"))]
    assert not took(rounds, WORK).on_time
    assert took([met(ARRIVAL, ARRIVE_BY), met(HANDLING, HANDLE_BY)], WORK).on_time
