"""Returns, verification and marks: who says whether it is done, and that both sides mark once (W-08, W-09)."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel.clock import Budget, Deadline
from chassis.kernel.errors import OURS, Malformed, NotAllowed, UnknownReference
from services.whistle.domain import judging
from services.whistle.domain.course import Status
from services.whistle.domain.events import Finding, Manner, Marker, MarkGiven, WhistleReturned
from services.whistle.domain.marks import Mark
from services.whistle.steps.whistles import next_due

from .cases import (
    CENTRE,
    COMMUNITY,
    EVALUATED,
    HANDLED,
    HANDLED_BELOW,
    LADDER,
    POLICY,
    STREET,
    VERIFIED,
    WORK,
    answered,
    at,
    done,
    evaluated,
    filed,
    given,
    grid_80,
    not_done,
    state,
    street_90,
    verified,
)

RETURNED_AT, AGAIN_BY = at("03-06 10:00"), at("03-13 17:00")
AGAIN = Deadline(
    started=RETURNED_AT, budget=Budget.working_days(5), due=AGAIN_BY, provisional=False
)
returned = WhistleReturned(
    units=("transport",), reason="路面没有恢复", handling=(AGAIN,), rated_anew=True
)


def word(by: str = STREET, ok: bool = True, text: str = "") -> Any:
    return lambda w: w.give_word(by=by, done=ok, what=text)


def verify(by: str = CENTRE) -> Any:
    return lambda w: w.verify(by=by)


def send_back(*units: str, by: str = CENTRE, reason: str = "路面没有恢复") -> Any:
    return lambda w: w.send_back(by=by, units=units, reason=reason, now=RETURNED_AT, work=WORK)


def mark(by: str, points: int, *findings: Finding) -> Any:
    return lambda w: judging.mark(w, by=by, points=points, findings=findings, policy=3)


def evaluate(by: str = CENTRE) -> Any:
    return lambda w: judging.evaluate(w, by=by, policy=POLICY, work=WORK)


def answer(by: str = STREET, text: str = "渗漏段已修复，三个月后复查。") -> Any:
    return lambda w: w.answer(by=by, answer=text, now=at("03-10 10:00"))


# The word of the blowing unit


def test_W_17_the_blowing_unit_gives_its_word_before_verifying() -> None:
    given(*HANDLED).when(verify()).breaks("W-17", clause=OURS)
    there = given(*HANDLED).when(word()).then(done)
    assert there.state.word is True
    assert there.when(verify()).then(verified).state.status is Status.VERIFIED


def test_W_17_a_not_done_is_explained_and_cannot_be_verified() -> None:
    given(*HANDLED).when(word(ok=False, text=" ")).refused(Malformed, field="said")
    there = given(*HANDLED).when(word(ok=False, text="仍在漏水")).then(not_done)
    there.when(verify()).breaks("W-17")


def test_W_17_a_word_may_be_taken_back() -> None:
    given(*HANDLED, done, not_done).when(verify()).breaks("W-17")
    given(*HANDLED, not_done, done).when(verify()).then(verified)


@pytest.mark.parametrize("other", [CENTRE, COMMUNITY, "street:guandu", "department:water"])
def test_W_17_the_word_is_the_blowing_units_alone(other: str) -> None:
    given(*HANDLED).when(word(other)).refused(NotAllowed)


@pytest.mark.parametrize("other", [STREET, COMMUNITY, "department:water"])
def test_W_03_the_centre_verifies_and_returns(other: str) -> None:
    given(*HANDLED, done).when(verify(other)).refused(NotAllowed)
    given(*HANDLED).when(send_back("transport", by=other)).refused(NotAllowed)


def test_W_02_below_the_community_verifies() -> None:
    given(*HANDLED_BELOW, done).when(verify(CENTRE)).refused(NotAllowed)
    given(*HANDLED_BELOW, done).when(verify(COMMUNITY)).then(verified)


# A return


def test_W_06_a_return_starts_a_new_handling_clock_for_those_named() -> None:
    there = given(*HANDLED, not_done).when(send_back("transport")).then(returned)
    whistle = there.state
    assert (whistle.status, whistle.word, whistle.returns) == (Status.DISPATCHED, None, 1)
    transport = whistle.task("transport")
    assert (transport.filed, transport.arrived, transport.returns) == (False, True, 1)
    assert transport.handling.next_rung == AGAIN_BY
    assert len(transport.rounds) == 2
    assert next_due(whistle) == AGAIN_BY


def test_W_05_the_units_not_named_keep_their_results() -> None:
    before, after = state(HANDLED), state((*HANDLED, returned))
    assert [after.task(unit) for unit in ("water", "health")] == [
        before.task(unit) for unit in ("water", "health")
    ]


def test_W_05_it_is_handled_again_when_those_named_have_filed() -> None:
    again = filed("transport", "03-10 09:00")
    there = given(*HANDLED, returned).when(
        lambda w: w.file_result(
            unit="transport",
            result=again.result,
            now=again.at,
            rungs=LADDER,
        )
    )
    after = there.then(again).state
    assert after.status is Status.HANDLED
    assert [task.returns for task in after.tasks] == [0, 1, 0]


def test_W_09_a_return_counts_once_for_each_unit_named() -> None:
    both = send_back("water", "health")
    after = given(*HANDLED).when(both).leads_to().state
    assert after.returns == 2
    assert [task.returns for task in after.tasks] == [1, 0, 1]


def test_W_09_a_unit_is_not_returned_twice_at_once() -> None:
    given(*HANDLED).when(send_back("water", "water")).refused(Malformed, field="units")


def test_W_05_a_return_names_units_that_were_summoned_and_says_why() -> None:
    given(*HANDLED).when(send_back()).refused(Malformed, field="units")
    given(*HANDLED).when(send_back("justice")).refused(UnknownReference, field="unit")
    given(*HANDLED).when(send_back("water", reason=" ")).refused(Malformed, field="reason")


# Marks


def test_W_09_the_centre_and_the_street_mark() -> None:
    found = (
        Finding(unit="water", manner=Manner.SLOW),
        Finding(unit="health", manner=Manner.RUDE),
    )
    rude = MarkGiven(by=Marker.STREET, points=90, findings=found, policy=3)
    there = given(*VERIFIED).when(mark(CENTRE, 80)).then(grid_80)
    there = there.when(mark(STREET, 90, *found)).then(rude)
    assert there.state.marks == (
        Mark(by=Marker.GRID, points=80, policy=3),
        Mark(by=Marker.STREET, points=90, findings=found, policy=3),
    )
    assert {manner.value for manner in Manner} == {"slow", "perfunctory", "rude"}


def test_W_09_a_finding_names_a_unit_that_was_called() -> None:
    stranger = Finding(unit="justice", manner=Manner.SLOW)
    given(*VERIFIED).when(mark(STREET, 90, stranger)).refused(UnknownReference, field="unit")


@pytest.mark.parametrize("other", [COMMUNITY, "street:guandu", "department:water"])
def test_W_09_nobody_else_marks(other: str) -> None:
    given(*VERIFIED).when(mark(other, 80)).refused(NotAllowed)


def test_W_09_below_the_centre_does_not_mark() -> None:
    below = given(*HANDLED_BELOW, done, verified)
    below.when(mark(CENTRE, 80)).refused(NotAllowed)
    below.when(mark(STREET, 90)).then(street_90)


@pytest.mark.parametrize("so_far", [(grid_80,), (street_90, grid_80)])
def test_W_08_one_whistle_one_assessment_by_each_side(so_far: tuple[Any, ...]) -> None:
    given(*VERIFIED, *so_far).when(mark(CENTRE, 95)).breaks("W-08")


@pytest.mark.parametrize("points", [-1, 101])
def test_W_09_a_mark_is_from_0_to_100(points: int) -> None:
    given(*VERIFIED).when(mark(CENTRE, points)).refused(Malformed, field="points")


@pytest.mark.parametrize("points", [0, 100])
def test_W_09_0_and_100_are_marks(points: int) -> None:
    given(*VERIFIED).when(mark(CENTRE, points)).then(replace(grid_80, points=points))


# Evaluating and answering


@pytest.mark.parametrize("so_far", [(), (grid_80,), (street_90,)])
def test_W_09_both_marks_are_needed(so_far: tuple[Any, ...]) -> None:
    given(*VERIFIED, *so_far).when(evaluate()).breaks("W-09")


def test_W_09_the_centre_evaluates_at_street_level() -> None:
    given(*VERIFIED, grid_80, street_90).when(evaluate(STREET)).refused(NotAllowed)
    there = given(*VERIFIED, grid_80, street_90).when(evaluate())
    after = there.then(evaluated).state
    assert (after.status, after.scores) == (Status.EVALUATED, evaluated.scores)


def test_W_09_below_the_street_alone_evaluates() -> None:
    below = (*HANDLED_BELOW, done, verified)
    given(*below, street_90).when(evaluate(CENTRE)).refused(NotAllowed)
    given(*below, street_90).when(evaluate(COMMUNITY)).refused(NotAllowed)
    given(*below).when(evaluate(STREET)).breaks("W-09")
    [happened] = given(*below, street_90).when(evaluate(STREET)).happened
    assert [(score.unit, score.score) for score in happened.scores] == [("haihua_seven", 9000)]
    assert happened.policy == 3


def test_W_17_the_blowing_unit_answers() -> None:
    given(*EVALUATED).when(answer(CENTRE)).refused(NotAllowed)
    given(*EVALUATED).when(answer(text=" ")).refused(Malformed, field="answer")
    after = given(*EVALUATED).when(answer()).then(answered).state
    assert (after.status, after.answered_at) == (Status.ANSWERED, at("03-10 10:00"))
