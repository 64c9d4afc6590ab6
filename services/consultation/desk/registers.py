"""What is kept here, and the registers that it is of: places, units, the numbers in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chassis.copies import Copies
from chassis.guarded import Guarded
from chassis.kernel.clock import WorkTime, local_date
from chassis.kernel.errors import Malformed, UnknownReference
from chassis.places import named, settled, standing, standing_street
from chassis.policy import Policies
from chassis.removals import Removals
from chassis.sealed import Sealed
from contracts.housing import CommunityProfiled
from contracts.whistle import UnitListed
from services.consultation.domain import proposing
from services.consultation.domain.committee import Committee, Level
from services.consultation.domain.contact import Contact, ContactEvent
from services.consultation.domain.events import MatterEvent
from services.consultation.domain.fact import Fact, FactEvent
from services.consultation.domain.following import Clocks
from services.consultation.domain.hall import Hall, HallEvent
from services.consultation.domain.matter import Matter
from services.consultation.domain.policy import ConsultationPolicy
from services.consultation.domain.resettling import Moved
from services.consultation.domain.roll import CommitteeEvent
from services.consultation.domain.scheme import (
    AssessmentEvent,
    CommunityAssessment,
    Scheme,
    SchemeEvent,
)
from services.consultation.domain.session import Session
from services.consultation.domain.session_events import SessionEvent
from services.consultation.domain.situation import Situation, SituationEvent
from services.consultation.domain.topic import Proposal, ProposalEvent
from services.consultation.domain.unit import Unit, UnitEvent
from services.consultation.photos import Photos

Place = tuple[str, str | None]
"""Street and, below it, community."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    committees: Guarded[Committee, CommitteeEvent]
    matters: Guarded[Matter, MatterEvent]
    sessions: Guarded[Session, SessionEvent]
    facts: Guarded[Fact, FactEvent]
    photos: Photos
    removals: Removals
    sealed: Sealed
    proposals: Guarded[Proposal, ProposalEvent]
    units: Guarded[Unit, UnitEvent]
    contacts: Guarded[Contact, ContactEvent]
    schemes: Guarded[Scheme, SchemeEvent]
    assessments: Guarded[CommunityAssessment, AssessmentEvent]
    situations: Guarded[Situation, SituationEvent]
    halls: Guarded[Hall, HallEvent]
    communities: Copies[CommunityProfiled]
    listed: Copies[UnitListed]
    policies: Policies[ConsultationPolicy]
    work: WorkTime

    async def place(
        self, level: Level, street: str | None, community: str | None, now: datetime
    ) -> Place:
        """At street level of the street that is named, below it of the community."""
        if level is Level.STREET:
            if street is None or community is not None:
                raise Malformed("街道议事委员会只写明街道。", field="street")
            return await standing_street(self.communities, street, local_date(now)), None
        if community is None:
            raise Malformed("社区及以下议事委员会须写明社区。", field="community")
        its_street, code = await self.standing(community, now)
        if street not in (None, its_street):
            raise Malformed("该社区不属于所写的街道。", field="street")
        return its_street, code

    async def concerned(
        self, community: str | None, committee: Committee, now: datetime
    ) -> str | None:
        """A street committee's matter may concern one of its communities; the others' is their own."""
        if community is None or community == committee.community:
            return committee.community
        street, code = await self.standing(community, now)
        if committee.level is not Level.STREET or street != committee.street:
            raise Malformed("所涉社区不在该议事委员会的范围内。", field="community")
        return code

    async def several(
        self, communities: tuple[str, ...], committee: Committee, now: datetime
    ) -> tuple[str, ...]:
        """C-13: communities of the street, whose committee it is before."""
        proposing.several(communities, committee)
        for code in communities:
            if (await self.standing(code, now))[0] != committee.street:
                raise Malformed("所涉社区不在该议事委员会的范围内。", field="communities")
        return communities

    async def responsible(self, unit: str | None, now: datetime) -> None:
        """C-10: of the register of units, as it stands today."""
        if unit is None:
            return
        found = await self.listed.known(unit, "unit")
        today = local_date(now).isoformat()
        if found.valid_to is not None and found.valid_to < today:
            raise UnknownReference(f"{found.name} 已不在单位名录中。", field="unit")

    async def community(self, code: str) -> tuple[str, str]:
        """Its street and its code; one without a street is refused."""
        found = await self.communities.known(code, "community")
        if found.street is None:
            detail = f"{found.name} 尚未登记所属街道，由区里补录后方可协商。"
            raise UnknownReference(detail, field="community")
        return found.street, found.code

    async def standing(self, code: str, now: datetime) -> tuple[str, str]:
        """Likewise of one that begins something new: it has not ended (ours)."""
        await standing(self.communities, code, local_date(now))
        return await self.community(code)

    async def where(self, community: str) -> Moved | None:
        found = await settled(self.communities, community)
        return Moved(before=community, community=found[0], street=found[1]) if found else None

    async def clocks(self) -> Clocks:
        return Clocks(policy=(await self.policies.current())[1], work=self.work)


async def names(desk: Registers) -> Mapping[str, Mapping[str, str]]:
    """What codes are called, by the field that holds them."""
    known = {unit.code: unit.name for unit in await desk.listed.every()}
    return {**await named(desk.communities), "unit": known}
