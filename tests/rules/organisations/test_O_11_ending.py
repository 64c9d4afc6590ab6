"""O-11: how an organisation comes off the register."""

from datetime import date, timedelta
from typing import Any

import pytest

from chassis.kernel.errors import Malformed
from contracts import organisations as published
from services.organisations import announce
from services.organisations.domain import clocks, ending, matters
from services.organisations.domain.events import Deregistered, EndBegun, EndWithdrawn, Liquidated
from services.organisations.domain.kinds import Ending, Status
from services.organisations.domain.parts import End

from .cases import LATER, NUMBERS, given, on_register
from .test_O_07_watching import matter, rated, report
from .test_O_10_listing import propose

TODAY = date(2026, 3, 22)
CLAUSE = "官办通〔2017〕52号 （三）7"
END = End(how=Ending.DISSOLVED, document="民决-1", findings="自行终止", begun_on=TODAY)
begun = EndBegun(end=END)
liquidated = Liquidated(document="清-1", assets_to="转赠同类组织", at=LATER)
withdrawn = EndWithdrawn(reason="选错组织", at=LATER)
over = Deregistered(on=TODAY)


def begin(how: Ending = Ending.DISSOLVED, **said: Any) -> Any:
    asked = {"document": "民决-1", "findings": "自行终止", **said}
    return lambda o: ending.begin(o, how=how, now=LATER, **asked)


def liquidate(**said: Any) -> Any:
    asked: dict[str, Any] = {
        "document": "清-1",
        "assets_to": "转赠同类组织",
        "shared_out": False,
        **said,
    }
    return lambda o: ending.liquidate(o, now=LATER, **asked)


@pytest.mark.parametrize("how", list(Ending))
def test_O_11_each_way_out_has_its_decision_and_is_told_at_once(how: Ending) -> None:
    on_register().when(begin(how, document=" ")).breaks("O-11", field="document")
    on_register().when(begin(how, findings=" ")).breaks("O-11", field="findings")
    given().when(begin(how)).breaks("O-11")
    after = on_register().when(begin(how)).leads_to()
    assert after.state.status is Status.LIQUIDATING
    after.when(begin(how)).breaks("O-11")
    [event] = on_register().when(begin(how)).happened
    assert announce.of_organisations(event, after.state) == published.StandingChanged(
        street="guanshang",
        community="haihua",
        supplier="nuanyang",
        change="ended",
        ended=how.value,
        rule="O-11",
        clause=CLAUSE,
    )


def test_O_11_liquidation_first_and_nothing_is_shared_out() -> None:
    going = on_register(begun)
    going.when(lambda o: ending.deregister(o, LATER)).breaks("O-11")
    going.when(liquidate(shared_out=True)).breaks("O-11", clause=CLAUSE, field="shared_out")
    going.when(liquidate(document=" ")).breaks("O-11", field="document")
    going.when(liquidate(assets_to=" ")).breaks("O-11", field="assets_to")
    after = going.when(liquidate()).then(liquidated)
    after.when(liquidate()).breaks("O-11")
    on_register().when(liquidate()).breaks("O-11")
    gone = after.when(lambda o: ending.deregister(o, LATER)).then(over)
    assert (gone.state.status, gone.state.next_due) == (Status.ENDED, None)
    gone.when(lambda o: ending.deregister(o, LATER)).breaks("O-11")


def test_O_11_an_end_begun_by_mistake_is_withdrawn_until_it_is_deregistered() -> None:
    """Of the wrong organisation, say: it could report nothing more, and take no project."""

    def withdraw(reason: str = "选错组织") -> Any:
        return lambda o: ending.withdraw(o, reason=reason, now=LATER)

    before = on_register(rated).state
    for so_far in ((begun,), (begun, liquidated)):
        going = on_register(rated, *so_far)
        going.when(withdraw(" ")).refused(Malformed, field="reason")
        after = going.when(withdraw()).then(withdrawn)
        assert after.state == before
        after.when(withdraw()).breaks("O-11")
        told = announce.of_organisations(withdrawn, after.state)
        assert isinstance(told, published.StandingChanged)
        assert (told.change, told.ended, told.rating) == ("reinstated", None, 4)
    on_register(begun, liquidated, over).when(withdraw()).breaks("O-11")


def test_O_11_off_the_register_nothing_is_asked_of_it_any_more() -> None:
    going = on_register(matter, begun)
    late = LATER + timedelta(days=900)
    assert clocks.come_due(going.state, late, NUMBERS) == ()
    assert matters.missed(going.state, late) == ()
    going.when(propose()).breaks("O-10")
    going.when(report()).breaks("O-07")
    assert on_register(rated, begun).state.rating is not None
