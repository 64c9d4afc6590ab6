"""A community against the standards, today or as of a past day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from chassis.aggregates import Aggregates
from chassis.kernel.clock import local_date
from chassis.kernel.errors import Malformed, NotFound
from services.housing.domain.premises import Premises, PremisesEvent
from services.housing.domain.standard import Assessment

from .history import folded


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardQueries:
    premises: Aggregates[Premises, PremisesEvent]
    clock: Callable[[], datetime]

    async def standard(self, community: str, as_of: date | None) -> Assessment:
        """H-02, by the standard of that day on what was recorded by then."""
        today = local_date(self.clock())
        day = as_of or today
        if day > today:
            raise Malformed("日期不能晚于今天。", field="as_of")
        trail = {"trail": await self.premises.trail(community)}
        was = folded(self.premises, trail, day)
        found = was.assessed(day) if was else None
        if found is None:
            raise NotFound(f"{day} 尚未登记该社区的用房：{community}")
        return found
