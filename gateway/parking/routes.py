"""Which messages are parked, and in which queue."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

from chassis.bus import Parked
from chassis.http import Door
from chassis.identity import Subject
from chassis.routes import Routes
from contracts.event import Code

from .domain import readable
from .steps import ADMIN, Desk


class ParkedOut(BaseModel):
    """`mark`: what it is settled by. `why`: the reason its consumer gave. `body`: what came, as text."""

    mark: str
    message: str
    type: str
    why: str
    tries: int
    body: str


class Waiting(BaseModel):
    """`count` lie there in all."""

    items: list[ParkedOut]
    count: int


def parked_router(desk: Desk, door: Door) -> Routes:
    api = Routes(tags=["搁置消息"])
    reading = door.reading()

    @api.get("/parked", summary="各队列的搁置消息数")
    async def counts(reader: Subject = reading) -> dict[str, int]:
        reader.must_be(ADMIN)
        return {queue: len(await desk.parked(queue)) for queue in sorted(desk.queues)}

    @api.get("/parked/{queue}", summary="一个队列的搁置消息")
    async def every(
        queue: Code,
        type: Annotated[str | None, Query(max_length=150)] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        reader: Subject = reading,
    ) -> Waiting:
        reader.must_be(ADMIN)
        found = [one for one in await desk.parked(queue) if type in (None, one.type)]
        return Waiting(items=[_shown(one) for one in found[:limit]], count=len(found))

    return api


def _shown(parked: Parked) -> ParkedOut:
    return ParkedOut(
        mark=parked.mark,
        message=parked.id,
        type=parked.type,
        why=parked.reason,
        tries=parked.attempt,
        body=readable(parked.body),
    )
