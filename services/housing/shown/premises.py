"""How premises are shown: rooms, what counts, and the answer to the standard; areas as decimal text."""

from datetime import date

from pydantic import BaseModel

from chassis.kernel.measure import as_decimal
from services.housing.domain.premises import (
    Obtained,
    Premises,
    Room,
    RoomKind,
    Tenure,
    Use,
)
from services.housing.domain.standard import Assessment


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


def shown(kept: Premises) -> PremisesOut:
    return PremisesOut(
        community=kept.community,
        street=kept.street,
        rooms=[_room(room) for room in kept.rooms],
        listed_area=as_decimal(kept.listed_area),
        own_area=as_decimal(kept.own_area),
        answer=assessed(kept.measured) if kept.measured else None,
    )


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


def assessed(found: Assessment) -> AssessmentOut:
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
