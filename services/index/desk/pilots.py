"""Pilots: within the number of their kind, each of a place that is known."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from chassis.cause import Cause
from chassis.kernel.errors import UnknownReference
from chassis.kind import Changed
from chassis.policy import PLATFORM
from services.index.domain.pilot import (
    Course,
    Kind,
    Pilot,
    PilotDesignated,
    PilotEvent,
    designate,
)

from .registers import Registers


class PilotDesk(Registers):
    __slots__ = ()

    async def seed_pilots(self, printed: Sequence[PilotDesignated], now: datetime) -> None:
        """What the documents name; each once."""
        for one in printed:
            id = f"{one.kind}.{one.community or one.street}"
            await self.pilots.once(id, [one], Cause(actor=PLATFORM, now=now))

    async def designate(self, event: PilotDesignated, cause: Cause) -> Changed[Pilot, PilotEvent]:
        """UnknownReference for a place or a system that isn't there."""
        if event.community is not None:
            await self.communities.known(event.community, "community")
        if event.street is not None and event.street not in self.quotas:
            raise UnknownReference(f"没有这个街道：{event.street}", field="street")
        if event.system is not None and await self.systems.books.look(event.system) is None:
            raise UnknownReference(f"没有这个指标体系：{event.system}", field="system")
        begin = partial(self._begun, event, cause)
        return await self.pilots.in_turn(_like(event.kind, event.year), cause, begin)

    async def _begun(
        self, event: PilotDesignated, cause: Cause, id: str
    ) -> Changed[Pilot, PilotEvent]:
        beside = await self._beside(event.kind, event.year)
        return await self.pilots.create(id, lambda: [designate(event, beside)], cause)

    async def _beside(self, kind: Kind, year: int) -> list[PilotDesignated]:
        """Those of its kind that count beside it: withdrawn ones don't, of 社区营造 only the year's."""
        every = [held.aggregate async for held in self.pilots.every(_like(kind, year))]
        return [one.designated for one in every if one.course is not Course.WITHDRAWN]


def _like(kind: Kind, year: int) -> dict[str, str | int]:
    return {"kind": kind.value, **({"year": year} if kind is Kind.BUILDING else {})}
