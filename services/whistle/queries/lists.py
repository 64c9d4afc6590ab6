"""Figures across documents. Lists and single ones come from the desk's guarded aggregates."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from chassis.aggregates import Aggregates
from chassis.copies import Copies
from chassis.guarded import Guarded
from chassis.identity import Subject, granted
from chassis.kernel.errors import Malformed, NotAllowed, NotFound, RuleBroken
from chassis.kind import Held
from chassis.policy import Policies
from chassis.store import In, Where
from contracts.housing import CommunityProfiled
from services.whistle.access import ACCESS, SORTING
from services.whistle.desk.registers import category_of, stands
from services.whistle.domain.competence import left, owing
from services.whistle.domain.course import CALLED, Status
from services.whistle.domain.events import WhistleEvent
from services.whistle.domain.figures import points_left
from services.whistle.domain.policy import Category, WhistlePolicy
from services.whistle.domain.problem import Problem, ProblemEvent
from services.whistle.domain.rules import RULES
from services.whistle.domain.unit import Unit, UnitEntered
from services.whistle.domain.whistle import Whistle
from services.whistle.spots import Spots

MOST_LEFT = 50
"""That wait for ended units: as many as anybody decides in a day (ours)."""

LEFT_BELOW = (*CALLED, Status.HANDLED, Status.EVALUATED)
"""Where it may wait for a community that has ended: while its units work, only if one of them has ended as well."""


def route(place: str, category: str) -> str:
    """Under which a decision of competence is found again."""
    return f"{place}/{category}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleQueries:
    whistles: Guarded[Whistle, WhistleEvent]
    problems: Guarded[Problem, ProblemEvent]
    units: Aggregates[Unit, UnitEntered]
    policies: Policies[WhistlePolicy]
    communities: Copies[CommunityProfiled]
    spots: Spots

    async def suggested(
        self, category: str, community: str, problem: str | None, subject: Subject
    ) -> dict[str, Any]:
        """Whom to call: what the centre last decided for that category, or who usually answers.

        At the place of the problem, if that is given and has one, before community and street.
        """
        known = await self.communities.known(community, "community")
        if not granted(subject, SORTING, {"street": known.street, "community": community}):
            raise NotAllowed("只能为本街道、本社区查询由谁办理。")
        places: list[Where] = [
            {"route": route(place, category)} for place in (community, str(known.street))
        ]
        if problem is not None:
            places = [*await self._spot(problem, category, community, subject), *places]
        usual = (await self._category(category, problem)).unit
        for place in places:
            decided = await self.whistles.find(place, sort="decided_at", descending=True, limit=1)
            if decided:
                unit = decided[0].aggregate.competent
                return {"unit": unit, "usual": usual, "whistle": decided[0].id}
        return {"unit": usual, "usual": usual}

    async def left(self, today: date, subject: Subject) -> list[dict[str, str]]:
        """What waits for who has ended and neither comes nor says whose it is: for a unit, by that unit; for a street,
        also for its communities (W-02).
        """
        found: dict[str, dict[str, str]] = {}
        async for held, gone in self._left(today, subject):
            found.setdefault(held.id, {"whistle": held.id, **gone})
            if len(found) == MOST_LEFT:
                break
        return [*found.values()]

    async def _left(
        self, today: date, subject: Subject
    ) -> AsyncIterator[tuple[Held[Whistle], dict[str, str]]]:
        ended = [unit.id async for unit in self.units.every({}) if unit.aggregate.ended(today)]
        for unit in ended:
            wanted: Where = {"units": unit, "status": In(tuple(CALLED))}
            async for held in self.whistles.every_of(subject, wanted):
                if left(held.aggregate, (unit,)):
                    yield held, {"unit": unit}
        if subject.kind != "street":
            return
        for community in await self.communities.every({}):
            if not stands(community, today):
                blower = f"community:{community.code}"
                wanted = {"blower": blower, "status": In(LEFT_BELOW)}
                async for held in self.whistles.every_of(subject, wanted):
                    if held.aggregate.status not in CALLED or owing(held.aggregate, ended):
                        yield held, {"community": community.code}

    async def _category(self, code: str, problem: str | None) -> Category:
        """Of the list; of a problem also one that has been struck from it since."""
        _, policy = await self.policies.current()
        listed = policy.categories.get(code)
        found = listed if problem is None else await category_of(self.policies, code)
        if found is None:
            raise RuleBroken(RULES["W-01"], f"没有这个类别：{code}", field="category")
        return found

    async def _spot(
        self, problem: str, category: str, community: str, subject: Subject
    ) -> list[Where]:
        """By its id, so that nobody writes a place into an address that ends up in a log."""
        known = (await self.problems.show(problem, subject)).aggregate
        if (known.category, known.community) != (category, community):
            raise Malformed("该问题的类别和社区与所查询的不一致。", field="problem")
        spots = self.spots.of(known), self.spots.before(known)
        return [{"spot": In(spots)}] if all(spots) else []

    async def whistler(self, blower: str, year: int, subject: Subject) -> dict[str, Any]:
        """The other side of the double assessment: what who blew has to show for its year (W-11)."""
        points = await self.standing(blower, year, subject)
        rows = await self.whistles.tally({"blower": blower, "year": year}, by="status")
        return {**points, "whistles": {row["status"]: row["count"] for row in rows}}

    async def standing(self, blower: str, year: int, subject: Subject) -> dict[str, Any]:
        """What a blowing unit has left of its yearly points after irregular whistles (W-04)."""
        kind, _, code = blower.partition(":")
        if not ACCESS.may_see(subject, {kind: code}):
            raise NotFound
        _, policy = await self.policies.current()
        asked = {"blower": blower, "year": year, "status": Status.REJECTED}
        rejected = [held.aggregate async for held in self.whistles.every(asked)]
        points = points_left(rejected, policy.scoring.year_starts_at)
        irregular = sum(one.irregular for one in rejected)
        return {"blower": blower, "year": year, "irregular": irregular, "points": points}
