"""P-10: what a community that was merged into another began goes on with the other (ours).

Also what is over: who goes on with it reads what was recorded. Its street stays whose money and whose purchase it is.
"""

from datetime import datetime

from chassis.cause import Cause
from chassis.places import astray, settled
from services.procurement.domain.resettling import Begun, Resettled, resettle

from .due import Due


class Resettling(Due):
    __slots__ = ()

    async def follow(self, code: str, cause: Cause) -> None:
        """As far as the register is known here: what is heard of later, it follows then."""
        there = await settled(self.communities, code)
        if there is None or there[0] == code:
            return
        community, street = there

        def decide(one: Begun) -> tuple[Resettled, ...]:
            return resettle(one, code, community, cause.now)

        for kept in (
            self.contracts,
            self.supervisions,
            self.reports,
            self.remarks,
            self.ledgers,
            self.paid,
            self.surveys,
            self.allowances,
            self.funds,
        ):
            for id in await astray(kept, code, community, street):
                await kept.change(id, decide, cause.unkeyed())

    async def follow_all(self, now: datetime) -> None:
        """At start, of mergers that were heard of before they were followed."""
        for one in await self.communities.every():
            if one.became is not None:
                await self.follow(one.code, Cause(actor="platform", now=now))
