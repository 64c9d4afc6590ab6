"""Communities' halls by their five heads (C-30)."""

from typing import Any, get_args

from pydantic import BaseModel, ConfigDict

from chassis.at import At
from chassis.http import Asked
from chassis.kind import Changed
from chassis.lists import NEWEST, Filter, by, moment
from chassis.steps import Collection, nothing
from chassis.words import Day, Passage
from contracts.event import Code
from services.consultation.access import ACCESS, CONVENERS
from services.consultation.desk import ConsultationDesk, hall_resource, names
from services.consultation.domain import hall as halls
from services.consultation.domain.hall import Hall, HallDescribed, HallEvent, HallHead


class HallOut(BaseModel):
    """`lacking`: the heads that nobody has described."""

    model_config = ConfigDict(from_attributes=True)

    hall: Hall
    lacking: tuple[HallHead, ...]


HALLS: Collection[Hall, HallEvent, ConsultationDesk, None] = Collection(
    service="consultation",
    name="halls",
    title="居民议事厅",
    path="/halls",
    state=Hall,
    events=get_args(HallEvent),
    evolve=halls.evolve,
    resource=hall_resource,
    access=ACCESS,
    keys=lambda hall: {
        **hall_resource(hall),
        "lacking": bool(hall.lacking),
        "opened_at": moment(hall.opened_at),
    },
    indexes=("street+opened_at", "community", "opened_at"),
    names=names,
    sorts={"newest": NEWEST},
    filters={**by("street", "community"), "lacking": Filter(key="lacking", type=bool)},
    of=lambda desk: desk.halls,
    knows=nothing,
    out=lambda hall: HallOut(hall=hall, lacking=hall.lacking),
    shows=HallOut,
)


class HallIn(Asked):
    community: Code
    head: HallHead
    what: Passage
    on: Day


@HALLS.step(
    "登记议事厅",
    "/halls",
    name="describe",
    who=CONVENERS,
    rules="C-30",
    record=None,
    versioned=False,
    status=201,
)
async def describe(desk: ConsultationDesk, at: At[None], body: HallIn) -> Changed[Hall, HallEvent]:
    """One of the five heads of the community's only hall, as it is on that day."""
    street, community = await desk.standing(body.community, at.now)
    at.demand({"street": street, "community": community})
    given: dict[str, Any] = body.model_dump(exclude={"community"})
    described = HallDescribed(street=street, community=community, **given, at=at.now)
    return await desk.halls.record(
        community, lambda known: [halls.describe(known, described)], at.cause
    )


STEPS = (describe,)
