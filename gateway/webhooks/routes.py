"""How far delivery to an address has got, and what it declined."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

from chassis.http import Door
from chassis.identity import Subject
from chassis.routes import Routes

from .progress import Aside
from .steps import Desk


class SetAside(BaseModel):
    """One that was declined: tried again at `due`, and no more where there is none."""

    number: int
    tries: int
    first_at: datetime
    due: datetime | None
    parked: bool
    reason: str


class Deliveries(BaseModel):
    """`told`: the last number that needs no telling, of `newest`; `failing_since`: nobody has been there since."""

    told: int
    newest: int
    failing_since: datetime | None
    next_at: datetime | None
    reason: str | None
    items: list[SetAside]
    next: int | None


def deliveries_router(desk: Desk, door: Door) -> Routes:
    api = Routes(tags=["推送地址"])
    reading = door.reading()

    @api.get("/webhooks/{id}/deliveries", summary="推送进度与未送达的事件")
    async def deliveries(
        id: str,
        after: Annotated[int, Query(ge=0, lt=10**15)] = 0,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        reader: Subject = reading,
    ) -> Deliveries:
        await desk.webhooks.show(id, reader)
        position = await desk.progress.position(id)
        found = await desk.progress.aside(id, after, limit)
        return Deliveries(
            told=position.number if position else 0,
            newest=await desk.journal.newest(),
            failing_since=position.failing_since if position else None,
            next_at=position.next_at if position else None,
            reason=position.reason if position else None,
            items=[_shown(one) for one in found],
            next=_next(found, limit),
        )

    return api


def _shown(aside: Aside) -> SetAside:
    return SetAside(
        number=aside.number,
        tries=aside.tries,
        first_at=aside.first_at,
        due=aside.due,
        parked=aside.due is None,
        reason=aside.reason,
    )


def _next(found: Sequence[Aside], limit: int) -> int | None:
    return found[-1].number if len(found) == limit else None
