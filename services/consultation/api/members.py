"""A member's year, by seat."""

from typing import Annotated

from fastapi import Query

from chassis.http import Door
from chassis.identity import Subject
from chassis.routes import Routes
from contracts.event import Code
from services.consultation.desk import ConsultationDesk
from services.consultation.domain.rights import MemberYear

YearNumber = Annotated[int, Query(ge=2016, le=2100)]


def router(desk: ConsultationDesk, door: Door) -> Routes:
    api = Routes(tags=["议事委员会"])
    reading = door.reading()

    @api.get("/committees/{id}/members/{seat}/record", summary="委员一年的履职记录")
    async def record(
        id: str, seat: Code, year: YearNumber, reader: Subject = reading
    ) -> MemberYear:
        """What the member did, and what came of what it proposed."""
        return await desk.member_year(id, seat, year, reader)

    return api
