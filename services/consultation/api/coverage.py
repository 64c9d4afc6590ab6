"""C-29: coverage of a year, by street and kind of community."""

from pydantic import BaseModel

from chassis.http import Door
from chassis.identity import Subject
from chassis.kernel.clock import local_date
from chassis.routes import Routes
from services.consultation.desk import ConsultationDesk
from services.consultation.domain.coverage import Covered
from services.consultation.queries.coverage import coverage

from .members import YearNumber


class Coverage(BaseModel):
    year: int
    items: list[Covered]


def router(desk: ConsultationDesk, door: Door) -> Routes:
    api = Routes(tags=["协商覆盖"])
    reading = door.reading()

    @api.get("/coverage", summary="一年的社区协商覆盖率")
    async def of_year(year: YearNumber, reader: Subject = reading) -> Coverage:
        """The streets that the caller sees."""
        return Coverage(year=year, items=await coverage(desk, year, reader, local_date(door.now())))

    return api
