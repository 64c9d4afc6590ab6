"""Premises, their rooms and the standards they are measured against, over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from chassis.aggregates import Changed, Held
from chassis.asking import Asking
from chassis.http import Asked, Door, Listed, Paged, Shown, listed, shown
from chassis.identity import Subject
from chassis.kernel.measure import as_decimal
from chassis.trail_api import trail_route
from chassis.words import Area, Day, Flag, Long, Reason, Short, Whole
from contracts.event import Code, Id
from services.housing import commands
from services.housing.desk.premises import PremisesDesk
from services.housing.domain.premises import (
    Obtained,
    Premises,
    PremisesEvent,
    Room,
    RoomKind,
    Tenure,
    Use,
)
from services.housing.domain.standard import STANDARDS, Assessment, Scope
from services.housing.queries.standards import StandardQueries

Floor = Annotated[Whole, Field(ge=-5, le=200)]


class RoomIn(Asked):
    name: Short
    kind: RoomKind
    use: Use
    area: Area
    floor: Floor
    own_use: Flag
    obtained: Obtained
    tenure: Tenure

    def command(self) -> commands.RoomAs:
        return commands.RoomAs(**self.model_dump(exclude={"reason"}))


class RoomChangeIn(RoomIn):
    reason: Long


class RoomOut(BaseModel):
    id: str
    name: str
    kind: RoomKind
    use: Use
    area: str
    floor: int
    own_use: bool
    obtained: Obtained
    tenure: Tenure


class AssessmentOut(BaseModel):
    """`standard` names one of `GET /standards`; what isn't known is empty, never zero."""

    day: date
    standard: str | None
    required: str | None
    area: str
    met: bool | None
    households: int | None
    owed: str | None
    per_hundred: str | None
    households_met: bool | None


class PremisesOut(BaseModel):
    community: str
    street: str | None
    rooms: list[RoomOut]
    listed_area: str
    own_area: str
    answer: AssessmentOut | None


class StandardOut(BaseModel):
    id: str
    scope: Scope
    since: date
    until: date | None
    area: str
    households: int | None
    rounding: str
    clause: str
    remark: str


def routes(api: APIRouter, desk: PremisesDesk, queries: StandardQueries, door: Door) -> None:
    _reading(api, desk, door)
    _standards(api, queries, door)
    _changing(api, desk, door)


def _reading(api: APIRouter, desk: PremisesDesk, door: Door) -> None:
    reading = door.reading()

    @api.get("/premises")
    async def premises(
        page: Paged, reader: Subject = reading, street: Code | None = None
    ) -> Listed[PremisesOut]:
        found = await desk.premises.list(reader, {"street": street}, page.after, page.limit)
        return listed([_out(held) for held in found], page)

    @api.get("/premises/{community}")
    async def of_community(
        community: Code, response: Response, reader: Subject = reading
    ) -> Shown[PremisesOut]:
        return shown(_out(await desk.premises.show(community, reader)), response)

    trail_route(api, "/premises", desk.premises, door)


def _standards(api: APIRouter, queries: StandardQueries, door: Door) -> None:
    reading = door.reading()

    @api.get("/standards")
    async def standards(reader: Subject = reading) -> list[StandardOut]:
        return [
            StandardOut(
                id=one.id,
                scope=one.scope,
                since=one.since,
                until=one.until,
                area=as_decimal(one.area),
                households=one.households,
                rounding=one.rounding,
                clause=one.clause,
                remark=one.remark,
            )
            for one in STANDARDS
        ]

    @api.get("/standard/{community}")
    async def standard(
        community: Code, as_of: Day | None = None, reader: Subject = reading
    ) -> AssessmentOut:
        return _assessed(await queries.standard(community, as_of))


def _changing(api: APIRouter, desk: PremisesDesk, door: Door) -> None:
    creator, changer = door.writing(versioned=False), door.writing(versioned=True)

    @api.post("/premises/{community}/rooms", status_code=201)
    async def list_room(
        community: Code, body: RoomIn, response: Response, asking: Asking = creator
    ) -> Shown[PremisesOut]:
        return shown(_out(await desk.list_room(community, body.command(), asking)), response)

    @api.put("/rooms/{room}")
    async def change_room(
        room: Id, body: RoomChangeIn, response: Response, asking: Asking = changer
    ) -> Shown[PremisesOut]:
        changed = await desk.change_room(room, body.command(), body.reason, asking)
        return shown(_out(changed), response)

    @api.post("/rooms/{room}/strike")
    async def strike_room(
        room: Id, reason: Reason, response: Response, asking: Asking = changer
    ) -> Shown[PremisesOut]:
        return shown(_out(await desk.strike_room(room, reason, asking)), response)


def _out(held: Held[Premises] | Changed[Premises, PremisesEvent]) -> Held[PremisesOut]:
    kept = held.aggregate
    out = PremisesOut(
        community=kept.community,
        street=kept.street,
        rooms=[_room(room) for room in kept.rooms],
        listed_area=as_decimal(kept.listed_area),
        own_area=as_decimal(kept.own_area),
        answer=_assessed(kept.answer) if kept.answer else None,
    )
    return Held(held.id, out, held.version, held.correlation)


def _room(room: Room) -> RoomOut:
    return RoomOut(
        id=room.id,
        name=room.name,
        kind=room.kind,
        use=room.use,
        area=as_decimal(room.area),
        floor=room.floor,
        own_use=room.own_use,
        obtained=room.obtained,
        tenure=room.tenure,
    )


def _assessed(found: Assessment) -> AssessmentOut:
    return AssessmentOut(
        day=found.day,
        standard=found.standard,
        required=_area(found.required),
        area=as_decimal(found.area),
        met=found.met,
        households=found.households,
        owed=_area(found.owed),
        per_hundred=_area(found.per_hundred),
        households_met=found.households_met,
    )


def _area(value: int | None) -> str | None:
    return as_decimal(value) if value is not None else None
