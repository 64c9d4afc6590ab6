"""W-17: an answered case is opened again by its street, within fifteen days of the answer."""

from typing import Any

import pytest

from chassis.kernel.clock import Budget, Deadline
from chassis.kernel.errors import Malformed, NotAllowed
from services.whistle.domain import competence, judging
from services.whistle.domain.course import Status
from services.whistle.domain.events import WhistleReopened
from services.whistle.domain.task import Outcome, Result
from services.whistle.steps.whistles import next_due
from tests.support.specification import past

from .cases import (
    ANSWERED,
    CENTRE,
    COMMUNITY,
    LADDER,
    NUMBERS,
    POLICY,
    STREET,
    WORK,
    at,
    done,
    filed,
    given,
    grid_80,
    street_90,
    verified,
)
from .cases import UNITS as REGISTER

UNITS = ("water", "transport", "health")
AGAIN = Deadline(
    started=at("03-11 10:00"),
    budget=Budget.working_days(5),
    due=at("03-18 17:00"),
    provisional=False,
)
reopened = WhistleReopened(reason="又漏了", handling=(AGAIN, AGAIN, AGAIN), keeps=True)


def reopen(by: str = STREET, reason: str = "又漏了", when: str = "03-11 10:00") -> Any:
    return lambda w: w.reopen(by=by, reason=reason, policy=NUMBERS, now=at(when), work=WORK)


def test_W_17_a_reopened_whistle_is_dispatched_again_with_new_handling_clocks() -> None:
    whistle = given(*ANSWERED).when(reopen()).then(reopened).state
    assert whistle.status is Status.DISPATCHED
    for unit in UNITS:
        task = whistle.task(unit)
        assert (task.arrived, task.filed, task.returns) == (True, False, 0)
        assert task.handling.next_rung == at("03-18 17:00")
        assert len(task.rounds) == 2
    assert next_due(whistle) == at("03-18 17:00")


def test_W_08_a_reopened_whistle_is_assessed_afresh_as_one() -> None:
    whistle = given(*ANSWERED, reopened).state
    assert (whistle.word, whistle.marks, whistle.scores) == (None, (), ())


def test_W_17_fifteen_days_to_the_second() -> None:
    """It was answered on 10 March at ten."""
    given(*ANSWERED).when(reopen(when="03-25 10:00")).leads_to()
    given(*ANSWERED).when(reopen(when="03-25 10:00:01")).breaks("W-17")


@pytest.mark.parametrize("other", [CENTRE, COMMUNITY, "street:guandu", "department:water"])
def test_W_17_the_whistles_own_street_reopens(other: str) -> None:
    given(*ANSWERED).when(reopen(by=other)).refused(NotAllowed)


def test_W_17_a_reopening_says_why() -> None:
    given(*ANSWERED).when(reopen(reason=" ")).refused(Malformed, field="reason")


# A unit that is called in when it is handled again


def test_W_09_who_is_called_in_after_a_reopening_has_both_its_clocks_and_its_own_score() -> None:
    """Its time runs from its call, and not from the first dispatch or the reopening; it has to come, as the first
    ones had."""
    there = given(*ANSWERED, reopened)
    called = there.when(
        lambda w: competence.decline(
            w,
            unit="water",
            whose="justice",
            ground="属物业纠纷",
            units=REGISTER,
            policy=POLICY,
            now=at("03-12 10:00"),
            rungs=LADDER,
        )
    ).leads_to()
    justice = called.state.task("justice")
    assert (justice.arrival.deadline.due, justice.handling.deadline.due) == (
        at("03-13 17:00"),
        at("03-19 17:00"),
    )
    early = called.when(
        lambda w: w.file_result(
            unit="justice",
            result=Result(outcome=Outcome.RESOLVED, summary="已调解"),
            now=at("03-12 11:00"),
            rungs=LADDER,
        )
    )
    early.breaks("W-05", says="尚未报到")
    late = called.when(
        lambda w: w.arrive(unit="justice", now=at("03-13 17:00:01"), rungs=LADDER)
    ).leads_to()
    again = (filed(unit, "03-16 10:00") for unit in (*UNITS, "justice"))
    judged = past(late.state, late.evolve, (*again, done, verified, grid_80, street_90)).state
    assert judged.closed_at == at("03-10 10:00")
    scores = {one.unit: one for one in judging.scores(judged, NUMBERS.scoring, WORK)}
    assert (scores["justice"].score, scores["justice"].taken_off) == (7400, 10)
    assert (scores["water"].score, scores["water"].taken_off) == (8400, 0)
