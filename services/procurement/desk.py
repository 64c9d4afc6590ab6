"""What the steps work on and have to know, and what happens by others' news."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chassis.aggregates import Aggregates
from chassis.cause import Cause
from chassis.copies import Copies
from chassis.guarded import Guarded
from chassis.kernel.clock import WorkTime, local_date
from chassis.kernel.errors import Malformed, UnknownReference
from chassis.kind import Held
from chassis.places import named
from chassis.policy import Policies
from chassis.renewal import renew
from contracts.housing import CommunityProfiled

from .domain import eligibility as eligibilities
from .domain.contract import Contract, Status
from .domain.eligibility import Eligibility, EligibilityEvent, ResultHeard
from .domain.events import ContractEvent
from .domain.policy import ProcurementPolicy
from .domain.standing import Standing, standing
from .domain.supplier import Supplier, SupplierEvent


def contract_resource(contract: Contract) -> dict[str, object]:
    """What the policy looks at; also the fields by which lists are filtered."""
    return {
        "street": contract.street,
        "community": contract.community,
        "supplier": contract.supplier,
        "units": contract.units,
    }


def supplier_resource(supplier: Supplier) -> dict[str, object]:
    return {"supplier": supplier.code}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcurementDesk:
    suppliers: Guarded[Supplier, SupplierEvent]
    contracts: Guarded[Contract, ContractEvent]
    eligibilities: Aggregates[Eligibility, EligibilityEvent]
    communities: Copies[CommunityProfiled]
    policies: Policies[ProcurementPolicy]
    work: WorkTime

    async def enter(self, result: ResultHeard, cause: Cause) -> None:
        """An evaluation, into the eligibility of its supplier: the only way in."""
        await self.eligibilities.record(
            result.supplier, lambda known: eligibilities.hear(known, result), cause
        )

    async def come_due(self, id: str, cause: Cause) -> None:
        """An instalment's time has run out, or a term is over."""
        await self.contracts.change(id, lambda c: c.come_due(now=cause.now), cause)

    async def renewable(self, id: str, by: str) -> Held[Contract]:
        """The contract that `by` would sign for another year."""
        held = await self.contracts.look(id)
        if held is None or held.aggregate.purchaser != by:
            raise UnknownReference("没有可由您续签的这份合同。", field="renews")
        return held

    async def renew_calendar(self, now: datetime) -> None:
        """At start: contracts with time to pay that runs."""
        await renew(
            self.contracts,
            [{"status": Status.SIGNED}],
            lambda c: c.renew_calendar(self.work, now),
            now,
        )

    async def end_bars(self, code: str, cause: Cause) -> None:
        """A bar's term is over."""
        await self.suppliers.change(code, lambda supplier: supplier.end_bars(now=cause.now), cause)

    async def standing(self, supplier: str, project: str, year: int, now: datetime) -> Standing:
        """UnknownReference where there is no such supplier."""
        held = await self.suppliers.look(supplier)
        if held is None:
            raise UnknownReference(f"没有这个供应方：{supplier}", field="supplier")
        heard = await self.eligibilities.look(supplier)
        _, policy = await self.policies.current()
        return standing(
            held.aggregate,
            heard.aggregate if heard else None,
            project=project,
            year=year,
            on=local_date(now),
            needs=policy.supplier_facts,
        )

    async def in_street(self, code: str, street: str) -> None:
        found = await self.communities.known(code, "community")
        if found.street is None:
            detail = f"{found.name} 尚未登记所属街道，由区里补录后方可签约。"
            raise UnknownReference(detail, field="community")
        if found.street != street:
            raise Malformed(f"{found.name} 不属于街道 {street}。", field="community")


async def names(desk: ProcurementDesk) -> Mapping[str, Mapping[str, str]]:
    """What codes are called, by the field that holds them."""
    suppliers = {held.id: held.aggregate.name async for held in desk.suppliers.every({})}
    return {**await named(desk.communities), "supplier": suppliers}
