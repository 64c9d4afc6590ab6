"""P-27: a 三社联动 project is assessed by itself before it is evaluated, and from four sides."""

from dataclasses import replace
from typing import Any

from chassis.kernel.errors import OURS, Malformed
from services.procurement.domain.contract import Contract
from services.procurement.domain.evaluation import Stage
from services.procurement.domain.events import Assessor, SelfAssessed, Way
from services.procurement.domain.evolution import evolve
from tests.support.specification import Decision, Given, past

from .cases import (
    ASSESSED,
    GOOD,
    JUNE,
    MARCH,
    POLICY,
    SIDES,
    WORK,
    answered,
    before,
    found,
    mid,
    mid_opened,
    ready,
    shown,
    signed,
    terminated,
)

CLAUSE = "官社建办通〔2018〕15号 二.5.6"
PANEL = ready[:2]
SUPPLIER, COMMUNITY = Assessor


def given(*happened: Any, first: Any = signed) -> Given[Contract]:
    return past(None, evolve, (first, *PANEL, shown, answered, *happened))


def judged(state: Given[Contract], **other_than: Any) -> Decision[Contract]:
    findings = replace(found(Stage.MID, GOOD), **other_than)
    return state.when(
        lambda c: c.evaluate(by="expert:7", findings=findings, policy=POLICY, now=JUNE, work=WORK)
    )


def assessed(state: Given[Contract], by: Assessor, text: str = "按计划实施") -> Decision[Contract]:
    return state.when(lambda c: c.assess(by=by, text=text, now=MARCH))


def test_P_27_both_assess_themselves_before_it_is_evaluated() -> None:
    state = given(before)
    judged(state).breaks("P-27", clause=CLAUSE)
    state = assessed(state, SUPPLIER).then(ASSESSED[0])
    judged(state).breaks("P-27", clause=CLAUSE)
    state = assessed(state, COMMUNITY).then(ASSESSED[1])
    judged(state).then(mid, mid_opened)


def test_P_27_once_for_each_stage() -> None:
    state = given(before, *ASSESSED[:2])
    assessed(state, SUPPLIER).breaks("P-27", clause=CLAUSE)
    after = given(before, *ASSESSED[:2], mid)
    assessed(after, SUPPLIER).then(
        SelfAssessed(stage=Stage.FINAL, by=SUPPLIER, text="按计划实施", at=MARCH)
    )
    assessed(after, SUPPLIER, " ").refused(Malformed, field="text")


def test_P_27_not_before_the_project_nor_after_it() -> None:
    assessed(given(), SUPPLIER).breaks("P-27", clause=CLAUSE)
    assessed(given(before, terminated), SUPPLIER).breaks("P-27", clause=OURS)


def test_P_27_without_a_community_the_supplier_does() -> None:
    alone = given(before, first=replace(signed, community=None))
    assessed(alone, COMMUNITY).breaks("P-27", clause=CLAUSE)
    judged(assessed(alone, SUPPLIER).leads_to()).then(mid, mid_opened)


def test_P_27_of_other_ways_nobody_assesses_itself() -> None:
    other = given(before, first=replace(signed, way=Way.BUILDING))
    assessed(other, SUPPLIER).breaks("P-27", clause=CLAUSE)
    judged(other, sides=None).then(replace(mid, sides=None), mid_opened)


def test_P_16_purchaser_and_users_judge_an_own_purchase_with_the_third_party() -> None:
    clause = "官政办通〔2016〕40号 二.5.2"
    own = given(before, first=replace(signed, way=Way.PURCHASE))
    judged(own, sides=None).breaks("P-16", clause=clause, field="sides")
    judged(own, sides=replace(SIDES, department=" ")).refused(Malformed, field="department")
    assert judged(own, sides=replace(SIDES, community="")).happened
    first = replace(signed, way=Way.PURCHASE)
    early = given(first=first).when(
        lambda c: c.evaluate(
            by="expert:7", findings=found(Stage.BEFORE, GOOD), policy=POLICY, now=MARCH, work=WORK
        )
    )
    assert early.happened


def test_P_27_from_four_sides() -> None:
    state = given(before, *ASSESSED)
    judged(state, sides=None).breaks("P-27", clause=CLAUSE, field="sides")
    judged(state, sides=replace(SIDES, department=" ")).refused(Malformed, field="department")
    judged(state, sides=replace(SIDES, community=" ")).refused(Malformed, field="community")
