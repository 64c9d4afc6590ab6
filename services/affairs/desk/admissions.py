"""Work that is asked of communities."""

from datetime import date, datetime

from chassis.cause import Cause
from chassis.renewal import renew
from services.affairs.domain import admitting
from services.affairs.domain.admission import CIVIL_AFFAIRS, Admission, Status
from services.affairs.domain.intrusion import Intrusion
from services.affairs.domain.listing import ListKind

from .registers import Registers, place_resource


def admission_resource(one: Admission | Intrusion) -> dict[str, object]:
    """Seen by whose territory it is, by the unit, and by the leading group's office."""
    units = (CIVIL_AFFAIRS, one.unit) if one.unit != CIVIL_AFFAIRS else (CIVIL_AFFAIRS,)
    return {**place_resource(one), "units": units}


class Admissions(Registers):
    __slots__ = ()

    async def admitted(self, reported: Intrusion) -> bool:
        """Whether this work of this unit stood admitted when it was reported, there or in its whole street; of a
        community, whichever street that lay in when it was admitted.
        """
        where = {"unit": reported.unit, "item": reported.item}
        async for held in self.admissions.every(where):
            one = held.aggregate
            whole_street = one.community is None and one.street == reported.street
            there = whole_street or one.community == reported.community
            if there and one.stood(reported.reported_at):
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
