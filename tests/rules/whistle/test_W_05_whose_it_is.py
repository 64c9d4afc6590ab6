"""W-05: what a dispute about whose it is leaves behind, guard by guard; W-07: nothing missed is lost by it."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel.errors import Malformed, RuleBroken, UnknownReference
from services.whistle.domain import competence, waiting
from services.whistle.domain.course import Status
from services.whistle.domain.events import ResultFiled, WhistleReopened, WhistleReturned
from services.whistle.domain.task import Outcome, Result, Which, honest
from services.whistle.steps.whistles import next_due
from tests.support.specification import past

from .cases import (
    ARRIVE_BY,
    CENTRE,
    HANDLE_BY,
    HANDLING,
    LADDER,
    NUMBERS,
    POLICY,
    SECOND,
    STREET,
    UNITS,
    WORK,
    answered,
    assigned,
    at,
    blown,
    called,
    came,
    done,
    evaluated,
    filed,
    given,
    missed_handling,
    registered,
    state,
    verified,
)
from .test_W_05_outcomes_and_competence import ARRIVED, decided, decline, first, result, second

DECIDED = (*ARRIVED, second, decided)
THREE = (blown, registered, called, *(came(unit) for unit in ("water", "transport", "health")))


def decide(unit: str = "justice", reason: str = "物业服务合同纠纷") -> Any:
    return lambda w: competence.decide(
        w,
        by=CENTRE,
        unit=unit,
        reason=reason,
        units=UNITS,
        policy=POLICY,
        now=at("03-05 09:00"),
        rungs=LADDER,
    )


def not_ours(unit: str, whose: str, when: str = "03-05 11:00") -> ResultFiled:
    return ResultFiled(
        unit=unit, outcome=Outcome.NOT_OURS, summary="不属本单位", whose=whose, at=at(when)
    )


# Saying so


def test_W_07_who_says_late_that_it_is_not_theirs_has_missed_its_deadline() -> None:
    alone = ARRIVED[:4]
    late = given(*alone).when(decline(when=HANDLE_BY + SECOND)).happened
    assert late[0] == missed_handling and len(late) == 2
    [in_time] = given(*alone).when(decline(when=HANDLE_BY)).happened
    assert in_time.whose == "justice"


def test_W_05_while_the_centre_decides_nobody_passes_it_on() -> None:
    """Not even a unit that has not said so before: it would wind up the centre's clock again."""
    declined = (replace(first, whose="transport", call=None), replace(second, unit="transport"))
    pending = given(*THREE, *declined)
    with pytest.raises(RuleBroken, match="等待指挥中心裁定"):
        decline("health", "justice", at("03-04 11:00"))(pending.state)


def test_W_05_what_the_centre_has_decided_stands() -> None:
    with pytest.raises(RuleBroken, match="^指挥中心已裁定由哪个单位办理，不再提出。$"):
        decline("justice", "transport", at("03-05 10:00"))(state(DECIDED))


def test_W_05_the_centre_names_a_unit_of_the_register_and_says_why() -> None:
    pending = given(*ARRIVED, second)
    pending.when(decide("nobody")).refused(UnknownReference, field="unit")
    pending.when(decide(reason=" ")).refused(Malformed, field="reason")


# What is kept of it


def test_W_05_the_decision_is_on_record_with_its_time_and_who_is_released() -> None:
    whistle = state(DECIDED)
    when = at("03-05 09:00")
    assert whistle.decision is not None
    assert (whistle.decision.met_at, whistle.decided_at) == (when, when)
    water = whistle.task("water")
    assert (water.outcome, water.whose, water.handling.met_at) == (
        Outcome.NOT_OURS,
        "justice",
        when,
    )
    assert whistle.task("justice").whose is None


def test_W_05_who_declined_and_has_filed_keeps_its_own_result() -> None:
    own = filed("water", "03-04 15:00", Outcome.PARTLY_RESOLVED)
    whistle = given(*ARRIVED, second, own).when(decide()).leads_to().state
    assert whistle.task("water").outcome is Outcome.PARTLY_RESOLVED
    assert whistle.task("water").handling.met_at == at("03-04 15:00")


def test_W_05_every_word_of_a_result_is_kept() -> None:
    said: dict[str, Any] = {"ground": "《物业管理条例》第三条", "who_can": "业主大会"}
    there = given(*THREE).when(result(Outcome.CANNOT_ACT, **said)).leads_to()
    kept = there.state.task("water").rounds[-1].result
    assert kept == Result(outcome=Outcome.CANNOT_ACT, summary="经核查。", **said)
    there = given(*THREE).when(result(Outcome.NOT_OURS, whose="transport")).leads_to()
    assert there.state.task("water").whose == "transport"


