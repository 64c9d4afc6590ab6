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

    async def designate(self, said: PilotDesignated, cause: Cause) -> Changed[Pilot, PilotEvent]:
        """UnknownReference for a place or a system that isn't there."""
        if said.community is not None:
            await self.communities.known(said.community, "community")
        if said.street is not None and said.street not in self.quotas:
            raise UnknownReference(f"没有这个街道：{said.street}", field="street")
        if said.system is not None and await self.systems.books.look(said.system) is None:
            raise UnknownReference(f"没有这个指标体系：{said.system}", field="system")
        begin = partial(self._begun, said, cause)
        return await self.pilots.in_turn(_like(said.kind, said.year), cause, begin)

    async def _begun(
        self, said: PilotDesignated, cause: Cause, id: str
    ) -> Changed[Pilot, PilotEvent]:
        beside = await self._beside(said.kind, said.year)
        return await self.pilots.create(id, lambda: [designate(said, beside)], cause)

    async def _beside(self, kind: Kind, year: int) -> list[PilotDesignated]:
        """Those of its kind that count beside it: withdrawn ones don't, of 社区营造 only the year's."""
        every = [held.aggregate async for held in self.pilots.every(_like(kind, year))]
        return [one.designated for one in every if one.course is not Course.WITHDRAWN]


def _like(kind: Kind, year: int) -> dict[str, str | int]:
    return {"kind": kind.value, **({"year": year} if kind is Kind.BUILDING else {})}
