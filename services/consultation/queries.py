"""Lists. What a subject may not see is not in them, nor counted."""

from dataclasses import dataclass
from typing import Any

from chassis.aggregates import Aggregates, Held
from chassis.identity import Subject
from chassis.kernel.errors import NotFound
from chassis.store import Has, Page

from .access import ACCESS
from .desk import committee_resource, matter_resource
from .domain.committee import Committee, CommitteeSeated
from .domain.events import MatterEvent
from .domain.matter import Matter


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationQueries:
    committees: Aggregates[Committee, CommitteeSeated]
    matters: Aggregates[Matter, MatterEvent]

    async def committee(self, id: str, subject: Subject) -> Held[Committee]:
        held = await self.committees.get(id)
        if not ACCESS.may_see(subject, committee_resource(held.aggregate)):
            raise NotFound(f"没有这条记录：{id}")
        return held

    async def matter(self, id: str, subject: Subject) -> Held[Matter]:
        held = await self.matters.get(id)
        if not ACCESS.may_see(subject, matter_resource(held.aggregate)):
            raise NotFound(f"没有这条记录：{id}")
        return held

    async def list_committees(
        self, subject: Subject, wanted: dict[str, Any], after: Page | None, limit: int
    ) -> list[Held[Committee]]:
        where = _visible(subject, wanted)
        if where is None or "units" in where:
            return []
        return await self.committees.find(where, after=after, limit=limit)

    async def list_matters(
        self, subject: Subject, wanted: dict[str, Any], after: Page | None, limit: int
    ) -> list[Held[Matter]]:
        where = _visible(subject, wanted)
        if where is None:
            return []
        return await self.matters.find(where, after=after, limit=limit)


def _visible(subject: Subject, wanted: dict[str, Any]) -> dict[str, Any] | None:
    """What is asked for, within what may be seen; None when that is nothing."""
    may = ACCESS.visible(subject)
    asked = {name: value for name, value in wanted.items() if value is not None}
    if "units" in asked:
        asked["units"] = Has(asked["units"])
    if may is None or any(name in asked and asked[name] != value for name, value in may.items()):
        return None
    return {**asked, **may}
