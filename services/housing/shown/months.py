"""How the bookings of a room's month are shown."""

from datetime import datetime

from pydantic import BaseModel

from chassis.actions import Action
from services.housing.domain.booking import Purpose, RoomMonth


class BookingOut(BaseModel):
    id: str
    start: datetime
    end: datetime
    slot: str
    purpose: Purpose
    by: str
    cancelled: bool


class MonthOut(BaseModel):
    room: str
    month: str
    bookings: list[BookingOut]
    actions: list[Action] = []


def shown(month: RoomMonth) -> MonthOut:
    return MonthOut(
        room=month.room,
        month=month.month,
        bookings=[
            BookingOut(
                id=one.id,
                start=one.start,
                end=one.end,
                slot=one.slot,
                purpose=one.purpose,
                by=one.by,
                cancelled=one.cancelled,
            )
            for one in month.bookings
        ],
    )
