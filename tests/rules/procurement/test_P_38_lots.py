"""P-38: who evaluates or supervises a year's projects delivers none of them."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel.errors import OURS
from services.procurement.domain.call import Call
from services.procurement.domain.events import Way
from services.procurement.domain.item import Lot
from services.procurement.domain.lots import apart
from tests.support.specification import Decision, Given

from .calling import given, opened
from .cases import ITEM

BUILDING = "官民函〔2021〕64号 二"


def call(lot: Lot | None = None, way: Way = Way.BUILDING) -> Given[Call]:
    return given(first=replace(opened, item=replace(ITEM, way=way, lot=lot)))


def asks(for_: Given[Call], *won: Given[Call]) -> Decision[Any]:
    return for_.when(lambda one: apart(one, [other.state for other in won]))


@pytest.mark.parametrize("lot", Lot)
def test_P_38_who_won_a_lot_does_not_deliver_in_that_year(lot: Lot) -> None:
    asks(call(), call(lot)).breaks("P-38", clause=OURS, field="supplier")
    asks(call(lot), call()).breaks("P-38", clause=OURS, field="supplier")


def test_P_38_two_lots_or_two_projects_may_be_won_and_other_ways_are_apart() -> None:
    for state, won in (
        (call(), call()),
        (call(Lot.EVALUATION), call(Lot.SUPERVISION)),
        (call(), call(Lot.EVALUATION, way=Way.LINKAGE)),
    ):
        assert asks(state, won).decide(state.state) is None
    assert asks(call()).decide(call().state) is None
