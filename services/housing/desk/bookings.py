"""Bookings of rooms: by public offices, by suppliers at work here, by the community's desk in its own name."""

from dataclasses import dataclass

from chassis.aggregates import Changed
from chassis.asking import Asking
from chassis.guarded import Guarded
from chassis.kernel.clock import local_date
from chassis.kernel.errors import NotAllowed, NotFound, RuleBroken
from chassis.policy import Policies
from services.housing.access import BOOKERS, PUBLIC
from services.housing.commands import BookRoom
from services.housing.domain import booking as bookings
from services.housing.domain.booking import BookingEvent, RoomBooked, RoomMonth, month_of
from services.housing.domain.policy import HousingPolicy
from services.housing.domain.premises import Premises, PremisesEvent
from services.housing.domain.rules import RULES

from .premises import community_of
from .suppliers import Suppliers


def month_resource(month: RoomMonth) -> dict[str, object]:
    return {"street": month.street, "community": month.community}


def month_id(room: str, month: str) -> str:
    return f"{room}~{month}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingDesk:
    months: Guarded[RoomMonth, BookingEvent]
    premises: Guarded[Premises, PremisesEvent]
    suppliers: Suppliers
    policies: Policies[HousingPolicy]

    async def book(
        self, room: str, command: BookRoom, asking: Asking
    ) -> Changed[RoomMonth, BookingEvent]:
        premises = await self._premises(room)
        await self._may(premises, asking)
        month, now = month_of(command.start), asking.cause.now
        asked = RoomBooked(
            booking=asking.new_id("bookings"),
            room=room,
            month=month,
            street=premises.street,
            community=premises.community,
            start=command.start,
            end=command.end,
            purpose=command.purpose,
            by=asking.by,
        )
        _, policy = await self.policies.current()
        return await self.months.record(
            month_id(room, month),
            lambda known: bookings.book(
                known, asked, now=now, days_ahead=policy.booking_days_ahead
            ),
            asking.cause,
        )

    async def cancel(
        self, room: str, month: str, id: str, reason: str, asking: Asking
    ) -> Changed[RoomMonth, BookingEvent]:
        """By who booked it, or by who keeps the room."""

        def cancelled(known: RoomMonth) -> tuple[BookingEvent, ...]:
            keeps = PUBLIC.may(asking.subject, "keep_rooms", month_resource(known))
            if not keeps and known.booking(id).by != asking.by:
                raise NotAllowed("只能由预订者或管理该房间的社区、街道取消。")
            return known.cancel(id, reason=reason, now=asking.cause.now)

        return await self.months.change(month_id(room, month), cancelled, asking.cause)

    async def month(self, room: str, month: str) -> RoomMonth:
        """Also of a month in which nobody has booked."""
        premises = await self._premises(room)
        held = await self.months.look(month_id(room, month))
        if held is not None:
            return held.aggregate
        return RoomMonth(
            room=room, month=month, street=premises.street, community=premises.community
        )

    async def _premises(self, room: str) -> Premises:
        held = await self.premises.look(community_of(room))
        if held is None:
            raise NotFound(f"没有这个房间：{room}")
        held.aggregate.room(room)
        return held.aggregate

    async def _may(self, premises: Premises, asking: Asking) -> None:
        subject = asking.subject
        # A street and a community book what is theirs; a department and a supplier are nobody's
        # own here: where a supplier may book is asked below.
        place = {
            "street": premises.street,
            "community": premises.community,
            "units": (subject.code,),
            "supplier": subject.code,
        }
        BOOKERS.demand(subject, "book", place)
        if subject.kind != "supplier" or subject.code is None:
            return
        today = local_date(asking.cause.now)
        if not await self.suppliers.may_book(
            subject.code, premises.street, premises.community, today
        ):
            detail = "承接方须已登记、未被禁止，并在本街道或社区有执行中的合同，方可预订。"
            raise RuleBroken(RULES["H-10"], detail)
