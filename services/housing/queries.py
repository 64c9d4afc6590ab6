"""The register, for everybody to read. Agreements come from the desk, guarded."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.aggregates import Aggregates, Held
from chassis.store import Page

from .domain.community import Community, CommunityEntered
from .domain.street import Street


@dataclass(frozen=True, slots=True, kw_only=True)
class HousingQueries:
    communities: Aggregates[Community, CommunityEntered]
    streets: Mapping[str, Street]

    def list_streets(self) -> list[Street]:
        return list(self.streets.values())

    async def community(self, code: str) -> Held[Community]:
        return await self.communities.get(code)

    async def list_communities(self, after: Page | None, limit: int) -> list[Held[Community]]:
        return await self.communities.find({}, after=after, limit=limit)
