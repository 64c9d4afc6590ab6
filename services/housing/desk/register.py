"""The register of communities: entries by form, and changes of boundaries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chassis.aggregates import Changed
from chassis.asking import Asking
from chassis.cause import Cause
from chassis.guarded import Guarded
from chassis.kernel.clock import local_date
from services.housing.access import ACCESS, PUBLIC
from services.housing.commands import EnterCommunity, Redraw
from services.housing.domain import boundaries
from services.housing.domain import community as communities
from services.housing.domain.boundaries import BoundaryChange, BoundaryEvent, ChangeDecided
from services.housing.domain.community import Community, CommunityEntered
from services.housing.domain.street import Street

Named = tuple[str, str, str | None, str]
"""Code, name, street where it is known, and the document that names the community."""


def community_resource(community: Community) -> dict[str, object]:
    return {"street": community.street, "community": community.code}


def entry_of(code: str, command: EnterCommunity, today: date, listed: int) -> CommunityEntered:
    return CommunityEntered(
        code=code,
        name=command.name,
        street=command.street,
        kind=command.kind,
        households=command.households,
        valid_from=today,
        reason=command.reason,
        listed=listed,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterDesk:
    communities: Guarded[Community, CommunityEntered]
    changes: Guarded[BoundaryChange, BoundaryEvent]
    streets: Mapping[str, Street]

    async def enter(
        self, code: str, command: EnterCommunity, asking: Asking
    ) -> Changed[Community, CommunityEntered]:
        """By form: one entry."""
        ACCESS.demand(asking.subject, "enter", {})
        return await self.write(code, command, await self.communities.count({}), asking.cause)

    async def write(
        self, code: str, command: EnterCommunity, held: int, cause: Cause
    ) -> Changed[Community, CommunityEntered]:
        """`held` communities are on record: counted once by whoever enters many."""
        known = await self.communities.look(code)
        today = local_date(cause.now)
        called = {"street": command.street, "name": command.name}
        namesakes = [
            other.id
            for other in await self.communities.find(called)
            if other.aggregate.holds_on(today)
        ]
        entry = entry_of(code, command, today, held if known else held + 1)
        return await self.communities.record(
            code,
            lambda known: communities.enter(known, entry, self.streets, namesakes),
            cause,
        )

    async def seed_communities(self, named: Sequence[Named], now: datetime) -> None:
        """Those the documents name, where the register doesn't know them yet."""
        for code, name, street, document in named:
            entry = CommunityEntered(
                code=code,
                name=name,
                street=street,
                valid_from=local_date(now),
                reason=document,
                listed=len(named),
            )

            await self.communities.once(code, [entry], Cause(actor="platform", now=now))

    # Boundaries

    async def redraw(
        self, command: Redraw, asking: Asking
    ) -> Changed[BoundaryChange, BoundaryEvent]:
        PUBLIC.demand(asking.subject, "redraw", {})
        id = asking.new_id("boundary_changes")
        decided = ChangeDecided(
            change=id,
            kind=command.kind,
            on=command.on,
            ends=command.ends,
            entries=command.entries,
            reason=command.reason,
            at=asking.cause.now,
        )
        codes = {*command.ends, *(entry.code for entry in command.entries)}
        looked = [await self.communities.look(code) for code in sorted(codes)]
        known = {held.id: held.aggregate for held in looked if held}
        open_ones = [held.aggregate async for held in self.changes.every({"open": True})]
        awaiting = {code for change in open_ones for code in change.codes}
        return await self.changes.create(
            id,
            lambda: boundaries.decide(decided, known, self.streets, awaiting),
            asking.cause,
        )

    async def reach(self, id: str, cause: Cause) -> None:
        """The day of this change has come."""
        await self.changes.change(id, lambda change: change.reach(now=cause.now), cause)

    async def follow(self, change: str, code: str, cause: Cause) -> None:
        """What a change of boundaries means for one community."""
        reached = (await self.changes.get(change)).aggregate
        held = await self.communities.count({})

        def entered(known: Community | None) -> Iterable[CommunityEntered]:
            entry = reached.entered(known, code, held if known else held + 1)
            return [entry] if entry else []

        await self.communities.record(code, entered, cause)
