"""W-02: what a community can't settle goes up to the street, as the same whistle, and is never dropped."""

from typing import Any

import pytest

from chassis.kernel.errors import Malformed, NotAllowed
from services.whistle.domain.events import Level, StreetSolves
from services.whistle.domain.whistle import Status
from services.whistle.main import next_due, whistle_keys

from .cases import (
    CALLED,
    CALLED_BELOW,
    CENTRE,
    COMMUNITY,
    HANDLED_BELOW,
    KNOWN,
    MONDAY,
    POLICY,
    RAISED,
    STREET,
    WORK,
    assigned,
    at,
    blown_below,
    called,
    came,
    escalated,
    given,
    not_done,
    registered,
)

solves = StreetSolves(leader="街道办副主任", office="liujia_safety")


def escalate(by: str = COMMUNITY, reason: str = "超出社区能力") -> Any:
    return lambda w: w.escalate(by=by, reason=reason)


def solve(by: str = STREET, leader: str = "街道办副主任") -> Any:
    return lambda w: w.solve(
        by=by, leader=leader, office="liujia_safety", policy=POLICY, now=MONDAY, work=WORK
    )


@pytest.mark.parametrize(
    "so_far",
    [
        CALLED_BELOW,
        (*CALLED_BELOW, came("haihua_seven")),
        HANDLED_BELOW,
        (*HANDLED_BELOW, not_done),
    ],
    ids=["dispatched", "arrived", "handled", "not done"],
)
def test_W_02_the_same_whistle_goes_back_to_blown_at_street_level(so_far: tuple[Any, ...]) -> None:
    whistle = given(*so_far).when(escalate()).then(escalated).state
    assert (whistle.status, whistle.level) == (Status.BLOWN, Level.STREET)
    assert (whistle.blower, whistle.problem, whistle.word) == (COMMUNITY, "p-1", None)
    assert whistle.authority == CENTRE


def test_W_02_only_the_community_that_blew_escalates_and_says_why() -> None:
    given(*CALLED_BELOW).when(escalate(by=STREET)).refused(NotAllowed)
    given(*CALLED_BELOW).when(escalate(by="community:haixiang")).refused(NotAllowed)
    given(*CALLED_BELOW).when(escalate(reason=" ")).refused(Malformed, field="reason")


def test_W_02_a_street_whistle_goes_no_higher() -> None:
    given(*CALLED).when(escalate(by=STREET)).breaks("W-02")


def test_W_02_the_clocks_of_those_called_before_stop() -> None:
    whistle = given(*RAISED).state
    assert (whistle.tasks, whistle.calendar, next_due(whistle)) == ((), None, None)
    assert not whistle_keys(whistle)["overdue"]


def test_W_02_the_street_solves_it_with_a_named_leader_and_office() -> None:
    there = given(*RAISED).when(solve())
    happened = there.happened
    assert happened[:2] == (solves, registered)
    dispatched = happened[2]
    assert dispatched.tasks == (assigned("liujia_safety", lead=True),)
    assert (dispatched.policy, dispatched.calendar) == (3, KNOWN)
    whistle = there.leads_to().state
    assert (whistle.status, whistle.solver) == (Status.DISPATCHED, "街道办副主任")
    assert (whistle.summoned, whistle.lead) == (("liujia_safety",), "liujia_safety")


def test_W_02_who_answers_for_it_is_named() -> None:
    given(*RAISED).when(solve(leader=" ")).breaks(
        "W-02", clause="官办通〔2019〕80号 四.5", field="leader"
    )


@pytest.mark.parametrize("other", [CENTRE, COMMUNITY, "street:guandu"])
def test_W_02_the_whistles_own_street_decides_to_solve(other: str) -> None:
    given(*RAISED).when(solve(by=other)).refused(NotAllowed)


def test_W_02_or_it_goes_on_through_the_command_centre() -> None:
    there = given(*RAISED).when(lambda w: w.register(by=COMMUNITY))
    there.refused(NotAllowed)
    there = given(*RAISED).when(lambda w: w.register(by=CENTRE)).then(registered)
    again = there.when(
        lambda w: w.dispatch(by=CENTRE, policy=POLICY, now=at("03-02 10:00"), work=WORK)
    )
    assert again.leads_to().state.status is Status.DISPATCHED


def test_W_02_an_escalated_whistle_is_marked_by_the_centre_and_the_street() -> None:
    raised = given(*RAISED).state
    assert (raised.evaluator, raised.authority) == (CENTRE, CENTRE)
    below = given(blown_below).state
    assert (below.evaluator, below.authority) == (STREET, COMMUNITY)
    assert called.tasks[0].unit == "water"
