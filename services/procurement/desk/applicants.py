"""Who applies or signs: what it may bid for, and where it would deliver."""

from collections.abc import Iterable
from datetime import datetime

from chassis import places
from chassis.kernel.clock import local_date
from chassis.kernel.errors import UnknownReference
from services.procurement.domain.applicant import Applicant
from services.procurement.domain.call import Call
from services.procurement.domain.condition import Condition
from services.procurement.domain.hearing import Hearing
from services.procurement.domain.item import Item
from services.procurement.domain.signing import year_of
from services.procurement.domain.standing import Lost, standing
from services.procurement.domain.supplier import Supplier

from .buying import Buying


class Applicants(Buying):
    __slots__ = ()

    async def applicant(
        self, code: str, project: str, now: datetime, plan: str, year: int, item: Item
    ) -> Applicant:
        """A supplier and what decides about it as of now, for an item of the plan of a year; UnknownReference where
        there is no such one."""
        held = await self.suppliers.look(code)
        if held is None:
            raise UnknownReference(f"没有这个供应方：{code}", field="supplier")
        signed = await self.contracts_of(plan, item.code)
        lost = tuple(one.lost for one in signed if one.supplier == code and one.lost)
        return await self.standing(
            held.aggregate, project, year_of(year, now), now, item.conditions, lost
        )

    async def standing(
        self,
        supplier: Supplier,
        project: str,
        year: int,
        now: datetime,
        asked: Iterable[Condition] = (),
        lost: Iterable[Lost] = (),
    ) -> Applicant:
        """P-06, P-07, P-08: by its papers, its bars, what was heard, what the project asks, and what it lost of it."""
        heard = await self.eligibilities.look(supplier.code)
        _, policy = await self.policies.current()
        now_stands = standing(
            supplier,
            heard.aggregate if heard else None,
            project=project,
            year=year,
            on=local_date(now),
            needs=policy.supplier_facts,
            asked=asked,
            lost=lost,
        )
        aggregate = heard.aggregate if heard else None
        return Applicant(standing=now_stands, supplier=supplier, heard=aggregate)

    async def hearing(self, project: str, community: str | None) -> Hearing | None:
        """P-10: the last hearing of a project in a community, as consultation told it, or in what was merged into it
        (ours)."""
        found = [
            told
            for place in await self.merged_into(community or "")
            for told in await self.outcomes.find({"about": f"{project}|{place}"})
        ]
        last = max(found, key=lambda one: one.at, default=None)
        return Hearing(matter=last.matter, outcome=last.outcome, at=last.at) if last else None

    async def as_now(self, community: str | None) -> str | None:
        """What it was merged into since, where it was."""
        found = await places.settled(self.communities, community) if community else None
        return found[0] if found else community

    async def merged_into(self, community: str) -> list[str]:
        """It, and what became it, one merger after the other."""
        became = {one.code: one.became for one in await self.communities.every() if one.became}
        found = [community]
        for one in found:
            found += [code for code, into in became.items() if into == one and code not in found]
        return found

    async def may_carry_out(self, community: str | None, call: Call, now: datetime) -> None:
        """P-10, P-33: who applies together stands in the register, and in the street that buys, as its contract will
        be."""
        kind, _, street = call.purchaser.partition(":")
        if community is not None and kind == "street":
            await self.in_street(community, street, now)
        elif community is not None:
            await places.standing(self.communities, community, local_date(now))
