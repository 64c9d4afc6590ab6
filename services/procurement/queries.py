"""Lists and figures. What a subject may not see is not in them, nor counted."""

from dataclasses import dataclass
from typing import Any

from chassis.aggregates import Aggregates, Held
from chassis.identity import Access, Subject
from chassis.kernel.errors import NotFound
from chassis.store import Page

from .access import ACCESS, REGISTER
from .desk import contract_resource, supplier_resource
from .domain.contract import Contract, ContractEvent
from .domain.eligibility import Eligibility, EligibilityEvent, Standing, standing
from .domain.supplier import Supplier, SupplierRegistered


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcurementQueries:
    suppliers: Aggregates[Supplier, SupplierRegistered]
    contracts: Aggregates[Contract, ContractEvent]
    eligibilities: Aggregates[Eligibility, EligibilityEvent]

    async def supplier(self, id: str, subject: Subject) -> Held[Supplier]:
        held = await self.suppliers.get(id)
        if not REGISTER.may_see(subject, supplier_resource(held.aggregate)):
            raise NotFound(f"没有这条记录：{id}")
        return held

    async def list_suppliers(
        self, subject: Subject, wanted: dict[str, Any], after: Page | None, limit: int
    ) -> list[Held[Supplier]]:
        where = _visible(REGISTER, subject, wanted)
        if where is None:
            return []
        return await self.suppliers.find(where, after=after, limit=limit)

    async def eligibility(
        self, supplier: str, project: str, year: int, subject: Subject
    ) -> Standing:
        """P-08: as derived from what was heard, with every reason."""
        await self.supplier(supplier, subject)
        held = await self.eligibilities.look(supplier)
        known = held.aggregate if held else None
        return standing(known, supplier=supplier, project=project, year=year)

    async def contract(self, id: str, subject: Subject) -> Held[Contract]:
        held = await self.contracts.get(id)
        if not ACCESS.may_see(subject, contract_resource(held.aggregate)):
            raise NotFound(f"没有这条记录：{id}")
        return held

    async def list_contracts(
        self, subject: Subject, wanted: dict[str, Any], after: Page | None, limit: int
    ) -> list[Held[Contract]]:
        where = _visible(ACCESS, subject, wanted)
        if where is None:
            return []
        return await self.contracts.find(where, after=after, limit=limit)


def _visible(access: Access, subject: Subject, wanted: dict[str, Any]) -> dict[str, Any] | None:
    """What is asked for, within what may be seen; None when that is nothing."""
    may = access.visible(subject)
    asked = {name: value for name, value in wanted.items() if value is not None}
    if may is None or any(name in asked and asked[name] != value for name, value in may.items()):
        return None
    return {**asked, **may}
