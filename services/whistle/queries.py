"""Lists and figures. What a subject may not see is not in them, nor counted."""

from dataclasses import dataclass
from typing import Any

from chassis.aggregates import Aggregates, Held
from chassis.identity import Subject
from chassis.kernel.errors import NotFound
from chassis.policy import Policies
from chassis.store import Has, Page

from .access import ACCESS
from .desk import problem_resource, whistle_resource
from .domain.events import WhistleEvent
from .domain.policy import WhistlePolicy
from .domain.problem import Problem, ProblemEvent
from .domain.unit import Unit, UnitEntered
from .domain.whistle import Whistle


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleQueries:
    problems: Aggregates[Problem, ProblemEvent]
    whistles: Aggregates[Whistle, WhistleEvent]
    units: Aggregates[Unit, UnitEntered]
    policies: Policies[WhistlePolicy]

    async def whistle(self, id: str, subject: Subject) -> Held[Whistle]:
        held = await self.whistles.get(id)
        if not ACCESS.may_see(subject, whistle_resource(held.aggregate)):
            raise NotFound(f"没有这条记录：{id}")
        return held

    async def problem(self, id: str, subject: Subject) -> Held[Problem]:
        held = await self.problems.get(id)
        if not ACCESS.may_see(subject, problem_resource(held.aggregate)):
            raise NotFound(f"没有这条记录：{id}")
        return held

    async def list_whistles(
        self, subject: Subject, wanted: dict[str, Any], after: Page | None, limit: int
    ) -> list[Held[Whistle]]:
        where = _visible(subject, wanted)
        if where is None:
            return []
        return await self.whistles.find(where, after=after, limit=limit)

    async def list_problems(
        self, subject: Subject, wanted: dict[str, Any], after: Page | None, limit: int
    ) -> list[Held[Problem]]:
        where = _visible(subject, wanted)
        if where is None or "units" in where:
            return []
        return await self.problems.find(where, after=after, limit=limit)

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


def _visible(subject: Subject, wanted: dict[str, Any]) -> dict[str, Any] | None:
    """What is asked for, within what may be seen; None when that is nothing."""
    may = ACCESS.visible(subject)
    asked = {name: value for name, value in wanted.items() if value is not None}
    if "units" in asked:
        asked["units"] = Has(asked["units"])
    if may is None or any(name in asked and asked[name] != value for name, value in may.items()):
        return None
    return {**asked, **may}
