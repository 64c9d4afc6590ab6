"""Figures across documents. Lists and single ones come from the desk's guarded aggregates."""

from dataclasses import dataclass

from chassis.aggregates import Aggregates
from chassis.guarded import Guarded
from chassis.identity import Subject

from .domain.eligibility import Eligibility, EligibilityEvent, Standing, standing
from .domain.supplier import Supplier, SupplierRegistered


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcurementQueries:
    suppliers: Guarded[Supplier, SupplierRegistered]
    eligibilities: Aggregates[Eligibility, EligibilityEvent]

    async def eligibility(
        self, supplier: str, project: str, year: int, subject: Subject
    ) -> Standing:
        """P-08: as derived from what was heard, with every reason."""
        await self.suppliers.show(supplier, subject)
        held = await self.eligibilities.look(supplier)
        known = held.aggregate if held else None
        return standing(known, supplier=supplier, project=project, year=year)
