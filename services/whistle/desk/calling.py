"""Whom a whistle calls: of a problem or of the blower's own accord, its units, and the river chiefs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chassis.asking import Asking
from chassis.cause import Cause
from chassis.kernel.clock import local_date
from chassis.kernel.errors import Malformed, RuleBroken
from services.whistle.domain.blowing import chiefs_of
from services.whistle.domain.events import WhistleBlown
from services.whistle.domain.problem import Problem
from services.whistle.domain.rules import RULES
from services.whistle.domain.whistle import Whistle

from .registers import Registers, category_of, street_of, whistle_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a whistle is about, its id, and the cause it is blown under: it goes on the problem's case."""

    id: str
    cause: Cause
    street: str
    community: str | None
    category: str
    title: str
    problem: str | None = None
    spot: str | None = None


class CallingDesk(Registers):
    __slots__ = ()

    async def matter(self, problem: str, asking: Asking) -> Matter:
        """Of a problem: one whistle at a time."""
        held = await self.problems.show(problem, asking.subject)
        known = held.aggregate
        cause = replace(asking.cause, correlation=held.correlation)
        return Matter(
            id=await self._next_whistle(held.id, known, cause),
            cause=cause,
            street=known.street,
            community=known.community,
            category=known.category,
            title=known.title,
            problem=held.id,
            spot=self.spot_ids.of(known),
        )

    async def _next_whistle(self, id: str, problem: Problem, cause: Cause) -> str:
        """The one this very request has blown, or a new one."""
        next_one = whistle_of(id, len(problem.whistles))
        for earlier in (*problem.whistles, next_one):
            if await self.whistles.recalls(earlier, cause):
                return earlier
        problem.ready_for_whistle()
        # Not while one is out for it, even one whose news hasn't come yet.
        if await self.out_for(id, problem) is not None:
            raise RuleBroken(RULES["W-08"], "该问题已经吹哨，一事一哨。", field="problem")
        return next_one

    async def own_matter(self, title: str | None, category: str | None, asking: Asking) -> Matter:
        """Of the blower's own accord, in its own area."""
        if not title or not category:
            raise Malformed("没有对应问题时须写明标题和类别。", field="title")
        subject = asking.subject
        street, community = str(subject.code), None
        if subject.kind == "community" and subject.code:
            own = await self.communities.known(subject.code, "community")
            street, community = street_of(own, local_date(asking.cause.now)), own.code
        return Matter(
            id=asking.new_id("whistles"),
            cause=asking.cause,
            street=street,
            community=community,
            category=category,
            title=title,
        )

    async def chiefs(self, whistle: Whistle | WhistleBlown, now: datetime) -> Sequence[str]:
        """Of the stretch in that community, or else in that street."""
        category = await category_of(self.policies, whistle.category)
        if category is None or not category.river:
            return ()
        listed = [held.aggregate async for held in self.units.every({"kind": "river_chief"})]
        today = local_date(now)
        by_community = chiefs_of(listed, (whistle.community,), today) if whistle.community else []
        return by_community or chiefs_of(listed, (whistle.street,), today)
