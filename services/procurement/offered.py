"""What a 三社联动 project offers: by the plan its contract was signed under, or the contract that it goes on from."""

from chassis.kind import derived_id

from .desk import ProcurementDesk
from .domain.application import Application
from .domain.call import Call
from .domain.contract import Contract
from .domain.guide import Service


async def offered(desk: ProcurementDesk, contract: Contract) -> tuple[Service, ...]:
    """As it was revised after the award, or applied for; nothing where it was bought without a call here, or was called
    for again since and won by another."""
    if contract.plan is None or contract.item is None:
        return ()
    held = await desk.calls.look(derived_id("call", contract.plan, contract.item))
    if held is None:
        return await _renewed(desk, contract.plan, contract.item)
    awarded = held.aggregate.awarded
    if awarded is None or awarded.supplier != contract.supplier:
        return ()
    if held.aggregate.programme is not None:
        return held.aggregate.programme.services
    found = application_of(held.aggregate, contract.supplier)
    return found.services if found else ()


def application_of(call: Call, supplier: str) -> Application | None:
    return next((one for one in call.applications if one.supplier == supplier), None)


async def _renewed(desk: ProcurementDesk, plan: str, item: str) -> tuple[Service, ...]:
    held = await desk.plans.look(plan)
    items = held.aggregate.items if held else ()
    renews = next((one.renews for one in items if one.code == item), None)
    first = await desk.contracts.look(renews) if renews else None
    return await offered(desk, first.aggregate) if first else ()
