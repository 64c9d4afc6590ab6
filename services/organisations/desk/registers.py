"""All that is kept here, and what of others' registers has to be known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from chassis.aggregates import Aggregates
from chassis.cause import Cause
from chassis.copies import Copies
from chassis.draw_secrets import DrawSecrets
from chassis.guarded import Guarded
from chassis.kernel.clock import WorkTime, local_date
from chassis.kernel.errors import Malformed, UnknownReference
from chassis.kind import Changed
from chassis.places import named, standing_street
from chassis.policy import Policies
from chassis.removals import Removals
from chassis.renewal import renew
from chassis.sealed import Sealed
from contracts.housing import CommunityProfiled
from contracts.whistle import UnitListed
from services.organisations.domain import clocks, file, registering
from services.organisations.domain.complaint import Complaint, ComplaintEvent
from services.organisations.domain.contact import ContactEvent, ContactPlan
from services.organisations.domain.counts import CommunityCount, CommunityCounted
from services.organisations.domain.draw import Draw, DrawEvent
from services.organisations.domain.events import OrganisationEntered, OrganisationEvent
from services.organisations.domain.file import File, Note
from services.organisations.domain.group import Group, GroupEvent
from services.organisations.domain.incubation import Incubation, IncubationEvent
from services.organisations.domain.meeting import Meeting, MeetingEvent
from services.organisations.domain.need import Need, NeedEvent
from services.organisations.domain.organisation import Organisation
from services.organisations.domain.policy import OrganisationsPolicy
from services.organisations.domain.registering import Numbers
from services.organisations.domain.volunteer import Volunteer, VolunteerEvent

CIVIL_AFFAIRS = "civil_affairs"
Place = tuple[str | None, str | None]
"""Street and community; neither of what works for the whole district."""


def organisation_resource(organisation: Organisation) -> dict[str, object]:
    """What the policy looks at; also the fields by which lists are filtered."""
    own = (organisation.supervising,) if organisation.supervising else ()
    return {
        "street": organisation.street,
        "community": organisation.community,
        "supplier": organisation.code,
        "units": (CIVIL_AFFAIRS, *own),
    }


class Placed(Protocol):
    @property
    def street(self) -> str: ...

    @property
    def community(self) -> str | None: ...


def place_resource(one: Placed) -> dict[str, object]:
    """Its community's, and its street's."""
    return {"street": one.street, "community": one.community}


def volunteer_resource(one: Volunteer) -> dict[str, object]:
    """The organisation's it serves with, as well."""
    return {**place_resource(one), "supplier": one.organisation}


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    organisations: Guarded[Organisation, OrganisationEvent]
    groups: Guarded[Group, GroupEvent]
    volunteers: Guarded[Volunteer, VolunteerEvent]
    needs: Guarded[Need, NeedEvent]
    complaints: Guarded[Complaint, ComplaintEvent]
    incubations: Guarded[Incubation, IncubationEvent]
    contacts: Guarded[ContactPlan, ContactEvent]
    meetings: Guarded[Meeting, MeetingEvent]
    draws: Guarded[Draw, DrawEvent]
    files: Aggregates[File, Note]
    counts: Aggregates[CommunityCount, CommunityCounted]
    communities: Copies[CommunityProfiled]
    units: Copies[UnitListed]
    sealed: Sealed
    secrets: DrawSecrets
    removals: Removals
    policies: Policies[OrganisationsPolicy]
    work: WorkTime

    async def numbers(self) -> Numbers:
        _, policy = await self.policies.current()
        return Numbers(policy=policy, work=self.work)

    async def place(self, street: str | None, community: str | None, now: datetime) -> Place:
        """Where something new begins: the community's street follows from the register."""
        if community is None:
            if street is not None:
                await standing_street(self.communities, street, local_date(now))
            return street, None
        lies_in = await self.street_of(community)
        if street not in (None, lies_in):
            raise Malformed("该社区不属于所写的街道。", field="street")
        return lies_in, community

    async def street_of(self, community: str) -> str:
        """Refused of a community that has ended, and of one whose street the register doesn't know."""
        found = await self.communities.known(community, "community")
        if found.valid_to is not None:
            raise UnknownReference(f"{found.name} 已于 {found.valid_to} 终止。", field="community")
        if found.street is None:
            raise UnknownReference(f"{found.name} 尚未登记所属街道。", field="community")
        return found.street

    async def organisation_due(self, code: str, cause: Cause) -> None:
        """A term is over, or something is late."""
        numbers = await self.numbers()
        await self.organisations.change(
            code, lambda known: clocks.come_due(known, cause.now, numbers), cause
        )

    async def enter_organisation(
        self, given: Mapping[str, Any], cause: Cause
    ) -> Changed[Organisation, OrganisationEvent]:
        """Of the register as it was before: by hand, or a line of a table."""
        entered = await self._entry(given, cause.now)
        return await self.organisations.record(
            entered.code, lambda known: [registering.enter(known, entered)], cause
        )

    async def note(self, code: str, note: Note, cause: Cause) -> None:
        """Of a supplier that is no organisation of ours there is no file."""
        if await self.organisations.look(code) is not None:
            await self.files.record(code, lambda known: file.note(known, note), cause)

    async def check_entry(self, given: Mapping[str, Any], now: datetime) -> None:
        """Refused as it would be."""
        registering.enter(None, await self._entry(given, now))

    async def _entry(self, given: Mapping[str, Any], now: datetime) -> OrganisationEntered:
        street, community = await self.place(given["street"], given["community"], now)
        if given["supervising"] is not None:
            await self.units.known(given["supervising"], "supervising")
        _, policy = await self.policies.current()
        placed = {**given, "street": street, "community": community}
        return OrganisationEntered(**placed, report_by=policy.report_by, at=now)

    async def elsewhere(self, code: str, seat: str) -> int:
        """In how many other organisations whoever has this seat serves."""
        found = 0
        for other, its_seat in await self.sealed.same(code, seat):
            held = await self.organisations.look(other) if other != code else None
            found += held is not None and held.aggregate.in_office(its_seat)
        return found

    async def is_founder(self, code: str, seat: str) -> bool:
        """Whether whoever has this seat is the founder it is said to be, as far as it is known who both are."""
        known = (await self.organisations.get(code)).aggregate
        founder = known.head(seat).founder
        if founder not in known.named:
            return True
        return (code, founder) in await self.sealed.same(code, seat)

    async def renew_calendar(self, now: datetime) -> None:
        """At start: what has time that runs."""
        await renew(
            self.organisations,
            [{"listed": True}],
            lambda one: clocks.renew(one, self.work, now),
            now,
        )


async def names(desk: Registers) -> Mapping[str, Mapping[str, str]]:
    """What codes are called, by the field that holds them."""
    suppliers = {held.id: held.aggregate.name async for held in desk.organisations.every({})}
    units = {one.code: one.name for one in await desk.units.every()}
    return {**await named(desk.communities), "supplier": suppliers, "units": units}
