"""H-11: what stands in a community goes along where it is merged into another, or lies in another street."""

from functools import partial

from chassis.cause import Cause
from chassis.places import astray, settled
from services.organisations.domain import meeting as meetings
from services.organisations.domain import serving
from services.organisations.domain.resettling import Resettled, resettle

from .keeping import Keeping


class Resettling(Keeping):
    __slots__ = ()

    async def follow(self, code: str, cause: Cause) -> None:
        """As far as the register is known here: what is heard of later, it follows then."""
        there = await settled(self.communities, code)
        if there is None:
            return
        community, street = there
        to = Resettled(before=code, community=community, street=street, at=cause.now)
        for kept in (
            self.organisations,
            self.groups,
            self.volunteers,
            self.needs,
            self.incubations,
            self.contacts,
        ):
            decide = serving.resettle if kept is self.volunteers else resettle
            for id in await astray(kept, to.before, to.community, to.street):
                await kept.change(id, partial(decide, to=to), cause.unkeyed())
        if to.community != code:
            await self._hand_on(to, cause)
        if await self.counts.look(code) is not None:
            for community in dict.fromkeys((code, to.community)):
                await self.recount(community, cause)

    async def _hand_on(self, to: Resettled, cause: Cause) -> None:
        """What the community that is no more has to confirm, and to do, elsewhere."""
        waiting = [held.id async for held in self.volunteers.every({"unconfirmed": True})]
        for id in waiting:
            await self.volunteers.change(id, lambda one: serving.resettle(one, to), cause.unkeyed())
        for id in [held.id async for held in self.meetings.every({})]:
            await self.meetings.change(id, lambda one: meetings.resettle(one, to), cause.unkeyed())
