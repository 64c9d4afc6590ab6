"""C-29: which communities consulted on something in a year."""

from datetime import date

from chassis.identity import Subject
from services.consultation.access import ACCESS
from services.consultation.desk import ConsultationDesk
from services.consultation.domain.coverage import Covered, Place, consulted_by, covered, gone_on


async def coverage(
    desk: ConsultationDesk, year: int, reader: Subject, today: date
) -> list[Covered]:
    """Of the streets the reader sees, and the communities that there are today, or were as the year ended; a street's
    matter counts for each community it concerns, and for what that had become by then.

    Since when there is one, its first telling says: a later one holds from the day of whatever it changed.
    """
    last = min(today, date(year, 12, 31)).isoformat()
    listed = await desk.communities.every()
    told = await desk.communities.told()
    places = [
        Place(community=known.code, street=known.street, kind=known.kind)
        for known in listed
        if known.street
        and told[known.code][0].valid_from <= last
        and (known.valid_to is None or known.valid_to >= last)
    ]
    seen = [place for place in places if ACCESS.may_see(reader, {"street": place.street})]
    consulted = {
        code async for held in desk.matters.every({}) for code in consulted_by(held.aggregate, year)
    }
    became = {
        known.code: known.became
        for known in listed
        if known.became and known.valid_to and known.valid_to < last
    }
    return covered(seen, gone_on(consulted, became), year)
