"""The months of a room, and which suppliers may book it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial

from chassis.beside import Beside, Undo
from chassis.cause import Cause
from chassis.kernel.clock import local_date
from chassis.kernel.errors import NotFound, RuleBroken
from chassis.store import Range
from services.housing.domain import booking
from services.housing.domain.booking import Booking, RoomClosed, RoomMonth, month_of
from services.housing.domain.premises import Premises

from .premises import community_of
from .registers import Registers


def month_id(room: str, month: str) -> str:
    return f"{room}~{month}"


class BookingDesk(Registers):
    __slots__ = ()

    async def month(self, room: str, month: str) -> RoomMonth:
        """Also of a month in which nobody has booked, or of a room that was given up since."""
        premises = await self._premises(room)
        if not premises.had(room):
            raise NotFound(f"没有这个房间：{room}")
        held = await self.months.look(month_id(room, month))
        if held is not None:
            return held.aggregate
        return RoomMonth(
            room=room, month=month, street=premises.street, community=premises.community
        )

    async def premises_of(self, room: str) -> Premises:
        """Those of a room that there is."""
        premises = await self._premises(room)
        premises.room(room)
        return premises

    async def booked(self, community: str, now: datetime) -> Mapping[str, tuple[Booking, ...]]:
        """Room → what is booked there and isn't over."""
        where = {"community": community, "month": Range(at_least=month_of(now))}
        found: dict[str, tuple[Booking, ...]] = {}
        async for held in self.months.every(where):
            month = held.aggregate
            found[month.room] = (*found.get(month.room, ()), *month.to_come(now))
        return found

    async def may_book(
        self, supplier: str, street: str | None, community: str, today: date
    ) -> bool:
        """H-10: at work under a contract in this community, wherever it lies now and whatever it was merged into, or in
        all of this street."""
        for contract in await self.suppliers.at_work(supplier, today):
            if contract.community is None:
                if contract.street == street:
                    return True
            elif await self._now(contract.community) == await self._now(community):
                return True
        return False

    async def release(self, supplier: str, cause: Cause) -> None:
        """H-10: what it booked ahead, where nothing opens the room to it any more on that day. Its months say where
        their rooms lay when they began, so all are looked at."""
        if not await self.suppliers.signed.find({"supplier": supplier}, limit=1):
            return  # it never could book
        by = f"supplier:{supplier}"
        ahead = self.months.every({"month": Range(at_least=month_of(cause.now))})
        for held in [one async for one in ahead if one.aggregate.ahead(by, cause.now)]:
            month = held.aggregate
            street = (await self._premises(month.room)).street
            lost = [
                one.id
                for one in month.ahead(by, cause.now)
                if not await self.may_book(supplier, street, month.community, local_date(one.start))
            ]
            release = partial(RoomMonth.release, ids=lost, by=by, now=cause.now)
            if lost:
                await self.months.change(held.id, release, cause.unkeyed())

    def giving_up(self, room: str, cause: Cause) -> Beside:
        """H-10: its months are closed first, each by its own record, so that nobody books it meanwhile."""

        async def close() -> Undo:
            premises = await self.premises_of(room)
            months = booking.months_ahead(cause.now)
            undo = partial(self._reopen, room, months, cause.unkeyed())
            try:
                for month in months:
                    asked = RoomClosed(
                        room=room,
                        month=month,
                        street=premises.street,
                        community=premises.community,
                        at=cause.now,
                    )
                    await self.months.record(
                        month_id(room, month),
                        partial(booking.close, asked=asked),
                        cause.unkeyed(),
                    )
            except RuleBroken:
                await undo()
                raise
            return undo

        return close

    async def _now(self, community: str) -> str:
        """What it is now, merger by merger (each once)."""
        met: list[str] = []
        while community not in met:
            met.append(community)
            held = await self.communities.look(community)
            community = (held.aggregate.became if held else None) or community
        return community

    async def _reopen(self, room: str, months: Sequence[str], cause: Cause) -> None:
        for month in months:
            if await self.months.look(month_id(room, month)):
                await self.months.change(month_id(room, month), booking.reopen, cause)

    async def _premises(self, room: str) -> Premises:
        held = await self.premises.look(community_of(room))
        if held is None:
            raise NotFound(f"没有这个房间：{room}")
        return held.aggregate
