"""All that is kept here, and what of others' registers has to be known."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.cause import Cause
from chassis.copies import Copies
from chassis.guarded import Guarded
from chassis.kernel.clock import WorkTime
from chassis.kernel.errors import Malformed, UnknownReference
from chassis.places import named
from chassis.policy import Policies
from contracts.housing import CommunityProfiled
from contracts.whistle import UnitListed
from services.organisations.domain import listing
from services.organisations.domain.events import OrganisationEvent
from services.organisations.domain.organisation import Organisation
from services.organisations.domain.policy import OrganisationsPolicy
from services.organisations.domain.registering import Numbers

CIVIL_AFFAIRS = "civil_affairs"
Place = tuple[str | None, str | None]
"""Street and community; neither of what works for the whole district."""


def organisation_resource(organisation: Organisation) -> dict[str, object]:
    """What the policy looks at; also the fields by which lists are filtered."""
    own = (organisation.supervising,) if organisation.supervising else ()
    return {
        "street": organisation.street,
        "community": organisation.community,
        "supplier": organisation.code,
        "units": (CIVIL_AFFAIRS, *own),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    organisations: Guarded[Organisation, OrganisationEvent]
    communities: Copies[CommunityProfiled]
    units: Copies[UnitListed]
    policies: Policies[OrganisationsPolicy]
    work: WorkTime

    async def numbers(self) -> Numbers:
        _, policy = await self.policies.current()
        return Numbers(policy=policy, work=self.work)

    async def place(self, street: str | None, community: str | None) -> Place:
        """Where something is: the community's street follows from the register."""
        if community is None:
            if street is not None and not await self.communities.find({"street": street}, limit=1):
                raise UnknownReference(f"登记册中没有这个街道：{street}", field="street")
            return street, None
        found = await self.communities.known(community, "community")
        if found.street is None:
            raise UnknownReference(f"{found.name} 尚未登记所属街道。", field="community")
        if street not in (None, found.street):
            raise Malformed("该社区不属于所写的街道。", field="street")
        return found.street, community

    async def organisation_due(self, code: str, cause: Cause) -> None:
        """A term is over."""
        await self.organisations.change(
            code, lambda known: listing.end_terms(known, cause.now), cause
        )


async def names(desk: Registers) -> Mapping[str, Mapping[str, str]]:
    """What codes are called, by the field that holds them."""
    suppliers = {held.id: held.aggregate.name async for held in desk.organisations.every({})}
    units = {one.code: one.name for one in await desk.units.every()}
    return {**await named(desk.communities), "supplier": suppliers, "units": units}
