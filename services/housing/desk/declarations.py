"""Totals that somebody reported, with their day and source; the letters' own are there from the start."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chassis.aggregates import Changed, derived_id
from chassis.asking import Asking
from chassis.cause import Cause
from chassis.guarded import Guarded
from chassis.kernel.errors import UnknownReference
from services.housing.access import PUBLISHED
from services.housing.domain.declaration import Declaration, TotalsDeclared, declare
from services.housing.domain.street import Street


def declaration_resource(declaration: Declaration) -> dict[str, object]:
    return {"street": declaration.street}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationDesk:
    declarations: Guarded[Declaration, TotalsDeclared]
    streets: Mapping[str, Street]

    async def declare(
        self, declared: TotalsDeclared, asking: Asking
    ) -> Changed[Declaration, TotalsDeclared]:
        PUBLISHED.demand(asking.subject, "declare", {"street": declared.street})
        if declared.street is not None and declared.street not in self.streets:
            raise UnknownReference(f"没有这个街道：{declared.street}", field="street")
        id = asking.new_id("declarations")
        return await self.declarations.create(id, lambda: declare(declared), asking.cause)

    async def seed(self, printed: Iterable[TotalsDeclared], now: datetime) -> None:
        for declared in printed:
            id = derived_id("declarations", declared.source)
            await self.declarations.once(id, [declared], Cause(actor="platform", now=now))
