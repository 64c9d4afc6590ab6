"""W-03 to W-05: the centre registers or rejects, dispatches; units come and file their own results."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel.errors import Malformed, NotAllowed, UnknownReference
from services.whistle.domain.course import Status
from services.whistle.domain.task import Outcome, Result

from .cases import (
    CALLED,
    CENTRE,
    COMMUNITY,
    HANDLED,
    LADDER,
    MONDAY,
    POLICY,
    STREET,
    WORK,
    at,
    blown,
    called,
    came,
    filed,
    given,
    registered,
    rejected,
    withdrawn,
)

OTHERS = (STREET, COMMUNITY, "department:water", "street:guandu", "district_admin", "")


def register(by: str) -> Any:
    return lambda w: w.register(by=by)


def reject(by: str = CENTRE, reason: str = "吹空哨") -> Any:
    return lambda w: w.reject(by=by, reason=reason, policy=POLICY)


def dispatch(by: str = CENTRE) -> Any:
    return lambda w: w.dispatch(by=by, policy=POLICY, now=MONDAY, work=WORK)


def arrive(unit: str, when: str = "03-02 15:00") -> Any:
    return lambda w: w.arrive(unit=unit, now=at(when), rungs=LADDER)


def file(unit: str, summary: str = "已修复渗漏段。", when: str = "03-05 11:00") -> Any:
    return lambda w: w.file_result(
        unit=unit,
        result=Result(outcome=Outcome.RESOLVED, summary=summary),
        now=at(when),
        rungs=LADDER,
    )


# The command centre


def test_W_03_the_centre_registers_and_dispatches() -> None:
    there = given(blown).when(register(CENTRE)).then(registered)
    assert there.state.status is Status.REGISTERED
    assert there.when(dispatch()).then(called).state.status is Status.DISPATCHED


@pytest.mark.parametrize("other", OTHERS)
def test_W_03_nobody_else_registers_rejects_or_dispatches(other: str) -> None:
    given(blown).when(register(other)).refused(NotAllowed)
    given(blown).when(reject(other)).refused(NotAllowed)
    given(blown, registered).when(dispatch(other)).refused(NotAllowed)


# An irregular whistle


def test_W_04_an_irregular_whistle_costs_its_blower_five_points() -> None:
    after = given(blown).when(reject()).then(rejected).state
    assert (after.status, after.cost) == (Status.REJECTED, 5)


def test_W_04_what_the_platform_blew_in_a_streets_name_costs_it_nothing() -> None:
    automatic = replace(blown, origin="agreement:a-1")
    after = given(automatic).when(reject()).then(replace(rejected, cost=0)).state
    assert (after.status, after.cost, after.irregular) == (Status.REJECTED, 0, False)
    assert given(blown, rejected).state.irregular
    assert not given(blown).state.irregular


def test_W_04_a_rejection_says_why() -> None:
    given(blown).when(reject(reason=" ")).breaks(
        "W-04", clause="官办通〔2019〕80号 五.17", field="reason"
    )


def test_W_04_a_regular_whistle_costs_nothing() -> None:
    assert given(*HANDLED).state.cost == 0


# Withdrawing


@pytest.mark.parametrize("so_far", [(blown,), (blown, registered)], ids=["blown", "registered"])
def test_W_17_the_blowing_unit_withdraws_before_dispatch(so_far: tuple[Any, ...]) -> None:
    after = given(*so_far).when(lambda w: w.withdraw(by=STREET, reason="已自行解决"))
    assert after.then(withdrawn).state.status is Status.WITHDRAWN


def test_W_17_only_the_blowing_unit_withdraws_and_says_why() -> None:
    given(blown).when(lambda w: w.withdraw(by=CENTRE, reason="-")).refused(NotAllowed)
    given(blown).when(lambda w: w.withdraw(by=STREET, reason="")).refused(Malformed, field="reason")


# Coming


def test_W_05_every_unit_has_its_own_arrival_and_the_lead_makes_it_arrived() -> None:
    there = given(*CALLED).when(arrive("transport")).then(came("transport"))
    assert there.state.status is Status.DISPATCHED
    assert [task.arrived for task in there.state.tasks] == [False, True, False]
    there = there.when(arrive("water")).then(came("water"))
    assert there.state.status is Status.ARRIVED
    there = there.when(arrive("health")).then(came("health"))
    assert there.state.status is Status.ARRIVED


def test_W_05_a_unit_arrives_once() -> None:
    given(*CALLED, came("water")).when(arrive("water")).breaks("W-05")


@pytest.mark.parametrize("decide", [arrive("justice"), file("justice")])
def test_W_05_only_a_summoned_unit_comes(decide: Any) -> None:
    given(*CALLED).when(decide).refused(UnknownReference, field="unit")


# Results


def test_W_05_a_unit_files_its_result_only_after_its_own_arrival() -> None:
    given(*CALLED, came("water")).when(file("transport")).breaks("W-05")


def test_W_05_a_unit_may_file_before_the_lead_has_come() -> None:
    after = given(*CALLED, came("transport")).when(file("transport")).then(filed("transport"))
    assert after.state.status is Status.DISPATCHED
    assert after.state.task("transport").outcome is Outcome.RESOLVED


def test_W_05_a_result_is_filed_once_and_says_something() -> None:
    there = given(*CALLED, came("transport"))
    there.when(file("transport", " ")).refused(Malformed, field="summary")
    given(*CALLED, came("transport"), filed("transport")).when(file("transport")).breaks("W-05")


def test_W_05_handled_is_when_every_unit_has_filed() -> None:
    there = given(*CALLED, came("water"), came("transport"), came("health"), filed("water"))
    assert there.state.status is Status.ARRIVED
    there = there.when(file("transport")).then(filed("transport"))
    assert there.state.status is Status.ARRIVED
    there = there.when(file("health")).then(filed("health"))
    assert there.state.status is Status.HANDLED


def test_W_05_the_outcome_is_that_of_the_lead() -> None:
    so_far = (*CALLED, came("water"), came("transport"), came("health"))
    assert given(*so_far).state.outcome is None
    cannot = filed("water", outcome=Outcome.CANNOT_ACT)
    whistle = given(*so_far, filed("transport"), cannot, filed("health")).state
    assert whistle.outcome is Outcome.CANNOT_ACT
