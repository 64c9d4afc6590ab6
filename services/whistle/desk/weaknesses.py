"""What the index finds weak, kept for the quarterly sheet (W-14)."""

from chassis.aggregates import derived_id
from chassis.cause import Cause
from services.whistle.domain import weakness
from services.whistle.domain.weakness import Weakness

from .registers import Registers


class WeaknessDesk(Registers):
    __slots__ = ()

    async def list_weakness(self, found: Weakness, cause: Cause) -> None:
        id = derived_id("weaknesses", found.street, found.theme, found.quarter)
        await self.weaknesses.record(id, lambda known: weakness.told(known, found), cause)
