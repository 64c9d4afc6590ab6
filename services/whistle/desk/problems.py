"""Problems: collecting, triage, settling in the community, and who may read what is confidential."""

from chassis.aggregates import Changed
from chassis.asking import Asking
from chassis.cause import Cause
from chassis.identity import Subject
from chassis.kernel.errors import NotAllowed, RuleBroken
from services.whistle.access import ACCESS
from services.whistle.commands import CollectProblem, Triage
from services.whistle.domain import problem as problems
from services.whistle.domain.course import CENTRE
from services.whistle.domain.problem import Problem, ProblemCollected, ProblemEvent, ProblemTriaged
from services.whistle.domain.rules import RULES
from services.whistle.domain.whistle import Whistle

from .registers import ENDED, Registers, problem_resource, street_of

OPEN311 = "open311"


class ProblemDesk(Registers):
    __slots__ = ()

    async def collect(
        self, command: CollectProblem, asking: Asking
    ) -> Changed[Problem, ProblemEvent]:
        community = await self.communities.known(command.community, "community")
        place = {"street": community.street, "community": community.code}
        ACCESS.demand(asking.subject, "collect", place)
        id = asking.new_id("problems")
        happened = ProblemCollected(
            channel=command.channel,
            street=street_of(community),
            community=community.code,
            category=command.category,
            title=command.title,
            place=command.place,
            by=None if asking.by == CENTRE else asking.by,
            has_reporter=command.reporter is not None,
            at=asking.cause.now,
        )
        _, policy = await self.policy()
        problems.collect(happened, command.asked, policy.categories.keys())
        sealed = {"asked": command.asked, **(command.reporter or {})}
        await self.reporters.keep(id, sealed, asking.cause)
        return await self.problems.create(id, lambda: [happened], asking.cause)

    async def collect_publicly(self, command: CollectProblem, cause: Cause) -> str:
        """By a resident without a token. Its title is the category's name: every word of theirs is sealed."""
        community = await self.communities.known(command.community, "community")
        _, policy = await self.policy()
        category = policy.categories.get(command.category)
        happened = ProblemCollected(
            channel=command.channel,
            street=street_of(community),
            community=community.code,
            category=command.category,
            title=category.name if category else command.category,
            place=command.place,
            origin=OPEN311,
            has_reporter=command.reporter is not None,
            at=cause.now,
        )
        problems.collect(happened, command.asked, policy.categories.keys())
        sealed = {"asked": command.asked, **(command.reporter or {})}
        await self.reporters.keep(cause.fresh, sealed, cause)
        await self.problems.create(cause.fresh, lambda: [happened], cause)
        return cause.fresh

    async def take_in(
        self, id: str, happened: ProblemCollected, cause: Cause
    ) -> Changed[Problem, ProblemEvent]:
        """From another service or a partner: once, however often it is heard. Its title is all there is."""
        _, policy = await self.policy()
        problems.collect(happened, happened.title, policy.categories.keys())
        return await self.problems.once(id, [happened], cause)

    async def triage(
        self, id: str, command: Triage, asking: Asking
    ) -> Changed[Problem, ProblemEvent]:
        triaged = ProblemTriaged(
            kind=command.kind,
            urgency=command.urgency,
            difficulty=command.difficulty,
            handling=command.handling,
        )
        return await self.problems.decide(
            id, "triage", asking, lambda p: [p.triage(by=asking.by, as_=triaged)]
        )

    async def settle(self, id: str, how: str, asking: Asking) -> Changed[Problem, ProblemEvent]:
        """Not while a whistle is out for it, even one whose news hasn't come yet."""
        now = asking.cause.now
        known = await self.problems.show(id, asking.subject)
        whistle = await self.latest_whistle(id, known.aggregate)
        if whistle is not None and whistle.aggregate.status not in ENDED:
            raise RuleBroken(RULES["W-08"], "该问题已经吹哨，随哨办结。")
        return await self.problems.decide(
            id, "settle", asking, lambda p: [p.settle(how=how, now=now)]
        )

    async def read_reporter(self, id: str, reason: str, asking: Asking) -> dict[str, str]:
        """The reading is recorded first; who may not read leaves no trace and learns nothing."""
        known = await self.problems.show(id, asking.subject)
        whistle = await self.latest_whistle(id, known.aggregate)
        blower = whistle.aggregate.blower if whistle else None
        await self.problems.decide(
            id,
            "read_reporter",
            asking,
            lambda p: [p.read_reporter(by=asking.by, reason=reason, blower=blower)],
        )
        return await self.reporters.read(id)

    async def asked_of_problem(self, id: str, reader: Subject) -> str:
        """The full text, for who must decide about it: whoever may triage it, and whoever blew for it."""
        held = await self.problems.show(id, reader)
        whistle = await self.latest_whistle(id, held.aggregate)
        holder = held.aggregate.holder(whistle.aggregate.blower if whistle else None)
        triages = not whistle and ACCESS.may(reader, "triage", problem_resource(held.aggregate))
        if reader.acts_as not in (holder, CENTRE) and not triages:
            raise NotAllowed("诉求全文只有能分类的单位、吹哨单位、指挥中心和被召集单位可以查看。")
        return await self.reporters.asked(id) or held.aggregate.title

    async def asked_of_whistle(self, id: str, reader: Subject) -> str:
        """Also for the units that were called: they can't settle what they don't know."""
        held = await self.whistles.show(id, reader)
        whistle: Whistle = held.aggregate
        called = [f"department:{unit}" for unit in whistle.summoned]
        if reader.acts_as not in (whistle.blower, CENTRE, *called):
            raise NotAllowed("诉求全文只有吹哨单位、指挥中心和被召集单位可以查看。")
        full = await self.reporters.asked(whistle.problem) if whistle.problem else None
        return full or whistle.title

    async def follow(self, problem: str, whistle: str, cause: Cause) -> None:
        await self.problems.change(problem, lambda p: p.follow(whistle), cause)

    async def remove_orphan(self, problem: str, cause: Cause) -> None:
        """A record whose problem never came is removed; one whose problem exists is claimed."""
        if await self.problems.look(problem):
            await self.reporters.claim(problem, cause)
        else:
            await self.reporters.remove(problem)
