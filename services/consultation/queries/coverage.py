"""C-29: which communities consulted on something in a year."""

from chassis.identity import Subject
from services.consultation.access import ACCESS
from services.consultation.desk import ConsultationDesk
from services.consultation.domain.coverage import Covered, Place, covered


async def coverage(desk: ConsultationDesk, year: int, reader: Subject) -> list[Covered]:
    """Of the streets the reader sees; a street's matter counts for the community it concerns."""
    places = [
        Place(community=known.code, street=known.street, kind=known.kind)
        for known in await desk.communities.every()
        if known.street and known.valid_to is None
    ]
    seen = [place for place in places if ACCESS.may_see(reader, {"street": place.street})]
    consulted = {
        held.aggregate.community
        async for held in desk.matters.every({})
        if held.aggregate.held_on is not None and held.aggregate.held_on.year == year
    }
    return covered(seen, {code for code in consulted if code}, year)
