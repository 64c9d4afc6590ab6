"""How much working time is left: counted here, so that every front-end's lamp means the same."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

from chassis.http import Door
from chassis.identity import Subject
from chassis.kernel.clock import WorkTime, worked_seconds
from chassis.routes import Routes
from chassis.words import Moment

MOST = 100
FAR = timedelta(days=366)


class Left(BaseModel):
    """`seconds`: working time until then; below zero, the working time since; none further off than a year."""

    until: datetime
    seconds: int | None


class Hours(BaseModel):
    now: datetime
    items: list[Left]


def hours_router(work: WorkTime, door: Door, clock: Callable[[], datetime]) -> Routes:
    api = Routes(tags=["工作时间"])
    reading = door.reading()

    @api.get("/hours", summary="到各时刻还剩多少工作时间")
    async def hours(
        until: Annotated[list[Moment], Query(min_length=1, max_length=MOST)],
        _: Subject = reading,
    ) -> Hours:
        now = clock()
        return Hours(now=now, items=[Left(until=at, seconds=_left(now, at, work)) for at in until])

    return api


def _left(now: datetime, at: datetime, work: WorkTime) -> int | None:
    if abs(at - now) > FAR:
        return None
    return worked_seconds(now, at, work) if at >= now else -worked_seconds(at, now, work)
