"""What comes here from elsewhere and goes elsewhere, and what came of it (C-13, C-24)."""

from dataclasses import replace

from chassis.cause import Cause
from chassis.kernel.errors import OURS, RuleBroken, UnknownReference
from chassis.kind import derived_id
from chassis.places import numbered
from contracts.consultation import problem_of
from services.consultation.domain import proposing, referrals
from services.consultation.domain import topic as topics
from services.consultation.domain.arising import Arisen
from services.consultation.domain.committee import Committee
from services.consultation.domain.events import MatterProposed
from services.consultation.domain.following_events import Answerer, Came
from services.consultation.domain.matter import Matter
from services.consultation.domain.rules import RULES

from .meetings import Meetings


def _raised(matter: str, again: int | None) -> str:
    """The id of the matter above."""
    return derived_id("matters", "raised", matter, *([str(again)] if again else []))


class Referring(Meetings):
    __slots__ = ()

    async def raise_up(self, matter: str, again: int | None, cause: Cause) -> None:
        """C-13: one matter before the committee above, each time that one came to it."""
        held = (await self.matters.get(matter)).aggregate
        level = referrals.UPPER.get(held.level)
        if level is None:
            return
        committee = await self.sitting(level, held.street, held.community, cause.now)
        if committee is None:
            raise UnknownReference("上一级没有在任的议事委员会。", field="committee")
        head = (await self.policies.current())[1].referred_head
        id = _raised(matter, again)
        proposed = referrals.raised(held, id=id, committee=committee.id, head=head, now=cause.now)
        await self._begin(proposed, committee.aggregate, cause)

    async def propose_arisen(self, arisen: Arisen, origin: str, cause: Cause) -> None:
        """C-24: one topic for each `origin`, where a committee sits that could take it up."""
        arisen = await self._here(arisen)
        committee = await self.sitting(arisen.level, arisen.street, arisen.community, cause.now)
        if committee is None:
            return
        head = (await self.policies.current())[1].referred_head
        id = derived_id("matters", "arisen", origin)
        proposed = arisen.proposed(id=id, committee=committee.id, head=head, now=cause.now)
        # A story of its own, so that what comes of its referral finds it.
        await self._begin(proposed, committee.aggregate, replace(cause, correlation=None))

    async def propose_taken_up(self, arisen: Arisen, origin: str, cause: Cause) -> str:
        """What a convener makes a topic of (C-24, C-33), once for each `origin`; the matter's id."""
        arisen = await self._here(arisen)
        committee = await self.sitting(arisen.level, arisen.street, arisen.community, cause.now)
        if committee is None:
            raise RuleBroken(
                RULES["C-24"], "该社区没有在任的议事委员会。", clause=OURS, field="committee"
            )
        policy = (await self.policies.current())[1]
        id = derived_id("matters", "arisen", origin)
        proposed = arisen.proposed(
            id=id, committee=committee.id, head=policy.referred_head, now=cause.now
        )
        proposing.propose(proposed, policy)
        alone = replace(cause.unkeyed(), correlation=None)
        await self._begin(proposed, committee.aggregate, alone)
        return id

    async def _here(self, arisen: Arisen) -> Arisen:
        """In the community that its own was merged into, where it was."""
        to = await self.where(arisen.community) if arisen.community else None
        return replace(arisen, community=to.community) if to else arisen

    async def _begin(self, proposed: MatterProposed, before: Committee, cause: Cause) -> None:
        """C-01: it lies where its committee does, also where it arose in the street that one has left since."""
        there = replace(proposed, street=before.street)
        number = await numbered(self.communities, there.street, cause.now)
        await self.matters.once(there.id, [there], cause, numbered=number)

    async def answer(
        self, matter: str | None, by: Answerer, about: str, outcome: Came, cause: Cause
    ) -> None:
        """What came of a referral, where there is such a matter."""
        if matter is None or await self.matters.look(matter) is None:
            return
        await self.matters.change(
            matter, lambda m: referrals.answered(m, by, about, outcome, cause.now), cause
        )

    async def answer_dispute(self, topic: str | None, case: str, how: Came, cause: Cause) -> None:
        """How mediation ended, to the matter that was refused or the proposal that wasn't taken up."""
        if topic is None or await self.proposals.look(topic) is None:
            await self.answer(topic, Answerer.MEDIATION, case, how, cause)
            return
        await self.proposals.change(topic, lambda p: topics.mediated(p, how, cause.now), cause)

    async def answer_from_whistle(
        self, problem: str | None, about: str, outcome: Came, cause: Cause
    ) -> None:
        """To the matter that went there as this problem, whichever way it or the one below went since."""
        if problem is not None and cause.correlation is not None:
            matter = await self._gone_as(problem, cause.correlation)
            await self.answer(matter, Answerer.WHISTLE, about, outcome, cause)

    async def _gone_as(self, problem: str, matter: str) -> str | None:
        """Of a matter and those above it, as often as it went up."""
        held = await self.matters.look(matter)
        times = range(held.aggregate.again + 1) if held is not None else ()
        if problem in {problem_of(matter, n) for n in times}:
            return matter
        above = [await self._gone_as(problem, _raised(matter, n)) for n in times]
        return next((one for one in above if one is not None), None)

    async def answer_need(self, need: str, contract: str, cause: Cause) -> None:
        """To the matter whose session found it, where one did."""
        matter = referrals.found_by(need)
        held = await self.matters.look(matter) if matter else None
        if held is not None and need in {one.need for one in held.aggregate.needs}:
            await self.answer(matter, Answerer.PROCUREMENT, contract, Came.CONTRACT_SIGNED, cause)

    async def answer_below(self, matter: str, cause: Cause) -> None:
        """The matter that this one was raised from hears how it ended."""
        closed = (await self.matters.get(matter)).aggregate
        outcome = Came.COMPLETED if closed.result is not None else Came.CLOSED
        by = Answerer.UPPER_COMMITTEE
        await self.answer(closed.referred_from, by, matter, outcome, cause)

    async def answer_refused(self, matter: str, refused: Matter, cause: Cause) -> None:
        """Likewise, where it wasn't taken up."""
        by, came = Answerer.UPPER_COMMITTEE, Came.NOT_TAKEN_UP
        await self.answer(refused.referred_from, by, matter, came, cause)
