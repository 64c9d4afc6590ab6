"""What residents report without a token: where it belongs, or that it waits to be told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chassis.cause import Cause
from chassis.identity import Subject
from chassis.kernel.clock import local_date
from chassis.kernel.errors import NotAllowed
from chassis.numbers import prefix
from chassis.store import Range
from contracts.housing import CommunityProfiled
from services.whistle.domain import placing, unplaced
from services.whistle.domain.course import CENTRE
from services.whistle.domain.placing import Spotted
from services.whistle.domain.problem import Channel, ProblemCollected
from services.whistle.domain.unplaced import UnplacedStatus, UnplacedTaken
from services.whistle.reporters import PLACE, POINT

from .problems import ProblemDesk, Words, said_where
from .registers import stands, street_of

OPEN311 = "open311"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a resident reports without a token; `reporter` is empty where it is anonymous."""

    category: str
    asked: str
    community: str | None = None
    place: str | None = None
    spotted: Spotted | None = None
    reporter: Mapping[str, str] = field(default_factory=dict)

    @property
    def sealed(self) -> dict[str, str]:
        where = {POINT: str(self.spotted)} if self.spotted else {}
        return {"asked": self.asked, **where, **self.reporter}

    @property
    def sealed_unplaced(self) -> dict[str, str]:
        """With its address, which otherwise is the problem's place."""
        return {**self.sealed, PLACE: self.place} if self.place else self.sealed


class PlacingDesk(ProblemDesk):
    __slots__ = ()

    async def collect_publicly(self, report: Report, cause: Cause) -> str:
        """A problem of the community it belongs to; where nobody can tell which that is, it waits."""
        community = await self._community_of(report, cause)
        if community is None:
            await self._keep_unplaced(report, cause)
            return cause.fresh
        happened = await self._publicly(
            report.category,
            community=community.code,
            street=street_of(community, local_date(cause.now)),
            place=report.place,
            has_reporter=bool(report.reporter),
            cause=cause,
        )
        numbered = prefix(community.street_name or happened.street, cause.now)
        await self.collect(cause.fresh, happened, report.sealed, cause, numbered=numbered)
        return cause.fresh

    async def _publicly(
        self,
        code: str,
        *,
        community: str,
        street: str,
        place: str | None,
        has_reporter: bool,
        cause: Cause,
        arose_at: datetime | None = None,
    ) -> ProblemCollected:
        """Its title is the category's name: every word of the resident's is sealed."""
        _, policy = await self.policy()
        category = policy.categories.get(code)
        return ProblemCollected(
            channel=Channel.DIGITAL,
            street=street,
            community=community,
            category=code,
            title=category.name if category else code,
            place=place,
            origin=OPEN311,
            has_reporter=has_reporter,
            arose_at=arose_at,
            at=cause.now,
        )

    async def _community_of(self, report: Report, cause: Cause) -> CommunityProfiled | None:
        today = local_date(cause.now)
        if report.community is not None:
            said = await self.communities.known(report.community, "community")
            if stands(said, today):
                return said
        standing = {
            one.code: one
            for one in await self.communities.every()
            if one.street and stands(one, today)
        }
        code = None
        if report.spotted is not None:
            code = await self._around(report.spotted, standing)
        if code is None and report.place:
            code = placing.named(report.place, {one.code: one.name for one in standing.values()})
        return standing[code] if code else None

    async def _around(
        self, point: Spotted, standing: Mapping[str, CommunityProfiled]
    ) -> str | None:
        """Among those that hold: the ground of one that ended is others' now."""
        boxed = {
            "west": Range(at_most=point.east),
            "east": Range(at_least=point.east),
            "south": Range(at_most=point.north),
            "north": Range(at_least=point.north),
        }
        shapes = {one.community: one.polygons for one in await self.outlines.every(boxed)}
        there = {code: shape for code, shape in shapes.items() if code in standing}
        return placing.around(point, {str(code): shape for code, shape in there.items()})

    async def _keep_unplaced(self, report: Report, cause: Cause) -> None:
        _, policy = await self.policy()
        taken = UnplacedTaken(
            category=report.category,
            has_reporter=bool(report.reporter),
            at=cause.now,
        )
        unplaced.take(taken, report.asked, policy.categories.keys())
        await self.reporters.keep(cause.fresh, report.sealed_unplaced, cause)
        await self.unplaced.create(cause.fresh, lambda: [taken], cause)

    async def begin_placed(self, id: str, cause: Cause) -> None:
        """The report has its place: once, the problem that it was all along."""
        one = (await self.unplaced.get(id)).aggregate
        if one.street is None or one.community is None:
            raise RuntimeError("what is told to be placed has its place")
        happened = await self._publicly(
            one.category,
            community=one.community,
            street=one.street,
            place=one.place or await self.reporters.place(id),
            has_reporter=one.has_reporter,
            cause=cause,
            arose_at=one.taken_at,
        )
        numbered = await self.numbered(one.street, cause.now)
        await self.problems.once(id, [happened], cause, numbered=numbered)

    async def asked_of_unplaced(self, id: str, reader: Subject) -> Words:
        """The full text, the address and the point: for the centre, while it must find out where it is."""
        held = await self.unplaced.show(id, reader)
        waits = held.aggregate.status is UnplacedStatus.WAITING
        if reader.acts_as != CENTRE or not waits:
            raise NotAllowed("诉求全文在地点确定前只有指挥中心可以查看。")
        one = held.aggregate
        address = one.place or await self.reporters.place(id)
        point = await self.reporters.point(id) or (str(one.spotted) if one.spotted else None)
        return Words(await self.reporters.asked(id) or "", said_where(address, point))
