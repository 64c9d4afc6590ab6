"""Work that is asked of communities."""

from datetime import date, datetime

from chassis.cause import Cause
from chassis.renewal import renew
from services.affairs.domain import admitting
from services.affairs.domain.admission import CIVIL_AFFAIRS, IN_FORCE, Admission, Status
from services.affairs.domain.intrusion import Intrusion
from services.affairs.domain.listing import ListKind

from .registers import Registers, place_resource


def admission_resource(one: Admission | Intrusion) -> dict[str, object]:
    """Seen by whose territory it is, by the unit, and by the leading group's office."""
    units = (CIVIL_AFFAIRS, one.unit) if one.unit != CIVIL_AFFAIRS else (CIVIL_AFFAIRS,)
    return {**place_resource(one), "units": units}


class Admissions(Registers):
    __slots__ = ()

    async def admitted(self, unit: str, item: str, street: str, community: str | None) -> bool:
        """Whether this work of this unit stands admitted there, or in its whole street."""
        where = {"unit": unit, "item": item, "street": street}
        async for held in self.admissions.every(where):
            one = held.aggregate
            if one.status in IN_FORCE and one.community in (None, community):
                return True
        return False

    async def listed_items(self, day: date) -> frozenset[str]:
        """What the list of work items in force names: it needs no admission (A-01)."""
        held = await self.lists.look(ListKind.ITEMS)
        return held.aggregate.on(day)[1] if held else frozenset()

    async def admission_due(self, id: str, cause: Cause) -> None:
        """A term is over, or something is late."""
        await self.admissions.change(id, lambda known: admitting.come_due(known, cause.now), cause)

    async def renew_calendar(self, now: datetime) -> None:
        """At a start: reviews that are to come."""
        await renew(
            self.admissions,
            [{"status": Status.APPLIED}],
            lambda known: admitting.renew(known, self.work, now),
            now,
        )
