"""Problems: how they come in, and who may read what is confidential."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.cause import Cause
from chassis.identity import Subject, granted
from chassis.kernel.errors import NotAllowed
from chassis.kind import Changed
from services.whistle.access import SORTING
from services.whistle.domain import problem as problems
from services.whistle.domain.course import CENTRE
from services.whistle.domain.problem import Problem, ProblemCollected, ProblemEvent
from services.whistle.domain.whistle import Whistle

from .registers import Registers, problem_resource


@dataclass(frozen=True, slots=True)
class Words:
    """What was asked, and where: the place as it was written, and the point on the map, stand in no whistle."""

    asked: str
    place: str | None = None


class ProblemDesk(Registers):
    __slots__ = ()

    async def collect(
        self,
        id: str,
        happened: ProblemCollected,
        sealed: Mapping[str, str],
        cause: Cause,
        *,
        numbered: str,
    ) -> Changed[Problem, ProblemEvent]:
        """`sealed`: what was asked, and who reported it; kept before there is a problem."""
        _, policy = await self.policy()
        problems.collect(happened, sealed["asked"], policy.categories.keys())
        await self.reporters.keep(id, sealed, cause)
        return await self.problems.create(id, lambda: [happened], cause, numbered=numbered)

    async def take_in(
        self, id: str, happened: ProblemCollected, cause: Cause
    ) -> Changed[Problem, ProblemEvent]:
        """From another service or a partner: once, however often it is heard. Its title is all there is."""
        _, policy = await self.policy()
        problems.collect(happened, happened.title, policy.categories.keys())
        numbered = await self.numbered(happened.street, cause.now)
        return await self.problems.once(id, [happened], cause, numbered=numbered)

    async def asked_of_problem(self, id: str, reader: Subject) -> Words:
        """The full text, for who must decide about it: whoever may triage it, and whoever blew for it."""
        held = await self.problems.show(id, reader)
        whistle = await self.out_for(id, held.aggregate)
        holder = held.aggregate.holder(whistle.blower if whistle else None)
        place = problem_resource(held.aggregate)
        triages = not whistle and granted(reader, SORTING, place)
        if reader.acts_as not in (holder, CENTRE) and not triages:
            raise NotAllowed("诉求全文只有能分类的单位、吹哨单位、指挥中心和被召集单位可以查看。")
        return await self._words(id, held.aggregate.title)

    async def asked_of_whistle(self, id: str, reader: Subject) -> Words:
        """Also for the units that were called: they can't settle what they don't know, nor come to it."""
        held = await self.whistles.show(id, reader)
        whistle: Whistle = held.aggregate
        called = [f"department:{unit}" for unit in whistle.summoned]
        if reader.acts_as not in (whistle.blower, CENTRE, *called):
            raise NotAllowed("诉求全文只有吹哨单位、指挥中心和被召集单位可以查看。")
        if whistle.problem is None:
            return Words(whistle.title)
        return await self._words(whistle.problem, whistle.title)

    async def _words(self, problem: str, title: str) -> Words:
        """Where it is: as the problem has it, or the report, of one that a build before December 2026 placed."""
        place = (await self.problems.get(problem)).aggregate.place
        place = place or await self.reporters.place(problem)
        where = said_where(place, await self.reporters.point(problem))
        return Words(await self.reporters.asked(problem) or title, where)

    async def follow(self, problem: str, whistle: str, cause: Cause) -> None:
        await self.problems.change(problem, lambda p: p.follow(whistle), cause)

    async def drop(self, problem: str, whistle: str, cause: Cause) -> None:
        await self.problems.change(problem, lambda p: p.drop(whistle), cause)


def said_where(place: str | None, point: str | None) -> str | None:
    return "；".join(one for one in (place, point) if one) or None
