"""Totals that somebody reports, beside what the register computes."""

from typing import Annotated, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.identity import kinds
from chassis.kernel.errors import UnknownReference
from chassis.kind import Changed
from chassis.lists import NEWEST, by, moment
from chassis.steps import Collection, nothing
from chassis.words import Area, Day, Short, Whole
from contracts.event import Code
from services.housing.access import DISTRICT, PUBLIC
from services.housing.desk import HousingDesk
from services.housing.domain import declaration
from services.housing.domain.area import measured
from services.housing.domain.declaration import (
    Declaration,
    DeclarationEvent,
    Totals,
    TotalsDeclared,
)
from services.housing.shown.declarations import DeclarationOut, shown

Count = Annotated[Whole, Field(ge=0, le=10_000_000)]

DECLARATIONS: Collection[Declaration, DeclarationEvent, HousingDesk, None] = Collection(
    service="housing",
    name="declarations",
    title="申报数",
    path="/declarations",
    state=Declaration,
    events=get_args(DeclarationEvent),
    evolve=declaration.evolve,
    resource=lambda declaration: {"street": declaration.street},
    access=PUBLIC,
    keys=lambda declaration: {"street": declaration.street, "opened_at": moment(declaration.at)},
    indexes=("opened_at",),
    sorts={"newest": NEWEST},
    filters=by("street"),
    of=lambda desk: desk.declarations,
    knows=nothing,
    out=shown,
    shows=DeclarationOut,
)


class TotalsIn(Asked):
    agreements: Count | None = None
    area_owed: Area | None = None
    area_handed_over: Area | None = None
    communities: Count | None = None
    urban: Count | None = None
    village_converted: Count | None = None
    at_standard: Count | None = None

    def totals(self) -> Totals:
        areas = {
            name: measured(said, f"totals.{name}")
            for name in ("area_owed", "area_handed_over")
            if (said := getattr(self, name)) is not None
        }
        return Totals(**{**self.model_dump(), **areas})


class DeclarationIn(Asked):
    """Without a street it is of the whole district."""

    as_of: Day
    street: Code | None = None
    source: Short
    totals: TotalsIn


@DECLARATIONS.step(
    "申报",
    "/declarations",
    who=kinds("street") | DISTRICT,
    rules="H-12",
    record=None,
    versioned=False,
    status=201,
)
async def declare(
    desk: HousingDesk, at: At[None], body: DeclarationIn
) -> Changed[Declaration, DeclarationEvent]:
    """A street declares its own."""
    declared = TotalsDeclared(
        as_of=body.as_of,
        street=body.street,
        source=body.source,
        totals=body.totals.totals(),
        at=at.now,
    )
    at.demand({"street": body.street})
    if body.street is not None and body.street not in desk.streets:
        raise UnknownReference(f"没有这个街道：{body.street}", field="street")
    id = at.asking.new_id("declarations")
    return await desk.declarations.create(id, lambda: declaration.declare(declared), at.cause)


@DECLARATIONS.step(
    "撤回申报",
    name="withdraw",
    who=kinds("street") | DISTRICT,
    rules="H-12",
    opens=lambda one, _: declaration.may_withdraw(one),
)
def withdraw(one: Declaration, at: At[None], body: ReasonIn) -> DeclarationEvent:
    """Of the wrong day or street; a wrong figure is declared again of the same day."""
    return declaration.withdraw(one, body.reason, at.now)


STEPS = (declare, withdraw)
