"""What is bought by whom: from which plan, by which call, under which contracts."""

from datetime import datetime

from chassis.kernel.errors import UnknownReference
from chassis.kernel.offices import other_name
from chassis.kind import derived_id
from services.procurement.domain.awarding import bought_by
from services.procurement.domain.call import Call, CallStatus
from services.procurement.domain.contract import Contract
from services.procurement.domain.item import Item
from services.procurement.domain.plan import Plan
from services.procurement.domain.signing import may_buy

from .registers import Registers, plan_id


class Buying(Registers):
    __slots__ = ()

    async def under_other_name(self, by: str, year: int) -> Plan | None:
        """P-02, P-03 (ours): a plan of an office's year is one, not one under each of its names."""
        held = await self.plans.look(plan_id(other_name(by), year))
        return held.aggregate if held else None

    async def bought(
        self, plan: str, item: str, amount: int, by: str, now: datetime
    ) -> tuple[Plan, Item]:
        """P-28, P-02, P-03, P-29, P-32: the item of its plan that an office calls or signs for."""
        may_buy(by, await self.listed_as(by))
        held = await self.plans.look(plan)
        if held is None or held.aggregate.purchaser != by:
            raise UnknownReference("您没有这份计划。", field="plan")
        found = held.aggregate.bought(item, amount, await self.purchaser(by), now)
        return held.aggregate, found

    async def call_for(self, plan: Plan, item: Item) -> Call | None:
        """P-33: the call by which an item is bought, where it is by one."""
        held = await self.calls.look(derived_id("call", plan.id, item.code))
        return bought_by(held.aggregate if held else None, item)

    async def contracts_of(self, plan: str, item: str) -> tuple[Contract, ...]:
        """P-02: all that was signed for an item, one in the place of another."""
        held = self.contracts.every({"plan": plan})
        return tuple([one.aggregate async for one in held if one.aggregate.item == item])

    async def most_for(self, contract: Contract) -> int:
        """P-02, P-33: in fen, what may be signed for its item: what was planned and awarded, less what those before it
        were paid. Of one from before plans were named, what it has."""
        held = await self.plans.look(contract.plan) if contract.plan else None
        table = held.aggregate.table if held else ()
        item = next((one for one in table if one.code == contract.item), None)
        if held is None or item is None:
            return contract.amount
        call = await self.calls.look(derived_id("call", held.id, item.code))
        awarded = call.aggregate.awarded if call else None
        planned = item.amount - contract.paid_before
        return min(planned, awarded.amount) if awarded else planned

    async def signed_under(self, call: Call) -> tuple[Contract, ...]:
        """P-33: the contracts of its award, whether or not they ended since."""
        signed = await self.contracts_of(call.plan, call.item.code) if call.awarded else ()
        return tuple(one for one in signed if call.awarded and one.signed_at >= call.awarded.at)

    async def won_by(self, supplier: str, year: int) -> tuple[Call, ...]:
        """P-38: the calls of a year that it was awarded and that weren't cancelled since."""
        held = self.calls.every({"year": year, "winner": supplier, "status": CallStatus.AWARDED})
        return tuple([one.aggregate async for one in held])

    async def renewable(self, id: str, by: str) -> Contract:
        """The contract that `by` would sign for another year."""
        return await self._own(id, by, "item")

    async def ended_early(self, id: str, by: str) -> Contract:
        """The contract in whose place `by` would sign another."""
        return await self._own(id, by, "replaces")

    async def delivered(self, id: str, by: str) -> Contract:
        """The contract that `by` delivers."""
        held = await self.contracts.look(id)
        if held is None or by != f"supplier:{held.aggregate.supplier}":
            raise UnknownReference("您没有这份合同。", field="contract")
        return held.aggregate

    async def _own(self, id: str, by: str, field: str) -> Contract:
        held = await self.contracts.look(id)
        if held is None or held.aggregate.purchaser != by:
            raise UnknownReference("您没有这份合同。", field=field)
        return held.aggregate
