"""Totals that somebody reported, with their day and source; the letters' own are there from the start."""

from collections.abc import Iterable
from datetime import datetime

from chassis.cause import Cause
from chassis.kind import derived_id
from services.housing.domain.declaration import TotalsDeclared

from .registers import Registers


class DeclarationDesk(Registers):
    __slots__ = ()

    async def seed_declarations(self, printed: Iterable[TotalsDeclared], now: datetime) -> None:
        for declared in printed:
            id = derived_id("declarations", declared.source)
            await self.declarations.once(id, [declared], Cause(actor="platform", now=now))
