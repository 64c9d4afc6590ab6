"""P-21, P-16, P-11: what an evaluator gathers and declares, and a project's volume on average."""

import re
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chassis.kernel.errors import Malformed, RuleBroken
from services.procurement.domain.contract import Contract
from services.procurement.domain.evaluation import Findings, Stage
from services.procurement.domain.evolution import evolve
from services.procurement.domain.figures import Figures, averaged
from services.procurement.domain.gathered import Gathered, Party
from services.procurement.domain.scheme import drawn_up
from tests.support.specification import Decision, Given, past

from .cases import (
    GATHERED,
    GOOD,
    JUNE,
    MARCH,
    NOVEMBER,
    POLICY,
    SCHEME,
    WORK,
    answered,
    before,
    found,
    mid,
    ready,
    shown,
    signed,
)

EVALUATION = "官办通〔2019〕77号 附件1"


def given(*happened: Any, at: datetime = MARCH) -> Given[Contract]:
    return past(None, evolve, (replace(signed, at=at), *ready, shown, answered, *happened))


def judge(
    state: Given[Contract], findings: Findings, now: datetime = JUNE, supervised: bool = False
) -> Decision[Contract]:
    return state.when(
        lambda c: c.evaluate(
            by="expert:7",
            findings=findings,
            policy=POLICY,
            now=now,
            work=WORK,
            supervised=supervised,
        )
    )


def said(stage: Stage = Stage.MID, **other: Any) -> Findings:
    gathered = replace(GATHERED, averages=None, **other)
    return replace(found(stage, GOOD), gathered=gathered)


def test_P_11_who_evaluates_declares_that_it_has_no_interest() -> None:
    for stage, so_far in ((Stage.BEFORE, ()), (Stage.MID, (before,))):
        silent = replace(found(stage, GOOD), independent=False)
        judge(given(*so_far), silent).breaks("P-11", clause=EVALUATION, field="independent")
    assert judge(given(before), said()).happened[0].independent


def test_P_16_it_is_visited_and_everybody_is_interviewed() -> None:
    judge(given(before), said(visits=0)).breaks("P-16", clause=EVALUATION, field="gathered.visits")
    for one in (Party.SUPPLIER, Party.BENEFICIARIES):
        rest = tuple(other for other in GATHERED.interviewed if other is not one)
        judge(given(before), said(interviewed=rest)).breaks("P-16", field="gathered.interviewed")
    twice = (*GATHERED.interviewed, Party.SUPPLIER)
    judge(given(before), said(interviewed=twice)).refused(Malformed, field="gathered.interviewed")


def test_P_16_the_supervisor_is_interviewed_where_there_is_one() -> None:
    two = said(interviewed=(Party.SUPPLIER, Party.BENEFICIARIES))
    judge(given(before), two, supervised=True).breaks("P-16", field="gathered.interviewed")
    assert judge(given(before), two).happened
    assert judge(given(before), said(), supervised=True).happened


def test_P_21_the_figures_are_told_again_at_mid_term_and_in_the_end() -> None:
    for stage, so_far in ((Stage.MID, (before,)), (Stage.FINAL, (before, mid))):
        without = replace(found(stage, GOOD), gathered=None)
        judge(given(*so_far), without, NOVEMBER).breaks("P-21", field="gathered")


def test_P_21_a_figure_lower_than_in_the_evaluation_before_says_why() -> None:
    told = replace(mid, gathered=replace(GATHERED, figures=Figures(contacts=40)))
    fallen = said(Stage.FINAL, figures=Figures(contacts=39))
    judge(given(before, told), fallen, NOVEMBER).breaks("P-21", field="reason")
    why = said(Stage.FINAL, figures=Figures(contacts=39), reason="重复计数")
    assert judge(given(before, told), why, NOVEMBER).happened
    odd = said(figures=Figures(cases_closed=1))
    judge(given(before), odd).refused(Malformed, field="figures")


@pytest.mark.parametrize(
    "refused",
    [
        lambda: Figures().follow(Figures(**dict.fromkeys(asdict(Figures()), 1)), ""),
        lambda: replace(GOOD, professional=251).fit(POLICY[1].parts),
        lambda: drawn_up(1, SCHEME.indicators[1:], POLICY, MARCH),
        lambda: given(before).state.independent("street:guanshang"),
    ],
)
def test_P_21_what_is_refused_is_named_in_chinese(refused: Any) -> None:
    with pytest.raises((RuleBroken, Malformed)) as refusal:
        refused()
    assert not re.search("[A-Za-z]", refusal.value.detail)


def test_P_21_on_average_by_worker_and_month() -> None:
    done = Figures(large_events=9, contacts=120, cases_opened=1, groups=3)
    found = averaged(done, 2, 4)
    assert (found.contacts, found.cases_opened, found.groups) == (1500, 13, 38)
    assert not hasattr(found, "large_events"), "told as a whole"
    assert averaged(Figures(contacts=1), 3, 1).contacts == 33
    with pytest.raises(Malformed):
        averaged(done, 0, 1)


def test_P_21_an_evaluation_counts_each_begun_month_since_the_signing() -> None:
    told = judge(given(before), said(figures=Figures(contacts=80))).happened[0]
    assert told.gathered.averages.contacts == 1000, "March to June, two workers"
    over = Gathered(
        visits=1, interviewed=GATHERED.interviewed, figures=Figures(contacts=26), workers=1
    )
    whole = over.check((), supervised=False, since=date(2026, 12, 31), on=date(2028, 1, 1))
    assert whole.averages and whole.averages.contacts == 186, "fourteen months"


def test_P_16_what_was_signed_before_three_stages_were_asked_keeps_its_two() -> None:
    last = datetime(2019, 5, 27, 15, 59, tzinfo=UTC)
    assert judge(given(at=last), said()).happened
    judge(given(at=last), found(Stage.BEFORE, GOOD)).breaks("P-16", field="stage")
    assert judge(given(mid, at=last), said(Stage.FINAL), NOVEMBER).happened
    first = datetime(2019, 5, 27, 16, tzinfo=UTC)
    judge(given(at=first), said()).breaks("P-16", field="stage")
    assert judge(given(at=first), found(Stage.BEFORE, GOOD)).happened
