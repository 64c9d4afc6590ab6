"""All that is kept here, and what of others' registers has to be known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from chassis.copies import Copies
from chassis.guarded import Guarded
from chassis.kernel.clock import WorkTime
from chassis.kernel.errors import Malformed, UnknownReference
from chassis.places import named
from chassis.policy import Policies
from chassis.removals import Removals
from chassis.sealed import Sealed
from contracts.housing import CommunityProfiled
from contracts.whistle import UnitListed
from services.affairs.domain.admission import Admission, AdmissionEvent
from services.affairs.domain.charter import Charter, CharterEvent
from services.affairs.domain.check import Check, CheckEvent
from services.affairs.domain.contract import Contract, ContractEvent
from services.affairs.domain.disclosure import Disclosure, DisclosureEvent
from services.affairs.domain.establishment import Establishment, EstablishmentEvent
from services.affairs.domain.exercise import CaseEvent, PowerCase
from services.affairs.domain.intrusion import Intrusion, IntrusionEvent
from services.affairs.domain.listing import CommunityList, VersionAdopted
from services.affairs.domain.policy import AffairsPolicy
from services.affairs.domain.power import Power, PowerEvent, Sample, SamplePut
from services.affairs.domain.proof import Proof, ProofEvent
from services.affairs.domain.scale import Scale
from services.affairs.domain.sheet import PayEvent, PaySheet
from services.affairs.domain.worker import Worker, WorkerEvent
from services.affairs.domain.year import StreetYear, YearEvent

Place = tuple[str, str | None]
"""A street, and the community where it is one's."""


COMMUNITY = "community"


class Placed(Protocol):
    @property
    def street(self) -> str: ...

    @property
    def community(self) -> str | None: ...


def place_resource(one: Placed) -> dict[str, object]:
    """Its community's, and its street's."""
    return {"street": one.street, "community": one.community}


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    admissions: Guarded[Admission, AdmissionEvent]
    intrusions: Guarded[Intrusion, IntrusionEvent]
    workers: Guarded[Worker, WorkerEvent]
    establishments: Guarded[Establishment, EstablishmentEvent]
    pay: Guarded[PaySheet, PayEvent]
    years: Guarded[StreetYear, YearEvent]
    lists: Guarded[CommunityList, VersionAdopted]
    proofs: Guarded[Proof, ProofEvent]
    samples: Guarded[Sample, SamplePut]
    powers: Guarded[Power, PowerEvent]
    cases: Guarded[PowerCase, CaseEvent]
    disclosures: Guarded[Disclosure, DisclosureEvent]
    contracts: Guarded[Contract, ContractEvent]
    checks: Guarded[Check, CheckEvent]
    charters: Guarded[Charter, CharterEvent]
    sealed: Sealed
    removals: Removals
    scale: Scale
    communities: Copies[CommunityProfiled]
    units: Copies[UnitListed]
    policies: Policies[AffairsPolicy]
    work: WorkTime

    async def policy(self) -> AffairsPolicy:
        return (await self.policies.current())[1]

    async def place(self, street: str | None, community: str | None) -> Place:
        """Of a community that is named, or of a street as a whole."""
        if community is not None:
            found = await self.community(community)
            if street not in (None, found[0]):
                raise Malformed("该社区不属于所写的街道。", field="street")
            return found
        if street is None:
            raise Malformed("请写明社区或街道。", field="community")
        return await self.street(street), None

    async def street(self, code: str) -> str:
        """One that the register has communities in."""
        await self.office(f"street:{code}", "street")
        return code

    async def office(self, text: str, field: str) -> None:
        """Where it is named as a street or a department: one that there is."""
        kind, _, code = text.partition(":")
        if kind == "department":
            await self.units.known(code, field)
        if kind == "street" and not await self.communities.find({"street": code}, limit=1):
            raise UnknownReference(f"登记册中没有这个街道：{code}", field=field)

    async def heard(self, offices: Iterable[str]) -> Mapping[str, str | None]:
        """Streets and communities that there are; of the communities among them, their streets."""
        placed: dict[str, str | None] = {}
        for place, one in enumerate(offices):
            field, (kind, _, code) = f"heard.{place}", one.partition(":")
            if kind not in ("street", COMMUNITY) or not code:
                raise Malformed("单位写作 street:… 或 community:…。", field=field)
            if kind == COMMUNITY:
                placed[code] = (await self.communities.known(code, field)).street
            await self.office(one, field)
        return placed

    async def community(self, code: str) -> tuple[str, str]:
        """With its street; refused of one that has ended."""
        found = await self.communities.known(code, "community")
        if found.valid_to is not None:
            raise UnknownReference(f"{found.name} 已于 {found.valid_to} 终止。", field="community")
        if found.street is None:
            raise UnknownReference(f"{found.name} 尚未登记所属街道。", field="community")
        return found.street, code


async def names(desk: Registers) -> Mapping[str, Mapping[str, str]]:
    """What codes are called, by the field that holds them."""
    units = {one.code: one.name for one in await desk.units.every()}
    return {**await named(desk.communities), "units": units}
