"""Groups, volunteers and needs: what steps have to know, and what happens by the clock."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from chassis.aggregates import Aggregates
from chassis.beside import Beside, Undo, nothing
from chassis.cause import Cause
from chassis.kernel.clock import local_date
from chassis.kernel.errors import RuleBroken, UnknownReference
from chassis.kind import Changed, derived_id
from chassis.places import standing, standing_street
from services.organisations.domain import group as groups
from services.organisations.domain import need as needs
from services.organisations.domain import serving
from services.organisations.domain.counts import (
    CommunityCounted,
    Figures,
    count,
)
from services.organisations.domain.group import Group, GroupEvent, GroupProposed
from services.organisations.domain.need import Need, NeedEvent, NeedStatus
from services.organisations.domain.organisation import Organisation
from services.organisations.domain.volunteer import Receiver, Service, Volunteer, VolunteerEvent

from .registers import CIVIL_AFFAIRS, Registers

OF_NONE = "district"
"""The count of what belongs to no community."""


class Volunteering(Registers):
    __slots__ = ()

    async def known_organisation(self, code: str, field: str = "organisation") -> Organisation:
        held = await self.organisations.look(code)
        if held is None or not held.aggregate.on_register:
            raise UnknownReference(f"没有这个在册的社会组织：{code}", field=field)
        return held.aggregate

    async def known_office(self, kind: str, code: str, field: str, now: datetime) -> None:
        """A street or community that hasn't ended, a unit of the register, or an organisation on its own; or
        UnknownReference.
        """
        match kind:
            case "street":
                await standing_street(self.communities, code, local_date(now), field)
            case "community":
                await standing(self.communities, code, local_date(now), field)
            case "supplier":
                await self.known_organisation(code, field)
            case _ if code != CIVIL_AFFAIRS:
                await self.units.known(code, field)

    async def known_receiver(self, kind: Receiver, code: str, field: str, now: datetime) -> None:
        """Who is said to have received a service is there to confirm it, or has a community that does."""
        if kind is Receiver.VOLUNTEER:
            if await self.volunteers.look(code) is None:
                raise UnknownReference(f"没有这个志愿者：{code}", field=field)
        elif kind is not Receiver.RESIDENT:
            await self.known_office(kind.value, code, field, now)

    async def propose_group(
        self, street: str, given: Mapping[str, Any], cause: Cause
    ) -> Changed[Group, GroupEvent]:
        """By hand, or a line of a table; one of a name in a community."""
        id = await self._group_named(str(given["community"]), str(given["name"]))
        proposed = GroupProposed(id=id, street=street, **given, at=cause.now)
        return await self.groups.record(id, lambda known: [groups.propose(known, proposed)], cause)

    async def group_stands(self, community: str, name: str) -> bool:
        """Whether one of that name is there, on file or on its way."""
        there = self.groups.every({"community": community})
        named = [one.aggregate async for one in there if one.aggregate.name == name]
        return any(one.status not in groups.OVER for one in named)

    async def _group_named(self, community: str, name: str) -> str:
        """Which has that name there, or had it; else a new one, whose id none has that was transferred from there."""
        there = [held async for held in self.groups.every({"community": community})]
        if its := [held for held in there if held.aggregate.name == name]:
            return min(its, key=lambda held: held.aggregate.status in groups.OVER).id
        id = derived_id("groups", community, name)
        while await self.groups.look(id) is not None:
            id = derived_id("groups", id)
        return id

    def check_group(self, street: str, given: Mapping[str, Any], now: datetime) -> None:
        """Refused as it would be."""
        groups.propose(None, GroupProposed(id="", street=street, **given, at=now))

    async def group_due(self, id: str, cause: Cause) -> None:
        await self.groups.change(id, lambda group: groups.lapse(group, cause.now), cause)

    async def volunteer_due(self, id: str, cause: Cause) -> None:
        await self.volunteers.change(id, lambda one: serving.expire(one, cause.now), cause)

    # The time bank

    async def settle(self, id: str, cause: Cause) -> Changed[Need, NeedEvent]:
        """What the account owes the need; the clock comes for it where whoever asked was cut off."""
        need = (await self.needs.get(id)).aggregate
        if need.next_due is None:
            return await self.needs.change(id, lambda _: (), cause.unkeyed())
        moved = self._drawn if need.status is NeedStatus.ASKED else self._given_back
        return await self.needs.change(id, await moved(need, cause), cause.unkeyed())

    async def _drawn(self, need: Need, cause: Cause) -> Callable[[Need], Iterable[NeedEvent]]:
        """Once for each need."""

        def drawn(one: Volunteer) -> list[VolunteerEvent]:
            if any(entry.of == need.id for entry in one.entries):
                return []
            return [serving.draw(one, minutes=need.minutes, need=need.id, now=cause.now)]

        try:
            await self.volunteers.change(str(need.account), drawn, cause.unkeyed())
        except RuleBroken as refusal:
            return partial(needs.uncovered, reason=refusal.detail, now=cause.now)
        return partial(needs.covered, now=cause.now)

    async def _given_back(self, need: Need, cause: Cause) -> Callable[[Need], Iterable[NeedEvent]]:
        received = (need.received or 0) if need.status is NeedStatus.MET else 0
        back = partial(serving.settle, need=need.id, received=received, now=cause.now)
        await self.volunteers.change(str(need.account), back, cause.unkeyed())
        return partial(needs.restored, now=cause.now)

    def reopening(self, volunteer: str, service: Service, cause: Cause) -> Beside:
        """The need that received a service is open again before the service is reversed: who is cut off in between
        finds it matched, and says again that it is met.
        """

        async def reopen() -> Undo:
            if service.need is not None and await self.needs.look(service.need):
                await self.needs.change(
                    service.need,
                    partial(needs.reopen, volunteer=volunteer, service=service, now=cause.now),
                    cause.unkeyed(),
                )
            return await nothing()

        return reopen

    # Counting

    async def recount(self, community: str | None, cause: Cause) -> None:
        """From what is on record; whoever counts last has counted everything."""
        known = await self.communities.look(community) if community else None
        if community is not None and known is None:
            return
        while True:
            figures = await self._figures(community)
            await self._count(community, known.street if known else None, figures, cause)
            if await self._figures(community) == figures:
                return

    async def _count(
        self, community: str | None, street: str | None, figures: Figures, cause: Cause
    ) -> None:
        counted = CommunityCounted(
            community=community, street=street, figures=figures, at=cause.now
        )
        await self.counts.record(
            community or OF_NONE, lambda before: count(before, counted), cause.unkeyed()
        )

    async def _figures(self, community: str | None) -> Figures:
        within = {"community": community} if community else {}

        async def of(kept: Aggregates[Any, Any], **there: bool) -> int:
            rows = await kept.tally({**within, **there}, by="community")
            return sum(row["count"] for row in rows if row["community"] == community)

        given = await self.volunteers.tally(within, by="community", sums=("minutes",))
        return Figures(
            organisations=await of(self.organisations, listed=True),
            groups=await of(self.groups, filed=True),
            volunteers=await of(self.volunteers, active=True),
            minutes=sum(int(row["minutes"] or 0) for row in given if row["community"] == community),
        )
