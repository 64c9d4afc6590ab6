"""What the steps work on and have to know."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.copies import Copies
from chassis.guarded import Guarded
from chassis.kernel.clock import WorkTime
from chassis.kernel.errors import Malformed, Unavailable, UnknownReference
from chassis.places import named
from chassis.policy import Policies
from contracts.housing import CommunityProfiled

from .domain.committee import Committee, Level
from .domain.events import MatterEvent
from .domain.matter import Matter
from .domain.policy import ConsultationPolicy
from .domain.roll import CommitteeEvent

Place = tuple[str, str | None]
"""Street and, below it, community."""


def committee_resource(committee: Committee) -> dict[str, object]:
    """What the policy looks at; also the fields by which lists are filtered."""
    return {"street": committee.street, "community": committee.community}


def matter_resource(matter: Matter) -> dict[str, object]:
    """Seen by whom it concerns."""
    return {"street": matter.street, "community": matter.community, "units": matter.units}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationDesk:
    committees: Guarded[Committee, CommitteeEvent]
    matters: Guarded[Matter, MatterEvent]
    communities: Copies[CommunityProfiled]
    policies: Policies[ConsultationPolicy]
    work: WorkTime

    async def place(self, level: Level, street: str | None, community: str | None) -> Place:
        """At street level of the street that is named, below it of the community."""
        if level is Level.STREET:
            if street is None or community is not None:
                raise Malformed("街道议事委员会只写明街道。", field="street")
            return await self._known_street(street), None
        if community is None:
            raise Malformed("社区及以下议事委员会须写明社区。", field="community")
        its_street, code = await self._community(community)
        if street not in (None, its_street):
            raise Malformed("该社区不属于所写的街道。", field="street")
        return its_street, code

    async def concerned(self, community: str | None, committee: Committee) -> str | None:
        """A street committee's matter may concern one of its communities; the others' is their own."""
        if community is None or community == committee.community:
            return committee.community
        street, code = await self._community(community)
        if committee.level is not Level.STREET or street != committee.street:
            raise Malformed("所涉社区不在该议事委员会的范围内。", field="community")
        return code

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


async def names(desk: ConsultationDesk) -> Mapping[str, Mapping[str, str]]:
    """What codes are called, by the field that holds them."""
    return await named(desk.communities)
