"""P-16, P-20: the scheme of an evaluation is shown, agreed, and then what is scored."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel.errors import OURS, Malformed
from services.procurement.domain.appraisal import appraisal, to_evaluate
from services.procurement.domain.contract import Contract
from services.procurement.domain.evaluation import Findings, Score, Stage
from services.procurement.domain.events import SchemeAnswered, SchemeShown
from services.procurement.domain.evolution import evolve
from services.procurement.domain.policy import Bands
from services.procurement.domain.scheme import Basis, Indicator
from services.procurement.domain.verdict import Topic, Verdict
from tests.support.specification import Decision, Given, past

from .cases import (
    GATHERED,
    GOOD,
    JUNE,
    MARCH,
    POLICY,
    POOR,
    SCHEME,
    SIDES,
    WORK,
    answered,
    before,
    found,
    mid,
    mid_opened,
    ready,
    scores,
    shown,
    signed,
    terminated,
    verdicts,
)

EVALUATION = "官办通〔2019〕77号 附件1"
disputed = SchemeAnswered(accepted=False, comment="产出指标过高", at=MARCH)


def given(*happened: Any) -> Given[Contract]:
    return past(None, evolve, (signed, *ready, *happened))


def show(state: Given[Contract], indicators: Any = SCHEME.indicators) -> Decision[Contract]:
    return state.when(
        lambda c: c.show_scheme(by="expert:7", indicators=indicators, policy=POLICY, now=MARCH)
    )


def answer(state: Given[Contract], accepted: bool, comment: str = "") -> Decision[Contract]:
    return state.when(lambda c: c.answer_scheme(accepted=accepted, comment=comment, now=MARCH))


def judge(state: Given[Contract], said: Findings, policy: Any = POLICY) -> Decision[Contract]:
    return state.when(
        lambda c: c.evaluate(by="expert:7", findings=said, policy=policy, now=JUNE, work=WORK)
    )


def test_P_20_no_mid_term_evaluation_before_the_supplier_accepts() -> None:
    for so_far in ((before,), (shown, before), (shown, disputed, before)):
        judge(given(*so_far), found(Stage.MID, GOOD)).breaks("P-20", clause=OURS)
    judge(given(shown, answered, before), found(Stage.MID, GOOD)).then(mid, mid_opened)


def test_P_20_one_that_was_shown_again_has_to_be_accepted_again() -> None:
    again = show(given(shown, answered, before)).leads_to()
    assert again.state.scheme is not None and again.state.scheme.number == 2
    judge(again, found(Stage.MID, GOOD)).breaks("P-20")


def test_P_20_the_supplier_answers_once_and_says_what_is_wrong() -> None:
    answer(given(shown), True).then(answered)
    answer(given(shown), False, "产出指标过高").then(disputed)
    answer(given(shown), False, " ").refused(Malformed, field="comment")
    for so_far in ((), (shown, answered), (shown, disputed), (shown, terminated)):
        answer(given(*so_far), True).breaks("P-20")


def test_P_20_is_not_changed_after_the_mid_term_evaluation() -> None:
    show(given(shown, answered, before)).then(SchemeShown(scheme=replace(SCHEME, number=2)))
    show(given(shown, answered, before, mid)).breaks("P-20")
    show(given(terminated)).breaks("P-20")


def test_P_11_who_has_an_interest_draws_up_no_scheme() -> None:
    given().when(
        lambda c: c.show_scheme(
            by="street:guanshang", indicators=SCHEME.indicators, policy=POLICY, now=MARCH
        )
    ).breaks("P-11")


def test_P_16_the_indicators_of_a_part_add_up_to_its_maximum() -> None:
    show(given()).then(shown)
    first, *rest = SCHEME.indicators
    show(given(), (replace(first, points=249), *rest)).breaks("P-16", field="indicators")
    show(given(), tuple(rest)).breaks("P-16", field="indicators")


def test_P_16_some_are_judged_and_some_are_counted() -> None:
    for basis in Basis:
        alike = tuple(replace(one, basis=basis) for one in SCHEME.indicators)
        show(given(), alike).breaks("P-16", field="indicators")


def test_P_16_an_indicator_is_named_once_and_says_what_it_is() -> None:
    first, *rest = SCHEME.indicators
    halves: tuple[Indicator, ...] = (replace(first, points=125), replace(first, points=125))
    show(given(), (*halves, *rest)).refused(Malformed, field="indicators")
    show(given(), (replace(first, text=" "), *rest)).refused(Malformed, field="text")


def said(given_scores: tuple[Score, ...], focus_groups: int = 2) -> Findings:
    return Findings(
        stage=Stage.MID,
        scores=given_scores,
        focus_groups=focus_groups,
        sides=SIDES,
        verdicts=verdicts(Stage.MID),
        gathered=GATHERED,
        independent=True,
    )


def test_P_16_every_indicator_is_scored_within_its_points_with_evidence() -> None:
    state = given(shown, answered, before)
    first, *rest = scores(GOOD)
    twice = (first, *rest, replace(first, points=0))
    for wrong in (tuple(rest), (first, *rest, replace(first, code="other")), twice):
        judge(state, said(wrong)).breaks("P-16", field="scores")
    for points in (-1, 251):
        over = (replace(first, points=points), *rest)
        judge(state, said(over)).refused(Malformed, field="scores")
    bare = (replace(first, evidence=" "), *rest)
    judge(state, said(bare)).refused(Malformed, field="evidence")


def test_P_16_two_focus_groups_are_held() -> None:
    state = given(shown, answered, before)
    judge(state, said(scores(GOOD), 1)).breaks("P-16", field="focus_groups")


def test_each_stage_is_said_in_its_own_way() -> None:
    parts = Findings(stage=Stage.MID, parts=GOOD)
    judge(given(shown, answered, before), parts).refused(Malformed, field="scores")
    early = Findings(stage=Stage.BEFORE, scores=scores(GOOD))
    judge(given(), early).refused(Malformed, field="parts")


def test_P_16_is_scored_under_the_bands_that_were_agreed() -> None:
    number, numbers = POLICY
    stricter = replace(numbers, bands=Bands(excellent=990, good=980, qualified=970))
    [event, _] = judge(
        given(shown, answered, before), found(Stage.MID, GOOD), (number + 1, stricter)
    ).happened
    assert (event.points, event.band, event.policy) == (800, "good", number)


@pytest.mark.parametrize("parts", [GOOD, POOR])
def test_P_16_a_stored_one_scored_again_comes_to_the_same_whatever_the_policy_says_now(
    parts: Any,
) -> None:
    agreed = given(shown, answered, before)
    decided = judge(agreed, found(Stage.MID, parts))
    state = decided.leads_to().state
    stored, scheme = state.evaluations[-1], state.scheme
    assert scheme is not None
    again = scheme.score(stored.scores)
    kept = (stored.parts, stored.points, stored.band, stored.policy)
    assert kept == (again, again.total, scheme.bands.of(again.total), scheme.policy)
    number, numbers = POLICY
    changed = replace(
        numbers,
        bands=Bands(excellent=990, good=980, qualified=970),
        parts=replace(numbers.parts, professional=100, output=400),
    )
    assert judge(agreed, found(Stage.MID, parts), (number + 1, changed)).happened == (
        decided.happened
    )


STAGES = "官办通〔2019〕77号 附件1 五"


def topics(*topics: Topic, text: str = "合理") -> tuple[Verdict, ...]:
    return tuple(Verdict(topic=one, text=text) for one in topics)


@pytest.mark.parametrize(
    ("stage", "wanted"),
    [
        (Stage.BEFORE, (Topic.BUDGET, Topic.SUPPLIER)),
        (Stage.MID, (Topic.MONEY, Topic.USE, Topic.AMOUNT, Topic.QUALITY)),
        (Stage.FINAL, (Topic.EFFECT, Topic.SATISFACTION)),
    ],
)
def test_P_20_each_stage_judges_what_is_its_own(stage: Stage, wanted: tuple[Topic, ...]) -> None:
    so_far = {Stage.BEFORE: (), Stage.MID: (before,), Stage.FINAL: (before, mid, mid_opened)}
    state = given(shown, answered, *so_far[stage])

    def said(*verdicts: Verdict) -> Decision[Contract]:
        return judge(state, replace(found(stage, GOOD), verdicts=verdicts))

    assert said(*topics(*wanted)).happened
    assert said(*reversed(topics(*wanted))).happened
    foreign = topics(*(one for one in Topic if one not in wanted))
    for wrong in (
        topics(*wanted[1:]),
        (*topics(*wanted), foreign[0]),
        (*topics(*wanted[1:]), foreign[0]),
        (*topics(*wanted), *topics(wanted[0])),
        topics(*wanted, text=" "),
    ):
        said(*wrong).breaks("P-20", clause=STAGES, field="verdicts")


def test_P_20_before_a_supervised_project_its_supervisor_is_judged_too() -> None:
    def said(*verdicts: Verdict) -> Decision[Contract]:
        findings = replace(found(Stage.BEFORE, GOOD), verdicts=verdicts)
        return given(shown, answered).when(
            lambda c: c.evaluate(
                by="expert:7",
                findings=findings,
                policy=POLICY,
                now=MARCH,
                work=WORK,
                supervised=True,
            )
        )

    both = (Topic.BUDGET, Topic.SUPPLIER)
    said(*topics(*both)).breaks("P-20", clause=STAGES, field="verdicts")
    assert said(*topics(*both, Topic.SUPERVISOR)).happened


def waits(*so_far: Any) -> bool:
    return to_evaluate(given(*so_far).state) == ("7",)


def test_P_20_waits_for_the_panel_until_the_scheme_is_the_suppliers_to_answer() -> None:
    assert to_evaluate(past(None, evolve, (signed,)).state) == ()
    assert waits() and waits(shown), "an evaluation before the project rests on no scheme"
    assert waits(before) and not waits(shown, before) and waits(shown, disputed, before)
    assert waits(shown, answered, before) and not waits(shown, answered, before, terminated)


def test_P_16_a_panel_is_shown_no_points_that_others_gave() -> None:
    seen = appraisal(given(shown, answered, before).state)
    assert (seen.stage, seen.scheme is not None) == (Stage.MID, True)
    assert not hasattr(seen, "evaluations")
