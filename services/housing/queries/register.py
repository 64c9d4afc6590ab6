"""The register, for everybody to read: as it is, and as it was or will be on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chassis.aggregates import Aggregates
from chassis.kernel.errors import NotFound
from chassis.kind import Held
from chassis.store import Has
from services.housing.domain.boundaries import BoundaryChange, BoundaryEvent, entry_at
from services.housing.domain.community import Community, CommunityEntered, evolve
from services.housing.domain.street import Street


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One community by its name, and the street it belongs to."""

    code: str
    name: str
    street: str | None
    street_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterQueries:
    communities: Aggregates[Community, CommunityEntered]
    changes: Aggregates[BoundaryChange, BoundaryEvent]
    streets: Mapping[str, Street]

    def list_streets(self) -> list[Street]:
        return list(self.streets.values())

    async def places(self, today: date) -> list[Place]:
        """The communities there are, for whoever has to name one: by street and name."""
        found = [one.aggregate async for one in self.communities.every({})]
        there = [one for one in found if one.holds_on(today)]
        places = [Place(code=one.code, name=one.name, **self._street(one)) for one in there]
        return sorted(places, key=lambda one: (one.street_name or "", one.name))

    def _street(self, one: Community) -> dict[str, str | None]:
        street = self.streets.get(one.street) if one.street else None
        return {"street": one.street, "street_name": street.name if street else None}

    async def community(self, code: str, as_of: date | None) -> Held[Community]:
        held = await self.communities.look(code)
        if as_of is None:
            return held or await self.communities.get(code)
        entry = entry_at(await self._entered(code), await self._coming(code, held), as_of)
        if entry is None:
            raise NotFound(f"{as_of} 登记册中没有这个社区：{code}")
        version, correlation = (held.version, held.correlation) if held else (0, code)
        return Held(code, evolve(None, entry), version, correlation)

    async def _entered(self, code: str) -> list[CommunityEntered]:
        if await self.communities.look(code) is None:
            return []
        load = self.communities.codec.load_event
        trail = await self.communities.trail(code)
        return [load(entry["type"], entry["data"]) for entry in trail]

    async def _coming(self, code: str, held: Held[Community] | None) -> list[CommunityEntered]:
        """What was decided and has not reached the entry yet."""
        known = held.aggregate if held else None
        found = [one async for one in self.changes.every({"codes": Has([code])})]
        pending = [one.aggregate for one in found if one.aggregate.open]
        entries = [change.entered(known, code, 0) for change in pending]
        return [entry for entry in entries if entry is not None]
