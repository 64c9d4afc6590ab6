"""W-06 and W-07: when each kind is due, that a miss is recorded once, and who hears of it when."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from services.whistle.domain.course import Status
from services.whistle.domain.events import (
    DeadlineMissed,
    Kind,
    MissEscalated,
)
from services.whistle.domain.evolution import evolve
from services.whistle.domain.task import Which
from services.whistle.domain.whistle import Whistle
from services.whistle.steps.whistles import keys as whistle_keys
from services.whistle.steps.whistles import next_due
from tests.support.specification import Given

from .cases import (
    ANSWERED,
    ARRIVE_BY,
    CALLED,
    CENTRE,
    HANDLE_BY,
    HANDLED,
    LADDER,
    POLICY,
    SECOND,
    WORK,
    at,
    blown,
    called,
    came,
    filed,
    given,
    missed_arrival,
    missed_handling,
    paused_pair,
    registered,
    state,
)

ALONE = replace(called, tasks=called.tasks[:1])
"""Only `water` is called, so that the ladder of one unit is seen by itself."""
ONE = (replace(blown, summoned=("water",)), registered, ALONE)
ARRIVED_LATE = DeadlineMissed(
    unit="water", which=Which.ARRIVAL, due=ARRIVE_BY, next_rung=at("03-04 17:00")
)


def fire(now: datetime) -> Any:
    return lambda w: w.fire(now=now, rungs=LADDER)


def told(which: Which, to: str, next_rung: str | None) -> MissEscalated:
    following = at(next_rung) if next_rung else None
    return MissEscalated(unit="water", which=which, to=to, next_rung=following)


# By kind

DUE = [
    ("emergency", "03-02 10:00", "03-02 10:30", "03-03 10:00"),
    ("emergency", "03-07 23:45", "03-08 00:15", "03-08 23:45"),
    ("tackle", "03-02 10:00", "03-02 15:00", "03-16 17:00"),
    ("tackle", "2026-02-13 15:00", "2026-02-14 11:00", "2026-03-05 17:00"),
    ("problem", "03-02 10:00", "03-03 17:00", "03-09 17:00"),
    ("problem", "03-06 10:00", "03-09 17:00", "03-13 17:00"),
    ("service", "03-02 10:00", "03-04 17:00", "03-11 17:00"),
    ("service", "2025-09-26 17:00", "2025-09-29 17:00", "2025-10-13 17:00"),
]


@pytest.mark.parametrize(("kind", "dispatched", "arrive_by", "handle_by"), DUE)
def test_W_06_both_clocks_start_at_dispatch_by_kind(
    kind: str, dispatched: str, arrive_by: str, handle_by: str
) -> None:
    whistle = given(replace(blown, kind=Kind(kind)), registered).when(
        lambda w: w.dispatch(by=CENTRE, policy=POLICY, now=at(dispatched), work=WORK)
    )
    for task in whistle.leads_to().state.tasks:
        assert task.arrival.deadline.started == task.handling.deadline.started == at(dispatched)
        assert task.arrival.deadline.due == at(arrive_by)
        assert task.handling.deadline.due == at(handle_by)
        assert not task.handling.deadline.provisional


# A miss


def test_W_06_it_is_not_late_at_the_very_deadline() -> None:
    given(*ONE).when(fire(ARRIVE_BY)).then()


def test_W_06_missed_deadline_is_recorded_once() -> None:
    there = given(*ONE).when(fire(ARRIVE_BY + SECOND)).then(missed_arrival)
    there.when(fire(ARRIVE_BY + SECOND)).then()
    there.when(fire(at("03-04 16:59:59"))).then()


def test_W_07_every_unit_misses_for_itself() -> None:
    happened = given(*CALLED, came("transport")).when(fire(ARRIVE_BY + SECOND)).happened
    assert happened == (missed_arrival, replace(missed_arrival, unit="health"))


def test_W_07_every_deadline_is_missed_for_itself() -> None:
    at_the_top = (
        told(Which.ARRIVAL, "head", "03-05 17:00"),
        told(Which.ARRIVAL, "linked_leader", "03-09 17:00"),
        told(Which.ARRIVAL, "discipline", None),
    )
    there = given(*ONE, missed_arrival, *at_the_top)
    there.when(fire(HANDLE_BY)).then()
    there.when(fire(HANDLE_BY + SECOND)).then(missed_handling)


def test_W_07_a_miss_stands_whatever_happens_after() -> None:
    whistle = given(*ONE, missed_arrival, came("water", "03-05 09:00")).state
    assert whistle.task("water").arrival.missed
    whistle = evolve(whistle, filed("water"))
    assert whistle.task("water").arrival.missed


# The ladder


@pytest.mark.parametrize(
    ("so_far", "which", "rungs"),
    [
        (
            (missed_arrival,),
            Which.ARRIVAL,
            [
                ("head", "03-04 17:00", "03-05 17:00"),
                ("linked_leader", "03-05 17:00", "03-09 17:00"),
                ("discipline", "03-09 17:00", None),
            ],
        ),
        (
            (came("water"), missed_handling),
            Which.HANDLING,
            [
                ("head", "03-10 17:00", "03-11 17:00"),
                ("linked_leader", "03-11 17:00", "03-13 17:00"),
                ("discipline", "03-13 17:00", None),
            ],
        ),
    ],
    ids=["arrival", "handling"],
)
def test_W_06_each_rung_is_told_once_at_the_end_of_its_working_day(
    so_far: tuple[Any, ...], which: Which, rungs: list[tuple[str, str, str | None]]
) -> None:
    there: Given[Whistle] = given(*ONE, *so_far)
    for to, when, following in rungs:
        there.when(fire(at(when) - SECOND)).then()
        there = there.when(fire(at(when))).then(told(which, to, following))
        there.when(fire(at(when))).then()
    assert there.state.task("water").clock(which).wakes_at is None


def test_W_06_rungs_count_working_days_only() -> None:
    """A problem dispatched on Thursday is due on Friday; its head hears on Monday."""
    thursday = given(ONE[0], registered).when(
        lambda w: w.dispatch(by=CENTRE, policy=POLICY, now=at("03-05 10:00"), work=WORK)
    )
    missed = thursday.leads_to().when(fire(at("03-06 17:00:01"))).happened
    assert missed == (
        DeadlineMissed(
            unit="water",
            which=Which.ARRIVAL,
            due=at("03-06 17:00"),
            next_rung=at("03-09 17:00"),
        ),
    )


def test_W_06_after_a_week_without_a_scheduler_every_rung_is_still_told_in_order() -> None:
    there, heard = given(*ONE, came("water")), []
    for _ in range(5):
        decision = there.when(fire(at("03-20 09:00")))
        heard += [getattr(event, "to", "unit") for event in decision.happened]
        there = decision.leads_to()
    assert heard == ["unit", "head", "linked_leader", "discipline"]


# What ends a ladder


def test_W_06_a_late_arrival_records_its_miss_when_no_scheduler_has() -> None:
    late = ARRIVE_BY + SECOND
    there = given(*ONE).when(lambda w: w.arrive(unit="water", now=late, rungs=LADDER))
    after = there.then(missed_arrival, replace(came("water"), at=late))
    assert after.state.task("water").arrival.missed


def test_W_06_an_arrival_at_the_very_deadline_is_in_time() -> None:
    there = given(*ONE).when(lambda w: w.arrive(unit="water", now=ARRIVE_BY, rungs=LADDER))
    after = there.then(replace(came("water"), at=ARRIVE_BY))
    assert not after.state.task("water").arrival.missed


def test_W_06_a_recorded_miss_is_not_recorded_again_by_arriving() -> None:
    late = at("03-04 09:00")
    there = given(*ONE, missed_arrival)
    there.when(lambda w: w.arrive(unit="water", now=late, rungs=LADDER)).then(
        replace(came("water"), at=late)
    )


def test_W_06_a_unit_later_than_both_deadlines_misses_both() -> None:
    late = at("03-10 09:00")
    given(*ONE).when(lambda w: w.arrive(unit="water", now=late, rungs=LADDER)).then(
        missed_arrival, missed_handling, replace(came("water"), at=late)
    )


def test_W_06_a_late_result_records_its_miss() -> None:
    given(*CALLED, came("water")).when(
        lambda w: w.file_result(
            unit="water",
            result=filed("water").result,
            now=HANDLE_BY + SECOND,
            rungs=LADDER,
        )
    ).then(missed_handling, replace(filed("water"), at=HANDLE_BY + SECOND))


def test_W_06_the_arrival_ladder_stops_with_the_arrival() -> None:
    there = given(*ONE, missed_arrival, came("water", "03-04 09:00"))
    there.when(fire(at("03-09 17:00"))).then()
    assert next_due(there.state) == HANDLE_BY


def test_W_06_all_ladders_stop_when_every_unit_has_filed() -> None:
    there = given(*HANDLED)
    there.when(fire(at("2026-12-01 10:00"))).then()
    assert next_due(there.state) is None


@pytest.mark.parametrize("so_far", [(*CALLED[:2],), ANSWERED], ids=["registered", "answered"])
def test_W_06_nothing_fires_where_nothing_is_owed(so_far: tuple[Any, ...]) -> None:
    given(*so_far).when(fire(at("2026-12-01 10:00"))).then()


@pytest.mark.parametrize("status", ["blown", "verified", "answered", "withdrawn"])
def test_W_06_only_a_called_whistle_fires(status: str) -> None:
    over = replace(state(CALLED), status=Status(status))
    assert over.fire(now=at("2026-12-01 10:00"), rungs=LADDER) == ()
    assert next_due(over) is None


def test_W_06_a_paused_clock_never_fires() -> None:
    paused = [replace(moved, unit="water") for moved in paused_pair]
    there = given(*ONE, *paused)
    there.when(fire(at("2026-12-01 10:00"))).then()
    assert next_due(there.state) is None


# When to look again, and what is shown


def test_W_06_the_next_rung_is_the_earliest_of_all_units() -> None:
    assert next_due(state(CALLED)) == ARRIVE_BY
    assert next_due(state((*CALLED, came("water"), came("health")))) == ARRIVE_BY
    everybody = (came("water"), came("health"), came("transport"))
    assert next_due(state((*CALLED, *everybody))) == HANDLE_BY
    assert next_due(state((*CALLED, *everybody, missed_handling))) == HANDLE_BY
    assert next_due(state((*ONE, came("water"), missed_handling))) == at("03-10 17:00")
    assert next_due(state(CALLED[:2])) is None


def test_W_07_a_missed_running_deadline_is_shown_as_overdue() -> None:
    assert not whistle_keys(state(ONE))["overdue"]
    assert whistle_keys(state((*ONE, missed_arrival)))["overdue"]
    assert not whistle_keys(state((*ONE, missed_arrival, came("water", "03-04 09:00"))))["overdue"]
    late = (came("water"), missed_handling)
    assert whistle_keys(state((*ONE, *late)))["overdue"]
    assert not whistle_keys(state((*ONE, *late, filed("water", "03-10 10:00"))))["overdue"]
