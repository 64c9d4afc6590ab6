"""P-25: what a contract's project was approved to offer, as its first call has it."""

from dataclasses import replace

from chassis.cause import Cause
from chassis.kind import derived_id
from services.procurement.domain.call_events import Awarded
from services.procurement.domain.contract import Contract
from services.procurement.domain.events import ContractSigned
from services.procurement.domain.evolution import evolve
from services.procurement.main import desk_on
from services.procurement.offered import offered
from tests.support.memory import MemoryStore
from tests.support.specification import past
from tests.support.toy import Silent

from .calling import AFTER, PROGRAMME, SEATED, closed, opened
from .cases import DRAFT, ITEM, MARCH, SERVICES, WORK, drafted, signed

CAUSE = Cause(actor="platform", now=MARCH)
first = replace(signed, plan="p-1", item="i1")
AWARDED = Awarded(supplier="tongxin", amount=1, at=AFTER)
RENEWED = replace(DRAFT, items=(replace(ITEM, renews="c-1"),))


def contract(event: ContractSigned) -> Contract:
    return past(None, evolve, (event,)).state


async def test_P_25_a_renewed_contract_offers_what_its_first_one_was_approved_for() -> None:
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    call = derived_id("call", "p-1", "i1")
    won = (replace(opened, call=call), *SEATED, closed, AWARDED, *PROGRAMME)
    await desk.calls.once(call, won, CAUSE)
    await desk.contracts.once("c-1", [first], CAUSE)
    again = replace(drafted, plan="p-2", year=2027, draft=RENEWED)
    await desk.plans.once("p-2", [again], CAUSE)
    assert await offered(desk, contract(first)) == SERVICES
    assert await offered(desk, contract(replace(first, contract="c-2", plan="p-2"))) == SERVICES
    assert await offered(desk, contract(replace(first, supplier="lost"))) == ()
    for none in (replace(first, plan=None), replace(first, plan="p-9")):
        assert await offered(desk, contract(none)) == ()
