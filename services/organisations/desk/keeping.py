"""How long people are kept: founders and heads, who complained, volunteers."""

from datetime import timedelta

from chassis.cause import Cause
from chassis.kind import Held
from chassis.retention import Line
from services.organisations.domain import complaint as complaints
from services.organisations.domain import heads, serving
from services.organisations.domain.complaint import Complaint
from services.organisations.domain.organisation import Organisation
from services.organisations.domain.policy import Retention
from services.organisations.domain.volunteer import Volunteer

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

    async def _terms(self) -> Retention:
        return (await self.policies.current())[1].retention
