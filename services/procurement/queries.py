"""Figures across documents. Lists and single ones come from the desk's guarded aggregates."""

from dataclasses import dataclass
from datetime import datetime

from chassis.identity import Subject

from .desk import ProcurementDesk
from .domain.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcurementQueries:
    desk: ProcurementDesk

    async def eligibility(
        self, supplier: str, project: str, year: int, subject: Subject, now: datetime
    ) -> Standing:
        """P-06, P-07, P-08: with every reason, as of now."""
        await self.desk.suppliers.show(supplier, subject)
        return await self.desk.standing(supplier, project, year, now)
