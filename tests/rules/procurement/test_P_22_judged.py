"""P-22, P-16: the supervision is judged at the end; a sample of evaluations is scored a second time."""

from dataclasses import replace
from typing import Any

from services.procurement.domain.contract import Contract
from services.procurement.domain.evaluation import Stage, sampled
from services.procurement.domain.events import SecondScored
from services.procurement.domain.evolution import evolve
from services.procurement.domain.panel import ExpertRecused
from tests.support.specification import Decision, Given, past

from .cases import (
    ASSESSED,
    GOOD,
    JUNE,
    NOVEMBER,
    POLICY,
    POOR,
    WORK,
    answered,
    before,
    drawn,
    final_opened,
    found,
    listed,
    mid,
    mid_opened,
    passed,
    shown,
    signed,
)

SAMPLED = replace(signed, contract="c-10")
"""Its mid-term evaluation falls into the sample."""
SO_FAR = (listed, drawn, *ASSESSED, shown, answered, before, mid, mid_opened)
FIRST = "expert:7"
(OTHER, *_) = (f"expert:{one}" for one in drawn.drawn[:3] if one != "7")


def given(*happened: Any, first: Any = SAMPLED, so_far: Any = SO_FAR) -> Given[Contract]:
    return past(None, evolve, (first, *so_far, *happened))


def seconds(state: Given[Contract], by: str = OTHER, stage: Stage = Stage.MID) -> Decision[Any]:
    return state.when(
        lambda c: c.second(by=by, findings=found(stage, POOR), policy=POLICY, now=JUNE)
    )


def test_P_16_one_in_five_falls_into_the_sample_and_anybody_can_tell_which() -> None:
    fell = sum(sampled(f"c-{number}", stage) for number in range(2000) for stage in Stage)
    assert 1100 < fell < 1300
    assert sampled("c-10", Stage.MID) and not sampled("c-1", Stage.MID)


def test_P_16_another_member_scores_it_once_and_changes_no_points() -> None:
    second = SecondScored(stage=Stage.MID, by=OTHER, points=599, apart=201, at=JUNE)
    after = seconds(given()).then(second)
    assert after.state.evaluations[-1].points == 800
    seconds(after).breaks("P-16")
    seconds(given(), by=FIRST).breaks("P-16")
    seconds(given(), by="expert:x").breaks("P-11")
    seconds(given(), by="street:guanshang").breaks("P-11")
    seconds(given(), stage=Stage.FINAL).breaks("P-16", field="stage")


def test_P_11_who_stepped_back_gives_no_second_score() -> None:
    back = ExpertRecused(expert=OTHER.partition(":")[2], reason="回避", at=JUNE)
    seconds(given(back)).breaks("P-11")


def test_P_16_what_isnt_sampled_or_evaluated_isnt_scored_again() -> None:
    seconds(given(first=signed)).breaks("P-16")
    seconds(given(so_far=SO_FAR[:2])).breaks("P-16")


def judged(state: Given[Contract], stage: Stage, text: str, supervised: bool) -> Decision[Any]:
    findings = replace(found(stage, GOOD), supervision=text)
    return state.when(
        lambda c: c.evaluate(
            by=FIRST,
            findings=findings,
            policy=POLICY,
            now=NOVEMBER,
            work=WORK,
            supervised=supervised,
        )
    )


def test_P_22_a_final_evaluation_says_something_of_the_supervision() -> None:
    clause = "官办通〔2019〕77号 附件1 四"
    judged(given(), Stage.FINAL, " ", True).breaks("P-22", clause=clause, field="supervision")
    judged(given(), Stage.FINAL, "督导到位", True).then(
        replace(passed, supervision="督导到位"), final_opened
    )
    judged(given(), Stage.FINAL, "", False).then(passed, final_opened)
    assert judged(given(so_far=SO_FAR[:-2]), Stage.MID, "", True).happened


def test_P_11_a_second_scorer_declares_it_too() -> None:
    silent = replace(found(Stage.MID, POOR), independent=False)
    given().when(lambda c: c.second(by=OTHER, findings=silent, policy=POLICY, now=JUNE)).breaks(
        "P-11", field="independent"
    )
