"""Where what is transferred by hand goes."""

from typing import Any

from chassis.at import At
from chassis.http import Asked
from contracts.event import Code
from services.organisations.desk import OrganisationsDesk
from services.organisations.domain.resettling import Transferred


class CommunityIn(Asked):
    community: Code


async def into(desk: OrganisationsDesk, at: At[Any], community: str) -> Transferred:
    """Another community of the street that says so."""
    street = await desk.street_of(community)
    at.demand({"street": street, "community": community})
    return Transferred(street=street, community=community, at=at.now)
