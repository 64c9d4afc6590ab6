"""Premises: the rooms of a community."""

from collections.abc import Iterable, Mapping
from typing import Annotated, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kernel.clock import local_date
from chassis.kind import Changed
from chassis.lists import by
from chassis.steps import Collection, Part
from chassis.words import Area, Flag, Long, Short, Whole
from contracts.event import Id
from services.housing import announce
from services.housing.access import HOSTS, PUBLIC
from services.housing.desk import HousingDesk, place_of
from services.housing.desk.premises import community_of
from services.housing.domain import premises
from services.housing.domain.area import measured
from services.housing.domain.booking import Booking
from services.housing.domain.premises import (
    Obtained,
    Premises,
    PremisesEvent,
    Room,
    RoomKind,
    Tenure,
    Use,
)
from services.housing.queries import names
from services.housing.shown.premises import PremisesOut, shown

Events = tuple[PremisesEvent, ...]
Floor = Annotated[Whole, Field(ge=-5, le=200)]

Known = Mapping[str, tuple[Booking, ...]]
"""Room → what is booked there and isn't over."""


async def known(desk: HousingDesk, kept: Premises | None, at: At[None]) -> Known:
    return await desk.booked(kept.community, at.now) if kept else {}


PREMISES: Collection[Premises, PremisesEvent, HousingDesk, Known] = Collection(
    service="housing",
    name="premises",
    title="社区用房",
    path="/premises",
    state=Premises,
    events=get_args(PremisesEvent),
    evolve=premises.evolve,
    announce=announce.of_premises,
    resource=place_of,
    access=PUBLIC,
    keys=place_of,
    indexes=("street",),
    names=names,
    filters=by("street"),
    of=lambda desk: desk.premises,
    knows=known,
    begins=lambda desk, id: desk.begun(id),
    out=shown,
    shows=PremisesOut,
)


class RoomIn(Asked):
    name: Short
    kind: RoomKind
    use: Use
    area: Area
    floor: Floor
    own_use: Flag
    obtained: Obtained
    tenure: Tenure

    def room(self, id: str) -> Room:
        said = {**self.model_dump(exclude={"reason"}), "area": measured(self.area)}
        return Room(id=id, **said)


class RoomChangeIn(RoomIn):
    reason: Long


def rooms(premises: Premises) -> Iterable[Mapping[str, str]]:
    return ({"room": room.id} for room in premises.rooms)


ROOM = Part(places=rooms)


@PREMISES.step(
    "登记房间", "/premises/{id}/rooms", who=HOSTS, rules="H-01 H-02", versioned=False, status=201
)
def list_room(p: Premises, at: At[Known], body: RoomIn) -> Events:
    return p.list_room(body.room(p.next_room()), today=local_date(at.now))


@PREMISES.step(
    "修改房间",
    "/rooms/{room}",
    who=HOSTS,
    rules="H-01 H-02",
    part=ROOM,
    record=lambda path: community_of(path["room"]),
    begins=False,
    method="PUT",
    types={"room": Id},
)
def change_room(p: Premises, at: At[Known], body: RoomChangeIn) -> Events:
    room = body.room(at["room"])
    return p.change_room(room, reason=body.reason, today=local_date(at.now))


def booked(at: At[Known]) -> tuple[Booking, ...]:
    return at.known.get(at["room"], ())


@PREMISES.step(
    "注销房间",
    "/rooms/{room}/strike",
    who=HOSTS,
    rules="H-02 H-10",
    opens=lambda p, at: p.may_strike(at["room"], booked(at)),
    part=ROOM,
    record=lambda path: community_of(path["room"]),
    begins=False,
    types={"room": Id},
)
async def strike_room(
    desk: HousingDesk, at: At[Known], body: ReasonIn
) -> Changed[Premises, PremisesEvent]:
    today, room = local_date(at.now), at["room"]
    return await desk.premises.change(
        community_of(room),
        lambda p: p.strike_room(room, reason=body.reason, booked=booked(at), today=today),
        at.cause,
        beside=desk.giving_up(room, at.cause),
    )


STEPS = (list_room, change_room, strike_room)
