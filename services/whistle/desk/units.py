"""The register of units that can be summoned."""

from collections.abc import Sequence
from datetime import date, datetime

from chassis.aggregates import Changed
from chassis.asking import Asking
from chassis.cause import Cause
from services.whistle.access import ACCESS
from services.whistle.commands import ListUnit
from services.whistle.domain.unit import Unit, UnitEntered, UnitKind

from .registers import Registers

PLAN_DATE = date(2019, 5, 31)
"""The day of the implementation plan: the member units' validity begins with it."""


class UnitDesk(Registers):
    __slots__ = ()

    async def list_unit(
        self, code: str, command: ListUnit, asking: Asking
    ) -> Changed[Unit, UnitEntered]:
        ACCESS.demand(asking.subject, "list_unit", {})
        known = await self.units.look(code)
        held = await self.units.count({})
        entered = UnitEntered(
            code=code,
            name=command.name,
            kind=command.kind,
            serves=command.serves,
            valid_from=command.valid_from,
            valid_to=command.valid_to,
            listed=held if known else held + 1,
        )
        return await self.units.record(code, lambda _: [entered], asking.cause)

    async def seed_units(self, member_units: Sequence[tuple[str, str]], now: datetime) -> None:
        """The member units of the plan's annex, where the register doesn't know them yet."""
        for code, name in member_units:
            entered = UnitEntered(
                code=code,
                name=name,
                kind=UnitKind.DEPARTMENT,
                valid_from=PLAN_DATE,
                listed=len(member_units),
            )
            await self.units.once(code, [entered], Cause(actor="platform", now=now))
