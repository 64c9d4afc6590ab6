"""Figures across documents. Lists and single ones come from the desk's guarded aggregates."""

from dataclasses import dataclass
from typing import Any

from chassis.aggregates import Aggregates, Held
from chassis.identity import Subject
from chassis.kernel.errors import NotFound
from chassis.policy import Policies
from chassis.store import Page

from .access import ACCESS
from .domain.events import WhistleEvent
from .domain.policy import WhistlePolicy
from .domain.unit import Unit, UnitEntered
from .domain.whistle import Whistle


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleQueries:
    whistles: Aggregates[Whistle, WhistleEvent]
    units: Aggregates[Unit, UnitEntered]
    policies: Policies[WhistlePolicy]

    async def list_units(self, after: Page | None, limit: int) -> list[Held[Unit]]:
        return await self.units.find({}, after=after, limit=limit)

    async def standing(self, blower: str, year: int, subject: Subject) -> dict[str, Any]:
        """What a blowing unit has left of its yearly points after irregular whistles (W-04)."""
        kind, _, code = blower.partition(":")
        if not ACCESS.may_see(subject, {kind: code}):
            raise NotFound(f"没有这条记录：{blower}")
        _, policy = await self.policies.current()
        rows = await self.whistles.tally(
            {"blower": blower, "year": year, "status": "rejected"}, sums=["cost"]
        )
        count, lost = (rows[0]["count"], rows[0]["cost"]) if rows else (0, 0)
        points = max(0, policy.scoring.year_starts_at - lost)
        return {"blower": blower, "year": year, "irregular": count, "points": points}
