"""Figures across documents. Lists and single ones come from the desk's guarded aggregates."""

from dataclasses import dataclass
from typing import Any

from chassis.aggregates import Aggregates, Held
from chassis.copies import Copies
from chassis.identity import Subject
from chassis.kernel.errors import NotFound, RuleBroken
from chassis.policy import Policies
from chassis.store import Page
from contracts.housing import CommunityProfiled
from services.whistle.access import ACCESS
from services.whistle.domain.events import WhistleEvent
from services.whistle.domain.policy import WhistlePolicy
from services.whistle.domain.rules import RULES
from services.whistle.domain.unit import Unit, UnitEntered
from services.whistle.domain.whistle import Whistle


def route(place: str, category: str) -> str:
    """Under which a decision of competence is found again."""
    return f"{place}/{category}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleQueries:
    whistles: Aggregates[Whistle, WhistleEvent]
    units: Aggregates[Unit, UnitEntered]
    policies: Policies[WhistlePolicy]
    communities: Copies[CommunityProfiled]

    async def list_units(self, after: Page | None, limit: int) -> list[Held[Unit]]:
        return await self.units.find({}, after=after, limit=limit)

    async def suggested(self, category: str, community: str, subject: Subject) -> dict[str, Any]:
        """Whom to call: what the centre last decided there for that category, or who usually answers."""
        known = await self.communities.known(community, "community")
        ACCESS.demand(subject, "route", {"street": known.street, "community": community})
        _, policy = await self.policies.current()
        if category not in policy.categories:
            raise RuleBroken(RULES["W-01"], f"没有这个类别：{category}", field="category")
        usual = policy.categories[category].unit
        for place in (community, str(known.street)):
            decided = await self.whistles.find(
                {"route": route(place, category)}, sort="decided_at", descending=True, limit=1
            )
            if decided:
                unit = decided[0].aggregate.competent
                return {"unit": unit, "usual": usual, "whistle": decided[0].id}
        return {"unit": usual, "usual": usual}

    async def whistler(self, blower: str, year: int, subject: Subject) -> dict[str, Any]:
        """The other side of the double assessment: what who blew has to show for its year (W-11)."""
        points = await self.standing(blower, year, subject)
        rows = await self.whistles.tally({"blower": blower, "year": year}, by="status")
        return {**points, "whistles": {row["status"]: row["count"] for row in rows}}

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
