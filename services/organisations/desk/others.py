"""Complaints, incubations, contacts and meetings: whose they are, and what the clock does to them."""

from datetime import date, datetime

from chassis.cause import Cause
from chassis.kernel.errors import Malformed
from services.organisations.domain import contact as contacts
from services.organisations.domain import meeting as meetings
from services.organisations.domain.complaint import Complaint
from services.organisations.domain.draw import Draw
from services.organisations.domain.incubation import Incubation, IncubationStatus, Tier
from services.organisations.domain.meeting import Meeting, MeetingLevel, Task

from .registers import CIVIL_AFFAIRS, Place
from .volunteering import Volunteering


def draw_resource(one: Draw) -> dict[str, object]:
    return {"units": tuple(dict.fromkeys((CIVIL_AFFAIRS, one.unit)))}


def complaint_resource(one: Complaint) -> dict[str, object]:
    """Never the organisation's that it is about."""
    return {"street": one.street, "units": (CIVIL_AFFAIRS,)}


def incubation_resource(one: Incubation) -> dict[str, object]:
    """Civil affairs see them all; only the base is theirs."""
    return {"street": one.street, "community": one.community, "units": (CIVIL_AFFAIRS,)}


def meeting_resource(one: Meeting, *, convening: bool = False) -> dict[str, object]:
    """Seen by its street, civil affairs, and the departments that have something to do."""
    if convening:
        district = one.level is MeetingLevel.DISTRICT
        return {"units": (CIVIL_AFFAIRS,)} if district else {"street": one.street}
    charged = [task.who.partition(":") for task in one.tasks]
    units = tuple(code for kind, _, code in charged if kind == "department")
    return {"street": one.street, "units": (CIVIL_AFFAIRS, *units)}


def whose_task(task: Task) -> dict[str, object]:
    kind, _, code = task.who.partition(":")
    return {"units": (code,)} if kind == "department" else {kind: code}


class Others(Volunteering):
    __slots__ = ()

    async def incubated_at(
        self, tier: Tier, street: str | None, community: str | None, now: datetime
    ) -> Place:
        if (tier is Tier.STATION) != (community is not None):
            raise Malformed("工作站写明社区，其余不写。", field="community")
        if tier is Tier.CENTRE and street is None:
            raise Malformed("指导中心须写明街道。", field="street")
        if tier is Tier.BASE and street is not None:
            raise Malformed("孵化基地不写街道。", field="street")
        return await self.place(street, community, now)

    async def answered_for(self, unit: str) -> list[str]:
        """Those on the register whose supervising unit this is; civil affairs register them all."""
        return [
            held.id
            async for held in self.organisations.every({"listed": True})
            if unit in (CIVIL_AFFAIRS, held.aggregate.supervising)
        ]

    async def there_since(self, organisation: str | None, group: str | None) -> date | None:
        """Since when it is registered, or filed; None for what isn't."""
        if organisation is not None:
            held = await self.organisations.look(organisation)
            there = held is not None and held.aggregate.on_register
            return held.aggregate.registered_on if held is not None and there else None
        found = await self.groups.look(group) if group is not None else None
        return found.aggregate.filed_on if found is not None and found.aggregate.filed else None

    async def is_taken(self, organisation: str | None, group: str | None) -> bool:
        """Whether an incubation went out as this already."""
        became = (organisation, group)
        gone = self.incubations.every({"status": IncubationStatus.GRADUATED.value})
        return became in [(one.aggregate.organisation, one.aggregate.group) async for one in gone]

    async def contact_due(self, id: str, cause: Cause) -> None:
        await self.contacts.change(id, lambda plan: contacts.missed(plan, cause.now), cause)

    async def task_due(self, id: str, cause: Cause) -> None:
        await self.meetings.change(id, lambda one: meetings.missed(one, cause.now), cause)
