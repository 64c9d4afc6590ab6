"""C-01: what is a community's goes along into another street, or into the community it was merged into (ours).

Also what is over: who is above it puts its outcomes right, agrees to its members and reads its minutes. A hall is the
place it describes: it is in another street, and no other community's.
"""

from collections.abc import Callable, Iterable
from typing import Any

from chassis.aggregates import Aggregates
from chassis.cause import Cause
from chassis.places import astray
from services.consultation.domain.committee import Level
from services.consultation.domain.resettling import Resettled, resettle

from .referring import Referring


class Resettling(Referring):
    __slots__ = ()

    async def follow(self, community: str, cause: Cause) -> None:
        """As far as the register is known here: what is heard of later, it follows then."""
        to = await self.where(community)
        if to is None:
            return
        now = cause.now

        def anyway(one: Any) -> Iterable[Resettled]:
            return resettle(one, to, now)

        def levelled(one: Any) -> Iterable[Resettled]:
            return resettle(one, to, now, stays=one.level is Level.STREET)

        def called(one: Any) -> Iterable[Resettled]:
            return levelled(one.called)

        def reported(one: Any) -> Iterable[Resettled]:
            return resettle(one.reported, to, now)

        decided: list[tuple[Aggregates[Any, Any], Callable[[Any], Iterable[Resettled]]]] = [
            (self.committees, levelled),
            (self.matters, levelled),
            (self.sessions, called),
            (self.proposals, anyway),
            (self.contacts, anyway),
            (self.situations, reported),
        ]
        if to.community == community:
            decided.append((self.halls, anyway))
        for kept, decide in decided:
            for id in await astray(kept, to.before, to.community, to.street):
                await kept.change(id, decide, cause.unkeyed())
