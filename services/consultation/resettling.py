"""C-01: a community that lies in another street now takes its committees, matters and sessions along (ours).

Also those that are over: who is above it puts its outcomes right, agrees to its members and reads its minutes.
"""

from collections.abc import AsyncIterator
from typing import Any

from chassis.aggregates import Aggregates
from chassis.cause import Cause

from .desk import ConsultationDesk
from .domain.resettling import resettle


async def follow(desk: ConsultationDesk, community: str, cause: Cause) -> None:
    """To where the register has it as it is known here."""
    known = await desk.communities.look(community)
    if known is None or known.street is None:
        return
    street, now, each = known.street, cause.now, cause.unkeyed()
    async for id in _elsewhere(desk.committees, community, street):
        await desk.committees.change(id, lambda c: resettle(c.level, c.street, street, now), each)
    async for id in _elsewhere(desk.matters, community, street):
        await desk.matters.change(id, lambda m: resettle(m.level, m.street, street, now), each)
    async for id in _elsewhere(desk.sessions, community, street):
        await desk.sessions.change(
            id, lambda s: resettle(s.called.level, s.called.street, street, now), each
        )


async def _elsewhere(kept: Aggregates[Any, Any], community: str, street: str) -> AsyncIterator[str]:
    for row in await kept.tally({"community": community}, by="street"):
        if row["street"] != street:
            there = {"community": community, "street": row["street"]}
            for id in [held.id async for held in kept.every(there)]:
                yield id
