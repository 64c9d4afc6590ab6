"""Blowing, registering, dispatching, escalating."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from chassis.aggregates import Changed
from chassis.asking import Asking
from chassis.cause import Cause
from chassis.kernel.clock import local_date
from chassis.kernel.errors import Malformed, RuleBroken
from services.whistle.access import ACCESS
from services.whistle.announce import spot_of
from services.whistle.commands import Blow, BlowAtStreet
from services.whistle.domain.blowing import blow, chiefs_of
from services.whistle.domain.events import WhistleBlown, WhistleEvent
from services.whistle.domain.policy import WhistlePolicy
from services.whistle.domain.problem import Problem
from services.whistle.domain.rules import RULES
from services.whistle.domain.whistle import Whistle

from .registers import ENDED, Registers, street_of, whistle_of


class CallingDesk(Registers):
    __slots__ = ()

    async def blow(self, command: Blow, asking: Asking) -> Changed[Whistle, WhistleEvent]:
        blown, id, cause = await self._about(command, asking)
        place = {"street": blown.street, "community": blown.community}
        ACCESS.demand(asking.subject, "blow", place)
        if asking.subject.kind != command.level.value:
            raise RuleBroken(RULES["W-02"], "社区书记吹社区哨，街道书记吹街道哨。", field="level")
        units = await self.units_by_code(command.units)
        policy = await self.policy()
        chiefs = await self._chiefs(blown, policy[1], asking.cause.now)
        return await self.whistles.create(
            id,
            lambda: blow(blown, units, policy=policy, work=self.work, chiefs=chiefs),
            cause,
        )

    async def _about(self, command: Blow, asking: Asking) -> tuple[WhistleBlown, str, Cause]:
        """What the whistle is about, its id (one at a time for a problem), and the case it goes on."""
        if command.problem is None:
            blown = await self._of_own_accord(command, asking)
            return blown, asking.new_id("whistles"), asking.cause
        held = await self.problems.show(command.problem, asking.subject)
        problem = held.aggregate
        cause = replace(asking.cause, correlation=held.correlation)
        blown = self._blown(command, asking, problem.street, problem.community)(
            category=problem.category,
            title=problem.title,
            problem=held.id,
            spot=spot_of(problem),
        )
        next_one = whistle_of(held.id, len(problem.whistles))
        for earlier in (*problem.whistles, next_one):
            if await self.whistles.recalls(earlier, cause):
                return blown, earlier, cause
        problem.ready_for_whistle()
        await self._free_for_another(held.id, problem)
        return blown, next_one, cause

    async def _free_for_another(self, id: str, problem: Problem) -> None:
        """Not while a whistle is out for it, even one whose news hasn't come yet."""
        last = await self.latest_whistle(id, problem)
        if last is not None and last.aggregate.status not in ENDED:
            raise RuleBroken(RULES["W-08"], "该问题已经吹哨，一事一哨。", field="problem")

    async def _of_own_accord(self, command: Blow, asking: Asking) -> WhistleBlown:
        if not command.title or not command.category:
            raise Malformed("没有对应问题时须写明标题和类别。", field="title")
        subject = asking.subject
        if subject.kind == "community" and subject.code:
            community = await self.communities.known(subject.code, "community")
            street, code = street_of(community), community.code
        else:
            street, code = str(subject.code), None
        return self._blown(command, asking, street, code)(
            category=command.category, title=command.title
        )

    @staticmethod
    def _blown(
        command: Blow, asking: Asking, street: str, community: str | None
    ) -> Callable[..., WhistleBlown]:
        def about(
            category: str, title: str, problem: str | None = None, spot: str | None = None
        ) -> WhistleBlown:
            return WhistleBlown(
                level=command.level,
                kind=command.kind,
                blower=asking.by,
                street=street,
                community=community,
                category=category,
                title=title,
                problem=problem,
                summoned=command.units,
                lead=command.lead,
                spot=spot,
                at=asking.cause.now,
            )

        return about

    async def register(self, id: str, asking: Asking) -> Changed[Whistle, WhistleEvent]:
        return await self.whistles.decide(
            id, "register", asking, lambda w: [w.register(by=asking.by)]
        )

    async def reject(self, id: str, reason: str, asking: Asking) -> Changed[Whistle, WhistleEvent]:
        policy = await self.policy()
        return await self.whistles.decide(
            id, "reject", asking, lambda w: [w.reject(by=asking.by, reason=reason, policy=policy)]
        )

    async def dispatch(self, id: str, asking: Asking) -> Changed[Whistle, WhistleEvent]:
        policy = await self.policy()
        now = asking.cause.now
        known = await self.whistles.show(id, asking.subject)
        chiefs = await self._chiefs(known.aggregate, policy[1], now)
        return await self.whistles.decide(
            id,
            "dispatch",
            asking,
            lambda w: [
                w.dispatch(by=asking.by, policy=policy, now=now, work=self.work, chiefs=chiefs)
            ],
        )

    async def _chiefs(
        self, whistle: Whistle | WhistleBlown, policy: WhistlePolicy, now: datetime
    ) -> Sequence[str]:
        """Of the stretch in that community, or else in that street."""
        category = policy.categories.get(whistle.category)
        if category is None or not category.river:
            return ()
        listed = [held.aggregate async for held in self.units.every({"kind": "river_chief"})]
        today = local_date(now)
        by_community = chiefs_of(listed, (whistle.community,), today) if whistle.community else []
        return by_community or chiefs_of(listed, (whistle.street,), today)

    async def solve(
        self, id: str, leader: str, office: str, asking: Asking
    ) -> Changed[Whistle, WhistleEvent]:
        policy = await self.policy()
        now = asking.cause.now
        units = await self.units_by_code((office,))
        known = await self.whistles.show(id, asking.subject)
        chiefs = await self._chiefs(known.aggregate, policy[1], now)
        return await self.whistles.decide(
            id,
            "solve",
            asking,
            lambda w: w.solve(
                by=asking.by,
                leader=leader,
                office=office,
                units=units,
                policy=policy,
                now=now,
                work=self.work,
                chiefs=chiefs,
            ),
        )

    async def escalate(
        self, id: str, reason: str, asking: Asking
    ) -> Changed[Whistle, WhistleEvent]:
        rungs = await self.rungs()
        return await self.whistles.decide(
            id,
            "escalate",
            asking,
            lambda w: w.escalate(by=asking.by, reason=reason, now=asking.cause.now, rungs=rungs),
        )

    async def blow_at_street(
        self, id: str, command: BlowAtStreet, asking: Asking
    ) -> Changed[Whistle, WhistleEvent]:
        """What came up from a community, blown by its street (W-02)."""
        units = await self.units_by_code(command.units)
        return await self.whistles.decide(
            id,
            "blow_at_street",
            asking,
            lambda w: [
                w.blow_at_street(
                    by=asking.by,
                    kind=command.kind,
                    summoned=command.units,
                    lead=command.lead,
                    units=units,
                    now=asking.cause.now,
                )
            ],
        )

    async def withdraw(
        self, id: str, reason: str, asking: Asking
    ) -> Changed[Whistle, WhistleEvent]:
        return await self.whistles.decide(
            id, "withdraw", asking, lambda w: [w.withdraw(by=asking.by, reason=reason)]
        )
