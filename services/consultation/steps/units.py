"""Units in a street and the bodies they consult in (C-28)."""

from typing import get_args

from chassis.at import At
from chassis.http import Asked
from chassis.kernel.clock import local_date
from chassis.kind import Changed, derived_id
from chassis.lists import NEWEST, Filter, by, moment
from chassis.places import standing_street
from chassis.steps import Collection, nothing
from chassis.words import Day, Flag, Short
from contracts.event import Code
from services.consultation.access import ACCESS, GUIDING, STREETS
from services.consultation.desk import ConsultationDesk, names, unit_resource
from services.consultation.domain import unit as units
from services.consultation.domain.unit import Body, Unit, UnitEvent, UnitKind, UnitRegistered

UNITS: Collection[Unit, UnitEvent, ConsultationDesk, None] = Collection(
    service="consultation",
    name="units",
    title="单位协商组织",
    path="/units",
    state=Unit,
    events=get_args(UnitEvent),
    evolve=units.evolve,
    resource=unit_resource,
    access=ACCESS,
    keys=lambda unit: {
        **unit_resource(unit),
        "kind": unit.kind,
        "lacking": bool(unit.lacks),
        "opened_at": moment(unit.registered_at),
    },
    indexes=("street+opened_at", "units[]", "opened_at"),
    words=lambda unit: unit.name,
    names=names,
    sorts={"newest": NEWEST},
    filters={
        **by("street"),
        "kind": Filter(key="kind", type=UnitKind),
        "lacking": Filter(key="lacking", type=bool),
    },
    of=lambda desk: desk.units,
    knows=nothing,
)


class UnitIn(Asked):
    street: Code
    code: Code
    name: Short
    kind: UnitKind


@UNITS.step(
    "登记单位", "/units", who=STREETS, rules="C-28", record=None, versioned=False, status=201
)
async def register(desk: ConsultationDesk, at: At[None], body: UnitIn) -> Changed[Unit, UnitEvent]:
    at.demand({"street": body.street})
    await standing_street(desk.communities, body.street, local_date(at.now))
    registered = UnitRegistered(**body.model_dump(), at=at.now)
    id = derived_id("units", body.street, body.code)
    return await desk.units.record(id, lambda known: [units.register(known, registered)], at.cause)


class BodyIn(Asked):
    body: Body
    on: Day
    charter: Flag
    elected: Flag


@UNITS.step("设立协商组织", who=STREETS, rules="C-28")
def form(u: Unit, at: At[None], body: BodyIn) -> UnitEvent:
    return units.form(u, body.body, body.on, charter=body.charter, elected=body.elected, now=at.now)


@UNITS.step(
    "检查验收", name="pass", who=GUIDING, rules="C-28", opens=lambda u, _: units.passable(u)
)
def passes(u: Unit, at: At[None]) -> UnitEvent:
    """By the department that guides such units, or the district."""
    return units.passes(u, at.now)


STEPS = (register, form, passes)
