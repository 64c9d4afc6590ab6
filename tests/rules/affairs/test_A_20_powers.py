"""A-20, A-21: powers from samples, and cases that walk their flow."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from chassis.kernel.errors import RuleBroken
from services.affairs.announce import of_cases
from services.affairs.domain import exercise, power
from services.affairs.domain.exercise import (
    CaseDone,
    CaseEvent,
    CaseOpened,
    CaseStatus,
    CaseStopped,
    OutcomeHeard,
    PowerCase,
    StepConfirmed,
    StepReturned,
    StepTaken,
)
from services.affairs.domain.power import (
    CommunityType,
    Grade,
    Power,
    PowerKind,
    PowerListed,
    PowerStruck,
    SamplePut,
    Stage,
)
from tests.support.specification import Given, past

from .cases import LATER, MARCH, broken, but

FLOW = (
    Stage(name="提出", risk=Grade.LOW),
    Stage(name="协商", risk=Grade.MIDDLE, deliberated=True),
    Stage(name="招标", risk=Grade.HIGH),
)
sample = SamplePut(
    type=CommunityType.URBAN,
    kind=PowerKind.WORKS,
    name="小型工程",
    basis="演示依据",
    flow=FLOW,
    rules="三人以上在场",
    at=MARCH,
)
SAMPLE = power.evolve_sample(None, sample)
listed = PowerListed(street="guanshang", community="haihua", sample="works-1", of=SAMPLE, at=MARCH)
struck = PowerStruck(reason="合并", at=LATER)


def powers(*happened: Any) -> Given[Power]:
    return past(None, power.evolve, (listed, *happened))


def test_A_20_a_sample_has_basis_flow_rules_and_graded_risks() -> None:
    assert power.put(sample) == sample
    for field in ("name", "basis", "rules"):
        broken("A-20", field, power.put, but(sample, **{field: " "}))
    twice = (FLOW[0], FLOW[0])
    for flow in ((), twice, (Stage(name=" ", risk=Grade.LOW),)):
        broken("A-20", "flow", power.put, but(sample, flow=flow))


def test_A_20_a_community_has_the_powers_of_its_type_and_no_others() -> None:
    assert power.enlist(None, listed, "urban") == listed
    for other in ("village_converted", None):
        broken("A-20", "sample", power.enlist, None, listed, other)
    known = powers().state
    broken("A-20", "sample", power.enlist, known, listed, "urban")
    changed = but(listed, of=but(SAMPLE, rules="四人以上在场"))
    assert power.enlist(known, changed, "urban") == changed
    gone = powers(struck)
    assert power.enlist(gone.state, listed, "urban") == listed
    gone.when(lambda one: power.strike(one, "x", LATER)).breaks("A-20")
    powers().when(lambda one: power.strike(one, " ", LATER)).breaks("A-20", field="reason")
    powers().when(lambda one: power.strike(one, "合并", LATER)).then(struck)
    broken("A-20", "power", exercise.open_case, opened, gone.state)


opened = CaseOpened(
    street="guanshang",
    community="haihua",
    power="p-1",
    kind=PowerKind.WORKS,
    flow=FLOW,
    about="修缮楼道",
    matter="m-1",
    at=MARCH,
)
OWN = "community:haihua"
first = StepTaken(stage="提出", decision="同意", papers="申请", posts="副主任", at=MARCH)
second = replace(first, stage="协商")
third = replace(first, stage="招标", second="street:guanshang")
agreed = OutcomeHeard(outcome="usable_here", at=MARCH)
stopped = CaseStopped(reason="资金不足", at=MARCH)


def stepping(one: PowerCase, taken: StepTaken, by: str = OWN) -> list[CaseEvent]:
    return exercise.step(one, taken, by)


def running(*happened: Any) -> Given[PowerCase]:
    return past(None, exercise.evolve, (opened, *happened))


def test_A_21_a_case_says_what_it_is_about_and_what_it_waits_for() -> None:
    known = powers().state
    assert exercise.open_case(opened, known) == opened
    broken("A-21", "about", exercise.open_case, but(opened, about=" "), known)
    broken("A-21", "matter", exercise.open_case, but(opened, matter=None), known)
    short = but(opened, matter=None, flow=FLOW[:1])
    assert exercise.open_case(short, known) == short


def test_A_21_no_step_is_skipped_and_everything_is_on_record() -> None:
    running().when(lambda one: stepping(one, third)).breaks("A-21", field="stage")
    for field in ("decision", "papers", "posts"):
        broken("A-21", field, stepping, running().state, but(first, **{field: " "}))
    running().when(lambda one: stepping(one, first)).then(first)


def test_A_21_a_step_waits_for_the_consultation_it_needs() -> None:
    waits = running(first)
    waits.when(lambda one: stepping(one, second)).breaks("A-21")
    for outcome in ("declined", "not_yet_possible"):
        no = replace(agreed, outcome=outcome)
        running(first, no).when(lambda one: stepping(one, second)).breaks("A-21")
    heard = waits.when(lambda one: exercise.hear(one, "usable_here", MARCH)).then(agreed)
    heard.when(lambda one: stepping(one, second)).then(second)
    over = running(stopped)
    over.when(lambda one: exercise.hear(one, "usable_here", MARCH)).then()


def test_A_21_at_a_high_risk_there_is_a_second_office() -> None:
    last = running(first, agreed, second)
    own = ("community:haihua", "x", "海华社区", " ", "street:", "department: ", "supplier:x")
    for office in (None, *own, "street:taihe", "street:guanshang"):
        by = office if office == "street:guanshang" else OWN
        with pytest.raises(RuleBroken) as refusal:
            stepping(last.state, but(third, second=office), by)
        assert (refusal.value.rule.id, refusal.value.field) == ("A-21", "second")
    running().when(lambda one: stepping(one, but(first, second="x"))).breaks("A-21", field="second")
    for office in ("street:guanshang", "department:housing_construction"):
        last.when(partial(stepping, taken=but(third, second=office))).leads_to()


def test_A_21_the_document_lays_down_the_flow_and_the_platform_the_second_office() -> None:
    skips = broken("A-21", "stage", stepping, running().state, third)
    assert skips.clause == "官办通〔2018〕49号 四（二）2–3"
    alone = but(third, second=None)
    single = broken("A-21", "second", stepping, running(first, agreed, second).state, alone)
    assert (single.clause, single.source) == (None, "platform")


SECOND = "street:guanshang"
waiting = replace(third, waits=True)
confirmed = StepConfirmed(stage="招标", by=SECOND, opinion="同意", at=LATER)
returned = StepReturned(stage="招标", by=SECOND, reason="资料不全", at=LATER)


def test_A_21_the_second_office_confirms_by_itself() -> None:
    named = running(first, agreed, second).when(lambda one: stepping(one, third)).then(waiting)
    assert named.state.status is CaseStatus.RUNNING
    named.when(lambda one: stepping(one, third)).breaks("A-21")
    for other in (OWN, "street:taihe", "department:health"):
        for answer in (exercise.confirm, exercise.give_back):
            broken("A-21", None, answer, named.state, "x", other, LATER)
    said = named.when(lambda one: exercise.confirm(one, " ", SECOND, LATER))
    said.breaks("A-21", field="opinion")
    done = named.when(lambda one: exercise.confirm(one, "同意", SECOND, LATER)).then(
        confirmed, CaseDone(at=LATER)
    )
    assert done.state.status is CaseStatus.DONE
    done.when(lambda one: exercise.confirm(one, "同意", SECOND, LATER)).breaks("A-21")
    done.when(lambda one: stepping(one, third)).breaks("A-21")
    news = of_cases(CaseDone(at=LATER), done.state)
    assert news is not None and news.model_dump()["steps"] == 3


def test_A_21_in_the_middle_of_a_flow_the_next_step_waits_for_the_second_office() -> None:
    named = running().when(lambda one: stepping(one, but(first, second=SECOND))).leads_to()
    named.when(lambda one: stepping(one, second)).breaks("A-21")
    on = named.when(lambda one: exercise.confirm(one, "同意", SECOND, LATER)).leads_to()
    on.when(lambda one: exercise.hear(one, "usable_here", MARCH)).leads_to().when(
        lambda one: stepping(one, second)
    ).then(second)


def test_A_21_the_second_office_may_give_a_step_back_and_it_is_taken_again() -> None:
    named = running(first, agreed, second, waiting)
    named.when(lambda one: exercise.give_back(one, " ", SECOND, LATER)).breaks(
        "A-21", field="reason"
    )
    back = named.when(lambda one: exercise.give_back(one, "资料不全", SECOND, LATER)).then(returned)
    back.when(lambda one: exercise.confirm(one, "同意", SECOND, LATER)).breaks("A-21")
    again = back.when(lambda one: stepping(one, third)).then(waiting)
    again.when(lambda one: exercise.confirm(one, "同意", SECOND, LATER)).then(
        confirmed, CaseDone(at=LATER)
    )
    stopped_there = named.when(lambda one: exercise.stop(one, "资金不足", MARCH)).leads_to()
    stopped_there.when(lambda one: exercise.confirm(one, "同意", SECOND, LATER)).breaks("A-21")


def test_A_21_a_unit_that_acts_as_a_kind_of_office_confirms_as_either() -> None:
    """Finance stands in the register of units, and acts as `finance`."""
    named = running(first, agreed, second, replace(waiting, second="department:finance"))
    for by in ("finance", "department:finance"):
        agrees = partial(exercise.confirm, opinion="同意", by=by, now=LATER)
        on = named.when(agrees).leads_to()
        assert on.state.confirmations[0].by == by
    broken("A-21", None, exercise.confirm, named.state, "同意", "discipline", LATER)


def test_A_21_a_department_that_was_named_sees_the_case() -> None:
    asked = but(waiting, second="department:health")
    back = replace(returned, by="department:health")
    for happened in ((asked,), (asked, back), (asked, back, waiting)):
        assert running(first, agreed, second, *happened).state.seconds == ("health",)
    assert running(first, agreed, second, waiting).state.seconds == ()


def test_A_21_a_step_of_before_had_nothing_to_wait_for() -> None:
    """As they were kept: named, and done at once."""
    old = running(first, agreed, second, third, CaseDone(at=MARCH))
    assert old.state.status is CaseStatus.DONE and old.state.awaited is None
    running(but(first, second=SECOND), agreed).when(lambda one: stepping(one, second)).then(second)


def test_A_21_what_is_stopped_says_why() -> None:
    running().when(lambda one: exercise.stop(one, " ", MARCH)).breaks("A-21", field="reason")
    running().when(lambda one: exercise.stop(one, "资金不足", MARCH)).then(stopped)
    running(stopped).when(lambda one: exercise.stop(one, "x", MARCH)).breaks("A-21")
    running(stopped).when(lambda one: stepping(one, first)).breaks("A-21")
