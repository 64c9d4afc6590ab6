"""How long people are kept: founders and heads, who complained, volunteers; and what is held about one."""

from datetime import timedelta
from typing import Any

from chassis.cause import Cause
from chassis.held_about import held_about
from chassis.kind import Held
from chassis.retention import Line
from services.organisations.domain import complaint as complaints
from services.organisations.domain import heads, serving
from services.organisations.domain.complaint import Complaint, ComplaintRead
from services.organisations.domain.events import PersonRead
from services.organisations.domain.organisation import Organisation
from services.organisations.domain.policy import Retention
from services.organisations.domain.volunteer import Volunteer, VolunteerRead

from .others import Others

PERSONS, COMPLAINANTS, VOLUNTEERS = (
    "retention.person_days",
    "retention.complainant_days",
    "retention.volunteer_days",
)


class Keeping(Others):
    __slots__ = ()

    def retention(self) -> tuple[Line, ...]:
        async def persons() -> int:
            return (await self._terms()).person_days

        async def complainants() -> int:
            return (await self._terms()).complainant_days

        async def volunteers() -> int:
            return (await self._terms()).volunteer_days

        return (
            Line(name=PERSONS, of=self.organisations, days=persons, remove=self.forget_people),
            Line(
                name=COMPLAINANTS,
                of=self.complaints,
                days=complainants,
                remove=self.forget_complainant,
            ),
            Line(
                name=VOLUNTEERS, of=self.volunteers, days=volunteers, remove=self.forget_volunteer
            ),
        )

    async def forget_people(self, held: Held[Organisation], cause: Cause) -> None:
        """Those of its seats whose term is over; the others stay."""
        days = (await self._terms()).person_days
        until = cause.now - timedelta(days=days)
        seats = [seat for seat, since in held.aggregate.gone.items() if since <= until]
        await self.sealed.remove(held.id, seats, self.removals, PERSONS, cause)
        await self.organisations.change(
            held.id, lambda one: heads.forget(one, until, cause.now), cause
        )

    async def forget_complainant(self, held: Held[Complaint], cause: Cause) -> None:
        await self.sealed.remove(held.id, ("reporter",), self.removals, COMPLAINANTS, cause)
        await self.complaints.change(held.id, lambda one: complaints.forget(one, cause.now), cause)

    async def forget_volunteer(self, held: Held[Volunteer], cause: Cause) -> None:
        await self.sealed.remove(held.id, ("volunteer",), self.removals, VOLUNTEERS, cause)
        await self.volunteers.change(held.id, lambda one: serving.forget(one, cause.now), cause)

    # What is held about one

    async def held_about_person(self, id: str, seat: str) -> dict[str, Any]:
        """With every other seat that is his, told by his number."""
        held = await held_about(
            self.organisations,
            self.sealed,
            id,
            seat,
            reading=lambda event: isinstance(event, PersonRead) and event.seat == seat,
            over=(await self.organisations.get(id)).aggregate.gone.get(seat),
            days=(await self._terms()).person_days,
        )
        same = [one for one in await self.sealed.same(id, seat) if one != (id, seat)]
        return {**held, "elsewhere": [{"organisation": of, "seat": what} for of, what in same]}

    async def held_about_complainant(self, id: str) -> dict[str, Any]:
        return await held_about(
            self.complaints,
            self.sealed,
            id,
            "reporter",
            reading=lambda event: isinstance(event, ComplaintRead),
            over=(await self.complaints.get(id)).aggregate.over,
            days=(await self._terms()).complainant_days,
        )

    async def held_about_volunteer(self, id: str) -> dict[str, Any]:
        return await held_about(
            self.volunteers,
            self.sealed,
            id,
            "volunteer",
            reading=lambda event: isinstance(event, VolunteerRead),
            over=(await self.volunteers.get(id)).aggregate.over,
            days=(await self._terms()).volunteer_days,
        )

    async def _terms(self) -> Retention:
        return (await self.policies.current())[1].retention
