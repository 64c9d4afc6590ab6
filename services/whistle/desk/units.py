"""The register of units that can be summoned."""

from collections.abc import Sequence
from datetime import date, datetime

from chassis.cause import Cause
from services.whistle.domain.unit import UnitEntered, UnitKind

from .registers import Registers

PLAN_DATE = date(2019, 5, 31)
"""The day of the implementation plan: the member units' validity begins with it."""


class UnitDesk(Registers):
    __slots__ = ()

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
