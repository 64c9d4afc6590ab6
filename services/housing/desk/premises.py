"""Premises: the rooms of a community, and what the register says of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from chassis.aggregates import Changed
from chassis.asking import Asking
from chassis.cause import Cause
from chassis.guarded import Guarded
from chassis.kernel.clock import local_date
from chassis.kernel.errors import NotFound, UnknownReference
from services.housing.access import PUBLIC
from services.housing.commands import RoomAs
from services.housing.domain.area import measured
from services.housing.domain.community import Community, CommunityEntered
from services.housing.domain.premises import (
    CommunityNoted,
    Premises,
    PremisesEvent,
    Room,
    evolve,
)

Made = Changed[Premises, PremisesEvent]


def premises_resource(premises: Premises) -> dict[str, object]:
    return {"street": premises.street, "community": premises.community}


@dataclass(frozen=True, slots=True, kw_only=True)
class PremisesDesk:
    premises: Guarded[Premises, PremisesEvent]
    communities: Guarded[Community, CommunityEntered]

    async def list_room(self, community: str, command: RoomAs, asking: Asking) -> Made:
        area, today = measured(command.area), local_date(asking.cause.now)
        noted = await self._registered(community)
        PUBLIC.demand(
            asking.subject, "keep_rooms", {"street": noted.street, "community": community}
        )

        def listed(known: Premises | None) -> Iterable[PremisesEvent]:
            premises = known or evolve(None, noted)
            room = _room(premises.next_room(), command, area)
            opened = () if known else (noted,)
            return *opened, *premises.list_room(room, today=today)

        return await self.premises.record(community, listed, asking.cause)

    async def change_room(self, id: str, command: RoomAs, reason: str, asking: Asking) -> Made:
        room, today = _room(id, command, measured(command.area)), local_date(asking.cause.now)
        return await self._decide(
            id, asking, lambda p: p.change_room(room, reason=reason, today=today)
        )

    async def strike_room(self, id: str, reason: str, asking: Asking) -> Made:
        today = local_date(asking.cause.now)
        return await self._decide(
            id, asking, lambda p: p.strike_room(id, reason=reason, today=today)
        )

    async def note(self, noted: CommunityNoted, cause: Cause) -> None:
        """What the register told: its households and street, into its premises."""
        today = local_date(cause.now)

        def heard(known: Premises | None) -> Iterable[PremisesEvent]:
            return known.note(noted, today=today) if known else (noted,)

        await self.premises.record(noted.community, heard, cause)

    async def _decide(
        self, room: str, asking: Asking, decide: Callable[[Premises], Iterable[PremisesEvent]]
    ) -> Made:
        return await self.premises.decide(community_of(room), "keep_rooms", asking, decide)

    async def _registered(self, code: str) -> CommunityNoted:
        held = await self.communities.look(code)
        if held is None or held.aggregate.valid_to is not None:
            raise UnknownReference(f"没有这个社区，或已终止：{code}", field="community")
        return CommunityNoted(
            community=code,
            street=held.aggregate.street,
            households=held.aggregate.households,
            sequence=held.version,
        )


def community_of(room: str) -> str:
    """A room's id says whose it is: `haihua~3`."""
    community, _, number = room.rpartition("~")
    if not community or not number.isdecimal():
        raise NotFound(f"没有这个房间：{room}")
    return community


def _room(id: str, command: RoomAs, area: int) -> Room:
    return Room(
        id=id,
        name=command.name,
        kind=command.kind,
        use=command.use,
        area=area,
        floor=command.floor,
        own_use=command.own_use,
        obtained=command.obtained,
        tenure=command.tenure,
    )
