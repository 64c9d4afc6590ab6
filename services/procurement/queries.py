"""Figures across documents. Lists and single ones come from the desk's guarded aggregates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.aggregates import Aggregates
from chassis.identity import Subject
from chassis.kernel.errors import NotFound

from .desk import ProcurementDesk
from .domain.announcement import Announcement, announced
from .domain.catalogue import Differences, compare
from .domain.events import Way
from .domain.money import DistrictMoney, measured
from .domain.panel import Panel
from .domain.pilot import Households, PilotBudget, budget
from .domain.plan import PlanStatus
from .domain.printed import CallsOfYear, PrintedCall
from .domain.standing import Standing
from .domain.supervision import Supervision


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcurementQueries:
    desk: ProcurementDesk
    printed: Mapping[int, PrintedCall]

    async def differences(self, id: str, other: str, subject: Subject) -> Differences:
        """P-01: what edition `id` has that the earlier edition `other` hasn't, and the reverse."""
        later = await self.desk.catalogues.show(id, subject)
        earlier = await self.desk.catalogues.show(other, subject)
        return compare(earlier.aggregate.entries, later.aggregate.entries)

    async def panel(self, kept: Aggregates[Any, Any], id: str) -> Panel:
        """P-11: of a contract or a call; public as it was drawn, so that anybody may draw again."""
        panel: Panel | None = (await kept.get(id)).aggregate.panel
        if panel is None:
            raise NotFound
        return panel

    async def announcements(self, year: int) -> list[Announcement]:
        """The calls of a year, for everybody."""
        return [announced(held.aggregate) async for held in self.desk.calls.every({"year": year})]

    async def money(self, year: int) -> DistrictMoney:
        """P-18: how far the published plans of a year meet what the district sets aside."""
        wanted = {"year": year, "status": PlanStatus.PUBLISHED}
        plans = [held.aggregate async for held in self.desk.plans.every(wanted)]
        _, policy = await self.desk.policies.current()
        return measured(year, plans, policy)

    async def calls_of(self, year: int) -> CallsOfYear:
        """P-38: NotFound of a year of which nothing was printed and nothing happened here."""
        every = [held.aggregate async for held in self.desk.calls.every({"year": year})]
        own = [one for one in every if one.item.way is Way.BUILDING]
        printed = self.printed.get(year)
        if printed is None and not own:
            raise NotFound
        won = [one.awarded for one in own if one.awarded is not None]
        return CallsOfYear(
            year=year,
            printed=printed,
            beside=printed.beside if printed else 0,
            calls=len(own),
            applications=sum(len(one.applications) for one in own),
            awarded=len(won),
            awarded_amount=sum(one.amount for one in won),
        )

    async def pilot(self, code: str) -> PilotBudget:
        """P-19: NotFound where the register has no such community."""
        community, yards = await self.desk.communities.look(code), await self.desk.yards.look(code)
        if community is None:
            raise NotFound
        counted = Households(all=community.households)
        if yards is not None:
            counted = Households(
                all=community.households,
                self_governed=yards.self_governed,
                public_unit=yards.public_unit,
                property_managed=yards.property_managed,
                counted=True,
            )
        _, policy = await self.desk.policies.current()
        return budget(code, counted, policy)

    async def supervision(self, contract: str, subject: Subject) -> Supervision:
        """For its supervisor as for whoever is shown it otherwise."""
        held = await self.desk.supervisions.look(contract)
        if held is not None and subject.acts_as == f"supplier:{held.aggregate.supervisor}":
            return held.aggregate
        return (await self.desk.supervisions.show(contract, subject)).aggregate

    async def eligibility(
        self, supplier: str, project: str, year: int, subject: Subject, now: datetime
    ) -> Standing:
        """P-06, P-07, P-08: with every reason, as of now."""
        held = await self.desk.suppliers.show(supplier, subject)
        return (await self.desk.standing(held.aggregate, project, year, now)).standing
