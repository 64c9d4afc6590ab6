"""Figures across documents. Lists and single ones come from the desk's guarded aggregates."""

from dataclasses import dataclass
from datetime import datetime

from chassis.identity import Subject
from chassis.kernel.errors import NotFound

from .desk import ProcurementDesk
from .domain.catalogue import Differences, compare
from .domain.panel import Panel
from .domain.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcurementQueries:
    desk: ProcurementDesk

    async def differences(self, id: str, other: str, subject: Subject) -> Differences:
        """P-01: what edition `id` has that the earlier edition `other` hasn't, and the reverse."""
        later = await self.desk.catalogues.show(id, subject)
        earlier = await self.desk.catalogues.show(other, subject)
        return compare(earlier.aggregate.entries, later.aggregate.entries)

    async def panel(self, contract: str) -> Panel:
        """P-11: public as it was drawn, so that anybody may draw again."""
        held = await self.desk.contracts.get(contract)
        if held.aggregate.panel is None:
            raise NotFound
        return held.aggregate.panel

    async def eligibility(
        self, supplier: str, project: str, year: int, subject: Subject, now: datetime
    ) -> Standing:
        """P-06, P-07, P-08: with every reason, as of now."""
        await self.desk.suppliers.show(supplier, subject)
        return await self.desk.standing(supplier, project, year, now)
