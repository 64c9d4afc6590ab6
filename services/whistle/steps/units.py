"""The register of units that can be summoned."""

from typing import Annotated

from chassis.at import At
from chassis.http import Asked
from chassis.kind import Changed
from chassis.lists import Filter
from chassis.steps import Collection, nothing
from chassis.words import Day, Several, Short
from contracts.event import Code
from services.whistle import announce
from services.whistle.access import DISTRICT, REGISTER
from services.whistle.desk import WhistleDesk
from services.whistle.domain import unit
from services.whistle.domain.unit import Unit, UnitEntered, UnitKind

UNITS: Collection[Unit, UnitEntered, WhistleDesk, None] = Collection(
    service="whistle",
    name="units",
    title="单位",
    path="/units",
    state=Unit,
    events=(UnitEntered,),
    evolve=unit.evolve,
    announce=announce.of_units,
    resource=lambda _: {},
    access=REGISTER,
    keys=lambda unit: {"kind": unit.kind},
    filters={"kind": Filter(key="kind", type=UnitKind)},
    read=frozenset({"list"}),
    of=lambda desk: desk.units,
    knows=nothing,
)


class UnitIn(Asked):
    name: Short
    kind: UnitKind
    serves: Annotated[tuple[Code, ...], Several] = ()
    valid_from: Day
    valid_to: Day | None = None


@UNITS.step(
    "登记单位",
    "/units/{code}",
    name="enter",
    who=DISTRICT,
    rules="W-05",
    record=None,
    versioned=None,
    method="PUT",
)
async def list_unit(desk: WhistleDesk, at: At[None], body: UnitIn) -> Changed[Unit, UnitEntered]:
    """The whole entry as it shall be."""
    at.demand({})
    code = at["code"]
    held = await desk.units.count({})
    entered = UnitEntered(
        code=code,
        **body.model_dump(),
        listed=held if await desk.units.look(code) else held + 1,
    )
    return await desk.units.record(code, lambda _: unit.enter(entered), at.cause)


STEPS = (list_unit,)
