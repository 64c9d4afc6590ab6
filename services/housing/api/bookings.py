"""Bookings and how much a room is used, over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, StringConstraints

from chassis.aggregates import Changed
from chassis.asking import Asking
from chassis.http import Asked, Door
from chassis.identity import Subject
from chassis.words import Moment, Reason
from contracts.event import Id
from services.housing import commands
from services.housing.desk.bookings import BookingDesk
from services.housing.domain.booking import BookingEvent, Purpose, RoomMonth, days_in

Month = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]


class BookingIn(Asked):
    start: Moment
    end: Moment
    purpose: Purpose


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


class UtilisationOut(BaseModel):
    """Whole minutes; `permille` of all the month's minutes, rounded down."""

    room: str
    month: str
    bookings: int
    cancelled: int
    minutes: int
    of_minutes: int
    permille: int
    by_purpose: dict[Purpose, int]


def routes(api: APIRouter, desk: BookingDesk, door: Door) -> None:
    reading, booker = door.reading(), door.writing(versioned=False, claims=True)

    @api.post("/rooms/{room}/bookings", status_code=201)
    async def book(room: Id, body: BookingIn, asking: Asking = booker) -> BookingOut:
        made = await desk.book(room, commands.BookRoom(**body.model_dump()), asking)
        return _booking(made, asking)

    @api.get("/rooms/{room}/bookings")
    async def month(
        room: Id, month: Annotated[Month, Query()], reader: Subject = reading
    ) -> MonthOut:
        return _month(await desk.month(room, month))

    @api.post("/rooms/{room}/bookings/{month}/{id}/cancel")
    async def cancel(
        room: Id, month: Month, id: Id, reason: Reason, asking: Asking = booker
    ) -> MonthOut:
        return _month((await desk.cancel(room, month, id, reason, asking)).aggregate)

    @api.get("/rooms/{room}/utilisation")
    async def utilisation(
        room: Id, month: Annotated[Month, Query()], reader: Subject = reading
    ) -> UtilisationOut:
        return _used(await desk.month(room, month))


def _booking(made: Changed[RoomMonth, BookingEvent], asking: Asking) -> BookingOut:
    id = asking.new_id("bookings")
    return next(one for one in _month(made.aggregate).bookings if one.id == id)


def _month(month: RoomMonth) -> MonthOut:
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


def _used(month: RoomMonth) -> UtilisationOut:
    whole = days_in(month.month) * 24 * 60
    by_purpose = {
        purpose: sum(one.minutes for one in month.standing if one.purpose is purpose)
        for purpose in Purpose
    }
    return UtilisationOut(
        room=month.room,
        month=month.month,
        bookings=len(month.standing),
        cancelled=len(month.bookings) - len(month.standing),
        minutes=month.minutes,
        of_minutes=whole,
        permille=month.minutes * 1000 // whole,
        by_purpose=by_purpose,
    )
