"""The register of communities: entries, and changes of boundaries whose day comes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chassis.cause import Cause
from chassis.kernel.clock import local_date
from chassis.kind import Changed, derived_id
from services.housing.domain import boundaries, naming
from services.housing.domain import community as communities
from services.housing.domain.boundaries import (
    BoundaryChange,
    Called,
    ChangeDecided,
    Others,
    names_of,
)
from services.housing.domain.community import Community, CommunityEntered, CommunityKind
from services.housing.domain.naming import NameHeld

from .registers import Registers

Named = tuple[str, str, str | None, str]
"""Code, name, street where it is known, and the document that names the community."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterCommunity:
    """The whole entry as it shall be, and why."""

    name: str
    street: str | None
    kind: CommunityKind | None = None
    households: int | None = None
    reason: str


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


class RegisterDesk(Registers):
    __slots__ = ()

    async def write(
        self, code: str, command: EnterCommunity, held: int, cause: Cause
    ) -> Changed[Community, CommunityEntered]:
        """`held` communities are on record: counted once by whoever enters many."""
        known = await self.communities.look(code)
        today = local_date(cause.now)
        entry = entry_of(code, command, today, held if known else held + 1)
        open_ones = await self.open_changes()
        names = names_of(entry, known.aggregate if known else None, open_ones)
        namesakes = await self._namesakes(names, open_ones)

        def enter(known: Community | None) -> tuple[CommunityEntered, ...]:
            return communities.enter(known, entry, self.streets, frozenset().union(*namesakes))

        seen = cause.expected in {None, known.version if known else 0}
        again = await self.communities.recalls(code, cause)
        if seen and not again and enter(known.aggregate if known else None):
            for name, on in names:
                await self._hold_name(code, name, known.version if known else 0, on, cause)
        return await self.communities.record(code, enter, cause)

    async def _hold_name(
        self,
        code: str,
        called: Called,
        version: int,
        on: date,
        cause: Cause,
        freed: Collection[str] = (),
    ) -> None:
        """H-11: before a community's record says that it is called so: of two at once, one is. `freed`: who has it
        until then."""
        street, name = str(called[0]), called[1]
        wanted = NameHeld(street=street, name=name, code=code, version=version, at=cause.now)
        id = derived_id("community_names", street, name)
        look = await self.names.look(id)
        seen = look.aggregate if look else None
        holder = await self.communities.look(seen.code) if seen else None
        has = (
            holder is not None
            and holder.id not in freed
            and holder.aggregate.is_called(street, name, on)
        )
        at = holder.version if holder else 0
        await self.names.record(
            id, lambda known: naming.hold(known, wanted, seen, at, has), cause.unkeyed()
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

    async def open_changes(self) -> list[BoundaryChange]:
        """Decided, and their day has not come."""
        return [held.aggregate async for held in self.changes.every({"open": True})]

    async def hold_names(self, decided: ChangeDecided, cause: Cause) -> None:
        """H-11: of a change, before it is on record."""
        changing = {*decided.ends, *(entry.code for entry in decided.entries)}
        for entry in decided.entries:
            held = await self.communities.look(entry.code)
            if held is None or not held.aggregate.is_called(*entry.called, decided.on):
                version = held.version if held else 0
                await self._hold_name(
                    entry.code, entry.called, version, decided.on, cause, changing
                )

    async def pending(
        self, decided: ChangeDecided
    ) -> tuple[frozenset[str], Mapping[Called, Collection[str]]]:
        """Communities whose change was decided and whose day has not come; and who will be called as one of its
        entries on its day, on record or by such a change.
        """
        open_ones = await self.open_changes()
        awaiting = frozenset(code for change in open_ones for code in change.codes)
        names = [(entry.called, decided.on) for entry in decided.entries]
        found = await self._namesakes(names, open_ones)
        return awaiting, {name: its for (name, _), its in zip(names, found, strict=True)}

    async def beside(self, change: BoundaryChange) -> Others:
        """The others that are open, and what the communities of all of them are called."""
        every = await self.open_changes()
        others = tuple(one for one in every if one.id != change.id)
        return Others(changes=others, known=await self._known((*others, change)))

    async def _known(self, changes: Collection[BoundaryChange]) -> dict[str, Community]:
        codes = {code for change in changes for code in change.codes}
        looked = [await self.communities.look(code) for code in sorted(codes)]
        return {held.id: held.aggregate for held in looked if held}

    async def _namesakes(
        self, names: Sequence[tuple[Called, date]], open_ones: Collection[BoundaryChange]
    ) -> list[frozenset[str]]:
        """Of each, who will be called so on its day."""
        known = await self._known(open_ones)
        found: list[frozenset[str]] = []
        for (street, name), on in names:
            named = await self.communities.find({"street": street, "name": name})
            there = {held.id for held in named if held.aggregate.holds_on(on)}
            found.append(boundaries.namesakes((street, name), on, there, open_ones, known))
        return found

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
