"""How much a room is used, and who has booked it."""

from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel

from chassis.http import Door
from chassis.identity import Subject
from chassis.kind import Held
from chassis.routes import Routes
from chassis.steps_api import Desked
from chassis.words import Month
from contracts.event import Id
from services.housing.desk import HousingDesk
from services.housing.desk.bookings import month_id
from services.housing.domain.booking import Purpose, RoomMonth, days_in
from services.housing.shown.months import MonthOut, shown


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


def router(desk: HousingDesk, months: Desked[Any, Any, Any, Any], door: Door) -> Routes:
    api = Routes(tags=["预订"])
    reading = door.reading()

    @api.get("/rooms/{room}/bookings", summary="一个房间一个月的预订")
    async def month(
        room: Id, month: Annotated[Month, Query()], reader: Subject = reading
    ) -> MonthOut:
        """Each booking that this caller may cancel is among the actions."""
        held = Held(month_id(room, month), await desk.month(room, month), 0, "")
        actions = await months.actions(held, reader)
        return shown(held.aggregate).model_copy(update={"actions": actions})

    @api.get("/rooms/{room}/utilisation", summary="一个房间一个月的使用情况")
    async def utilisation(
        room: Id, month: Annotated[Month, Query()], reader: Subject = reading
    ) -> UtilisationOut:
        return _used(await desk.month(room, month))

    return api


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
