"""The use cases: load, decide, save. One public method per command."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from chassis.aggregates import Changed
from chassis.asking import Asking
from chassis.copies import Copies
from chassis.guarded import Guarded
from chassis.kernel.clock import local_date
from chassis.kernel.errors import Malformed, Unavailable, UnknownReference
from chassis.policy import Policies
from contracts.housing import CommunityProfiled

from .access import ACCESS
from .commands import ProposeMatter, SeatCommittee
from .domain import committee as committees
from .domain import matter as matters
from .domain.committee import Committee, CommitteeSeated, Level
from .domain.events import Conclusion, Ground, MatterEvent, MatterProposed
from .domain.matter import Matter
from .domain.policy import ConsultationPolicy

Place = tuple[str, str | None]
"""Street and, below it, community."""
Decide = Callable[[Matter], Iterable[MatterEvent]]


def committee_resource(committee: Committee) -> dict[str, object]:
    """What the policy looks at; also the fields by which lists are filtered."""
    return {"street": committee.street, "community": committee.community}


def matter_resource(matter: Matter) -> dict[str, object]:
    """Seen by whom it concerns."""
    return {"street": matter.street, "community": matter.community, "units": matter.units}


def convener(matter: Matter) -> dict[str, object]:
    """Led by its committee's place: a street committee's matter isn't its community's to lead."""
    community = None if matter.level is Level.STREET else matter.community
    return {"street": matter.street, "community": community}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationDesk:
    committees: Guarded[Committee, CommitteeSeated]
    matters: Guarded[Matter, MatterEvent]
    communities: Copies[CommunityProfiled]
    policies: Policies[ConsultationPolicy]

    # Committees

    async def seat(
        self, command: SeatCommittee, asking: Asking
    ) -> Changed[Committee, CommitteeSeated]:
        street, community = await self._place(command)
        ACCESS.demand(asking.subject, "seat", {"street": street, "community": community})
        number, policy = await self.policies.current()
        seated = CommitteeSeated(
            level=command.level,
            street=street,
            community=community,
            name=command.name,
            members=command.members,
            policy=number,
            term_ends=committees.term_end(local_date(asking.cause.now)),
            at=asking.cause.now,
        )
        return await self.committees.create(
            asking.new_id("committees"), lambda: [committees.seat(seated, policy)], asking.cause
        )

    async def _place(self, command: SeatCommittee) -> Place:
        if command.level is Level.STREET:
            if command.street is None or command.community is not None:
                raise Malformed("街道议事委员会只写明街道。", field="street")
            return await self._known_street(command.street), None
        if command.community is None:
            raise Malformed("社区及以下议事委员会须写明社区。", field="community")
        street, community = await self._community(command.community)
        if command.street not in (None, street):
            raise Malformed("该社区不属于所写的街道。", field="street")
        return street, community

    # Matters

    async def propose(self, command: ProposeMatter, asking: Asking) -> Changed[Matter, MatterEvent]:
        committee = (await self.committees.show(command.committee, asking.subject)).aggregate
        ACCESS.demand(asking.subject, "propose", committee_resource(committee))
        id, now = asking.new_id("matters"), asking.cause.now
        proposed = MatterProposed(
            id=id,
            committee=command.committee,
            level=committee.level,
            street=committee.street,
            community=await self._concerned(command.community, committee),
            category=command.category,
            title=command.title,
            subject=command.subject,
            procedure=matters.CURRENT,
            at=now,
        )
        _, policy = await self.policies.current()

        def first() -> Iterable[MatterEvent]:
            committee.in_office(now)
            return [matters.propose(proposed, policy.categories.keys())]

        return await self.matters.create(id, first, asking.cause)

    async def _concerned(self, community: str | None, committee: Committee) -> str | None:
        """A street committee's matter may concern one of its communities; the others' is their own."""
        if community is None or community == committee.community:
            return committee.community
        street, code = await self._community(community)
        if committee.level is not Level.STREET or street != committee.street:
            raise Malformed("所涉社区不在该议事委员会的范围内。", field="community")
        return code

    async def accept(self, id: str, asking: Asking) -> Changed[Matter, MatterEvent]:
        return await self.matters.decide(
            id, "accept", asking, lambda m: [m.accept()], whose=convener
        )

    async def refuse(
        self, id: str, ground: Ground | None, asking: Asking
    ) -> Changed[Matter, MatterEvent]:
        return await self.matters.decide(
            id, "refuse", asking, lambda m: [m.refuse(ground=ground)], whose=convener
        )

    async def research(
        self, id: str, findings: str, asking: Asking
    ) -> Changed[Matter, MatterEvent]:
        return await self.matters.decide(
            id, "research", asking, lambda m: [m.research(findings=findings)], whose=convener
        )

    async def conclude(
        self, id: str, conclusion: Conclusion, asking: Asking
    ) -> Changed[Matter, MatterEvent]:
        matter = (await self.matters.get(id)).aggregate
        seats = (await self.committees.get(matter.committee)).aggregate.seats
        now = asking.cause.now
        return await self.matters.decide(
            id,
            "outcome",
            asking,
            lambda m: m.conclude(conclusion, seats=seats, now=now),
            whose=convener,
        )

    # What the decisions need

    async def _community(self, code: str) -> tuple[str, str]:
        """Its street and its code; one without a street is refused."""
        found = await self.communities.known(code, "community")
        if found.street is None:
            detail = f"{found.name} 尚未登记所属街道，由区里补录后方可协商。"
            raise UnknownReference(detail, field="community")
        return found.street, found.code

    async def _known_street(self, code: str) -> str:
        """One that the register has communities in."""
        if not await self.communities.find({"street": code}, limit=1):
            await self._synchronised()
            raise UnknownReference(f"没有这个街道：{code}", field="street")
        return code

    async def _synchronised(self) -> None:
        if await self.communities.missing():
            raise Unavailable("社区登记册还没有同步完成。")
