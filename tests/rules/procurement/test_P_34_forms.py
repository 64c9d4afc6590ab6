"""P-34: the parts of the application form, and the grounds on which an agreement ends."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel.errors import Malformed, RuleBroken
from services.procurement.domain.contract import Contract
from services.procurement.domain.events import STOPPING, ContractEnded, EndGround, Way, Why
from services.procurement.domain.evolution import evolve
from tests.support.specification import Decision, Given, past

from .cases import FORM, JUNE, STREET, filed, first_missed, first_opened, signed, terminated

FORMS, AGREEMENT = "官社建办通〔2018〕15号 附件2", "官社建办通〔2018〕15号 附件3"
PURCHASER_S = frozenset(EndGround) - STOPPING


def given(*happened: Any, way: Way = Way.LINKAGE) -> Given[Contract]:
    return past(None, evolve, (replace(signed, way=way), *happened))


def ends(state: Given[Contract], ground: EndGround | None) -> Decision[Contract]:
    return state.when(lambda c: c.terminate(by=STREET, ground=ground, reason="未达目标", now=JUNE))


def stops(
    state: Given[Contract], ground: EndGround, reason: str = "内容变更"
) -> Decision[Contract]:
    return state.when(lambda c: c.stop(ground=ground, reason=reason, now=JUNE))


def test_P_34_every_part_of_the_form_but_the_last_says_something() -> None:
    FORM.filled()
    for part in ("background", "needs", "aims", "strategy", "indicators", "schedule", "budget"):
        with pytest.raises(RuleBroken) as broken:
            replace(FORM, **{part: " "}).filled()
        assert (broken.value.rule.id, broken.value.field) == ("P-34", part)
        assert broken.value.clause == FORMS


@pytest.mark.parametrize("ground", sorted(PURCHASER_S))
def test_P_34_who_bought_ends_it_on_a_ground_of_the_agreement(ground: EndGround) -> None:
    ends(given(), ground).then(
        ContractEnded(why=Why.TERMINATED, ground=ground, reason="未达目标", at=JUNE)
    )


def test_P_34_and_on_no_other() -> None:
    for ground in (None, *STOPPING):
        ends(given(), ground).breaks("P-34", clause=AGREEMENT, field="ground")
    assert ends(given(way=Way.PURCHASE), None).leads_to().state.ended_ground is None


@pytest.mark.parametrize("ground", sorted(STOPPING))
def test_P_34_who_delivers_may_stop(ground: EndGround) -> None:
    stopped = stops(given(), ground).leads_to()
    assert (stopped.state.ended_why, stopped.state.ended_ground) == (Why.TERMINATED, ground)
    stops(stopped, ground).breaks("P-34")
    stops(given(), ground, " ").refused(Malformed, field="reason")


def test_P_34_but_not_on_other_grounds_nor_of_other_ways() -> None:
    for ground in PURCHASER_S:
        stops(given(), ground).breaks("P-34", clause=AGREEMENT, field="ground")
    stops(given(way=Way.PURCHASE), EndGround.CHANGED).breaks("P-34", clause=AGREEMENT)
    stops(given(terminated), EndGround.CHANGED).breaks("P-34")


def test_P_14_what_is_late_is_found_before_it_stops() -> None:
    [missed, _] = stops(given(filed, first_opened), EndGround.UNLAWFUL).happened
    assert missed == first_missed
