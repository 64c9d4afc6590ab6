"""W-07 and W-05: what lists, schedulers and reports find a whistle by, and that a unit acts for itself alone."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel.errors import NotAllowed, NotFound
from chassis.lists import moment
from services.whistle.domain import judging
from services.whistle.domain.events import DeadlineMissed, UnitScore
from services.whistle.domain.evolution import evolve as evolve_whistle
from services.whistle.domain.task import Outcome, Which
from services.whistle.domain.unit import UnitEntered, UnitKind, evolve
from services.whistle.steps.problems import PROBLEMS
from services.whistle.steps.whistles import keys as whistle_keys
from services.whistle.steps.whistles import next_due
from services.whistle.steps.work import (
    ArriveIn,
    DeclineIn,
    ExtendIn,
    ResultIn,
    arrive,
    decline,
    extend,
    result,
)
from tests.support.memory import MemoryStore
from tests.support.specification import past
from tests.support.taking import take

from . import test_W_05_outcomes_and_competence as disputes
from .cases import (
    ANSWERED,
    ARRIVE_BY,
    CALLED,
    CENTRE,
    HANDLE_BY,
    HANDLED,
    KNOWN,
    MONDAY,
    POLICY,
    SECOND,
    WORK,
    at,
    blown,
    came,
    done,
    filed,
    given,
    grid_80,
    missed_arrival,
    rejected,
    state,
    street_90,
    verified,
)
from .test_W_01_problems import collected, joint
from .test_W_01_problems import given as reported
from .test_W_06_deadlines_and_rungs import fire
from .test_W_16_reporters import CAUSE, asking, desk


def test_W_07_one_late_unit_of_three_makes_the_whistle_overdue() -> None:
    for unit in ("water", "transport", "health"):
        late = (*CALLED, replace(missed_arrival, unit=unit))
        assert whistle_keys(state(late))["overdue"] is True
        assert whistle_keys(state((*late, came(unit, "03-04 09:00"))))["overdue"] is False


def test_W_07_one_late_unit_of_three_misses_and_is_escalated_and_pays_for_it_alone() -> None:
    """To the end: its miss once, its ladder alone, its points, and nothing of the two others."""
    there = given(*CALLED, came("transport"), came("health"))
    heard: list[tuple[str, str]] = []
    for when in (ARRIVE_BY + SECOND, at("03-04 17:00"), at("03-05 17:00")):
        decision = there.when(fire(when))
        heard += [(one.unit, getattr(one, "to", "missed")) for one in decision.happened]
        there = decision.leads_to()
    assert heard == [("water", "missed"), ("water", "head"), ("water", "linked_leader")]
    on_time = [there.state.task(unit) for unit in ("transport", "health")]
    worked = (came("water", "03-06 09:00"), *(filed(task.unit) for task in there.state.tasks))
    judged = (done, verified, grid_80, street_90)
    ended = past(there.state, evolve_whistle, (*worked, *judged))
    [evaluated] = ended.when(
        lambda w: judging.evaluate(w, by=CENTRE, policy=POLICY, work=WORK)
    ).happened
    assert evaluated.scores == (
        UnitScore(unit="water", score=7400, taken_off=10),
        UnitScore(unit="transport", score=8400, taken_off=0),
        UnitScore(unit="health", score=8400, taken_off=0),
    )
    assert [task.misses for task in ended.state.tasks] == [1, 0, 0]
    assert [task.arrival for task in on_time] == [task.arrival for task in ended.state.tasks[1:]]


def test_W_07_the_centres_own_lateness_shows_while_the_units_work() -> None:
    missed = DeadlineMissed(unit=CENTRE, which=Which.COMPETENCE, due=at("03-05 17:00"))
    pending = (*disputes.ARRIVED, disputes.second)
    assert whistle_keys(state(pending))["overdue"] is False
    assert whistle_keys(state((*pending, missed)))["overdue"] is True
    all_filed = (filed("water", "03-06 09:00"), filed("justice", "03-06 09:00"))
    assert whistle_keys(state((*pending, missed, *all_filed)))["overdue"] is False


def test_W_06_a_scheduler_finds_what_is_called_and_nothing_else() -> None:
    assert next_due(state(CALLED)) == ARRIVE_BY
    come = (*CALLED, *(came(unit) for unit in ("water", "transport", "health")))
    assert next_due(state(come)) == HANDLE_BY
    decided_late = (*disputes.ARRIVED, disputes.second, disputes.decided)
    assert next_due(state(decided_late)) == at("03-10 17:00")
    for over in ((blown,), (blown, rejected), HANDLED, ANSWERED):
        assert next_due(state(over)) is None
        assert whistle_keys(state(over))["calendar"] is None
    assert whistle_keys(state(CALLED))["calendar"] == KNOWN


def test_W_14_a_whistle_is_found_by_the_shanghai_days_of_its_life() -> None:
    late = replace(blown, at=at("03-31 23:30"))
    keys = whistle_keys(state((late,)))
    assert (str(keys["blown_on"]), keys["closed_on"], keys["year"]) == ("2026-03-31", None, 2026)
    assert str(whistle_keys(state(ANSWERED))["closed_on"]) == "2026-03-10"
    new_year = whistle_keys(state((replace(blown, at=at("2027-01-01 00:30")),)))
    assert (str(new_year["blown_on"]), new_year["year"]) == ("2027-01-01", 2027)


def test_W_05_a_decision_is_found_by_its_community_or_else_its_street() -> None:
    decided = state((*disputes.ARRIVED, disputes.second, disputes.decided))
    assert whistle_keys(decided)["route"] == "haihua/water"
    assert whistle_keys(replace(decided, community=None))["route"] == "liujia/water"


def test_W_14_a_problem_is_found_by_its_place_state_and_day() -> None:
    keys = PROBLEMS.keys(reported(joint).state)
    said = {**keys, "collected_on": str(keys["collected_on"])}
    assert said.pop("opened_at") == moment(MONDAY)
    assert said == {
        "street": "liujia",
        "community": "haihua",
        "status": "triaged",
        "category": "parking",
        "kind": "problem",
        "collected_on": "2026-03-02",
    }
    assert collected.at == MONDAY


def test_W_02_a_unit_is_what_the_district_entered() -> None:
    entered = UnitEntered(
        code="seven",
        name="七员",
        kind=UnitKind.COMMUNITY_FORCE,
        serves=("haihua", "haixiang"),
        valid_from=MONDAY.date(),
        listed=33,
    )
    unit = evolve(None, entered)
    assert (unit.code, unit.name, unit.kind, unit.serves, unit.listed) == (
        "seven",
        "七员",
        UnitKind.COMMUNITY_FORCE,
        ("haihua", "haixiang"),
        33,
    )
    changed = evolve(unit, replace(entered, serves=(), name="七员队"))
    assert (changed.serves, changed.name) == ((), "七员队")


# A unit acts for itself


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (arrive, ArriveIn()),
        (result, ResultIn(outcome=Outcome.RESOLVED, summary="已修复")),
        (decline, DeclineIn(whose="justice", ground="属物业纠纷")),
        (extend, ExtendIn(days=1, reason="等待配件")),
    ],
    ids=["arrive", "result", "decline", "extend"],
)
async def test_W_05_a_unit_acts_for_itself_and_not_for_the_others_that_were_called(
    step: Any, said: Any
) -> None:
    there = desk(MemoryStore(), MemoryStore())
    await there.policies.seed(MONDAY)
    await there.whistles.create("w-1", lambda: CALLED, CAUSE)
    for kind, code in (("department", "transport"), ("command_centre", None), ("street", "liujia")):
        with pytest.raises(NotAllowed):
            await take(step, there, asking(kind, code), said, id="w-1", unit="water")
    with pytest.raises(NotFound):
        await take(step, there, asking("department", "justice"), said, id="w-1", unit="water")
    assert (await there.whistles.get("w-1")).version == len(CALLED)
    water = asking("department", "water")
    arrived = await take(arrive, there, water, ArriveIn(), id="w-1", unit="water")
    assert arrived.aggregate.task("water").arrived
    assert given(*CALLED).state.task("water").arrived is False
