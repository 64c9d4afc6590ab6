"""The months of a room, and which suppliers may book it."""

from chassis.kernel.errors import NotFound
from services.housing.domain.booking import RoomMonth
from services.housing.domain.premises import Premises

from .premises import community_of
from .registers import Registers


def month_id(room: str, month: str) -> str:
    return f"{room}~{month}"


class BookingDesk(Registers):
    __slots__ = ()

    async def month(self, room: str, month: str) -> RoomMonth:
        """Also of a month in which nobody has booked."""
        premises = await self.premises_of(room)
        held = await self.months.look(month_id(room, month))
        if held is not None:
            return held.aggregate
        return RoomMonth(
            room=room, month=month, street=premises.street, community=premises.community
        )

    async def premises_of(self, room: str) -> Premises:
        held = await self.premises.look(community_of(room))
        if held is None:
            raise NotFound(f"没有这个房间：{room}")
        held.aggregate.room(room)
        return held.aggregate
