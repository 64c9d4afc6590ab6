"""The register for everybody; agreements for those they concern. What one may not see isn't listed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis.aggregates import Aggregates, Held
from chassis.identity import Subject
from chassis.kernel.errors import NotFound
from chassis.store import Page

from .access import ACCESS
from .desk import agreement_resource
from .domain.agreement import Agreement, AgreementEvent
from .domain.community import Community, CommunityEntered
from .domain.street import Street


@dataclass(frozen=True, slots=True, kw_only=True)
class HousingQueries:
    communities: Aggregates[Community, CommunityEntered]
    agreements: Aggregates[Agreement, AgreementEvent]
    streets: Mapping[str, Street]

    def list_streets(self) -> list[Street]:
        return list(self.streets.values())

    async def community(self, code: str) -> Held[Community]:
        return await self.communities.get(code)

    async def list_communities(self, after: Page | None, limit: int) -> list[Held[Community]]:
        return await self.communities.find({}, after=after, limit=limit)

    async def agreement(self, id: str, subject: Subject) -> Held[Agreement]:
        held = await self.agreements.get(id)
        if not ACCESS.may_see(subject, agreement_resource(held.aggregate)):
            raise NotFound(f"没有这条记录：{id}")
        return held

    async def list_agreements(
        self, subject: Subject, wanted: dict[str, Any], after: Page | None, limit: int
    ) -> list[Held[Agreement]]:
        where = _visible(subject, wanted)
        if where is None:
            return []
        return await self.agreements.find(where, after=after, limit=limit)


def _visible(subject: Subject, wanted: dict[str, Any]) -> dict[str, Any] | None:
    """What is asked for, within what may be seen; None when that is nothing."""
    may = ACCESS.visible(subject)
    asked = {name: value for name, value in wanted.items() if value is not None}
    if may is None or any(name in asked and asked[name] != value for name, value in may.items()):
        return None
    return {**asked, **may}
