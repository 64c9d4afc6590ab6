"""P-10: what a community that was merged into another began goes on with the other (ours).

Also what is over: who goes on with it reads what was recorded. Who bought stays who bought, in its street; a fund, and
what is open of lists of needs and of sums, lies in the street where its community lies now.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from chassis.aggregates import Aggregates
from chassis.cause import Cause
from chassis.kernel.clock import Awaits, local_date
from chassis.places import astray, settled
from services.procurement.domain.allowance import Allowance
from services.procurement.domain.resettling import Begun, Orphaned, Resettled, orphan, resettle
from services.procurement.domain.survey import Survey
from services.procurement.domain.waiting import of_allowance, of_survey

from .due import Due


class Resettling(Due):
    __slots__ = ()

    async def follow(self, code: str, cause: Cause) -> None:
        """As far as the register is known here: what is heard of later, it follows then."""
        there = await settled(self.communities, code)
        if there is None:
            return
        community, street = there

        def stays(one: Begun) -> tuple[Resettled, ...]:
            return resettle(one, code, community, cause.now)

        def goes_along(one: Begun) -> tuple[Resettled, ...]:
            return resettle(one, code, community, cause.now, street=street)

        def of_a_year(one: Survey | Allowance, waits: Awaits) -> tuple[Resettled, ...]:
            """What is over is of the street of its year."""
            over = one.year < local_date(cause.now).year and not waits
            return stays(one) if over else goes_along(one)

        decided: list[tuple[Aggregates[Any, Any], Callable[[Any], Iterable[Resettled]]]] = [
            (self.funds, goes_along),
            (self.surveys, lambda one: of_a_year(one, of_survey(one))),
            (self.allowances, lambda one: of_a_year(one, of_allowance(one))),
        ]
        if community != code:
            others = (self.contracts, self.supervisions, self.reports, self.remarks)
            decided += [(kept, stays) for kept in (*others, self.ledgers, self.paid)]
        for kept, decide in decided:
            for id in await astray(kept, code, community, street):
                await kept.change(id, decide, cause.unkeyed())
        if await self.ended_on(community, cause.now) is not None:
            await self._leave(community, cause)

    async def _leave(self, community: str, cause: Cause) -> None:
        """What ended, merged into none, is waited for no more: others act in its place."""
        decided: list[tuple[Aggregates[Any, Any], Callable[[Any], Iterable[Orphaned]]]] = [
            (kept, lambda one: orphan(one, cause.now))
            for kept in (self.funds, self.contracts, self.surveys)
        ]
        for kept, decide in (*decided, (self.remarks, lambda one: one.leave(cause.now))):
            for id in [held.id async for held in kept.every({"community": community})]:
                await kept.change(id, decide, cause.unkeyed())

    async def follow_all(self, now: datetime) -> None:
        """At start, of what was heard of before it was followed."""
        for one in await self.communities.every():
            await self.follow(one.code, Cause(actor="platform", now=now))