# Handing it over


def test_W_05_the_lead_goes_over_only_from_the_lead_and_only_with_not_ours() -> None:
    after = given(*THREE, not_ours("transport", "health")).state
    assert (after.lead, after.task("transport").released) == ("water", True)
    resolved = replace(filed("water"), whose="transport")
    assert given(*THREE, resolved).state.lead == "water"
    after = given(*THREE, not_ours("water", "transport")).state
    assert (after.lead, after.outcome, after.status) == ("transport", None, Status.ARRIVED)


def test_W_05_a_case_is_not_handed_to_who_was_never_called_or_has_handed_it_on() -> None:
    there = given(*THREE)
    for whose in ("nobody", "justice", "water"):
        there.when(result(Outcome.NOT_OURS, whose=whose)).breaks("W-05", field="whose")
    gone = given(*THREE, not_ours("transport", "health"))
    gone.when(result(Outcome.NOT_OURS, whose="transport")).breaks("W-05", field="whose")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"outcome": Outcome.CANNOT_ACT}, "ground"),
        ({"outcome": Outcome.CANNOT_ACT, "ground": "第三条"}, "who_can"),
        ({"outcome": Outcome.NOT_OURS}, "whose"),
    ],
)
def test_W_05_what_an_outcome_needs_is_asked_for(said: dict[str, Any], field: str) -> None:
    """Left out altogether, not only left blank."""
    with pytest.raises(RuleBroken) as refusal:
        honest(Result(summary="经核查。", **said))
    assert (refusal.value.rule.id, refusal.value.field) == ("W-05", field)


def test_W_05_a_unit_has_an_arrival_and_a_handling_clock_and_no_other() -> None:
    with pytest.raises(Malformed) as refusal:
        state(DECIDED).task("water").clock(Which.COMPETENCE)
    assert refusal.value.field == "which"


def test_W_07_a_units_misses_are_those_of_its_arrival_and_of_every_round() -> None:
    """As the ledger counts them."""
    alone = replace(called, tasks=(assigned("water", lead=True),))
    late = given(replace(blown, summoned=("water",)), registered, alone).when(
        lambda w: w.arrive(unit="water", now=ARRIVE_BY + SECOND, rungs=LADDER)
    )
    there = late.leads_to()
    assert there.state.task("water").misses == 1
    there = past(there.state, there.evolve, [missed_handling, filed("water", "03-10 09:00")])
    again = there.when(
        lambda w: w.send_back(
            by=CENTRE, units=("water",), reason="-", now=at("03-10 10:00"), work=LADDER.work
        )
    ).leads_to()
    assert again.state.task("water").misses == 2


# What was never decided

UNRULED = (*ARRIVED, second, filed("water", "03-05 09:00"), filed("justice", "03-05 10:00"))


def test_W_05_what_every_unit_has_filed_on_is_not_ruled_on_when_it_is_handled_again() -> None:
    """It would be a deadline that the centre missed while there was nothing to decide."""
    there = given(*UNRULED, done)
    assert there.state.status is Status.HANDLED and there.state.disputed
    back = there.when(
        lambda w: w.send_back(
            by=CENTRE, units=("water",), reason="没有修好", now=at("03-12 10:00"), work=WORK
        )
    )
    closed = (verified, replace(evaluated, scores=evaluated.scores[:1]), answered)
    reopened = given(*UNRULED, done, *closed).when(
        lambda w: w.reopen(
            by=STREET, reason="又漏了", policy=NUMBERS, now=at("03-12 10:00"), work=WORK
        )
    )
    for again in (back, reopened):
        after = again.leads_to()
        assert not after.state.disputed and CENTRE not in waiting.of_whistle(after.state)
        assert next_due(after.state) == at("03-19 17:00")
        assert not after.when(lambda w: w.fire(now=at("03-12 11:00"), rungs=LADDER)).happened


def test_W_05_a_return_and_a_reopening_of_before_leave_the_ruling_that_they_left() -> None:
    returned = WhistleReturned(units=("water",), reason="没有修好", handling=(HANDLING,))
    assert given(*UNRULED, done, returned).state.disputed
    again = WhistleReopened(reason="又漏了", handling=(HANDLING, HANDLING))
    assert given(*UNRULED, done, verified, answered, again).state.disputed
