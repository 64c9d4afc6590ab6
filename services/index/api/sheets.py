"""A secretary's sheet of a year, for report and review."""

from typing import Annotated

from fastapi import Query

from chassis.http import Door
from chassis.identity import Subject
from chassis.routes import Routes
from contracts.event import Code
from services.index.queries.sheets import SheetOfCommunity, SheetOfYear, SheetQueries


def router(queries: SheetQueries, door: Door) -> Routes:
    api = Routes(tags=["述职表"])
    reading = door.reading()

    @api.get("/sheets/street/{code}", summary="街道述职表")
    async def street(
        code: Code, year: Annotated[int, Query(ge=2000, le=2099)], reader: Subject = reading
    ) -> SheetOfYear:
        """Figures and dates; nobody's mark."""
        return await queries.street(code, year, reader)

    @api.get("/sheets/community/{code}", summary="社区述职表")
    async def community(
        code: Code, year: Annotated[int, Query(ge=2000, le=2099)], reader: Subject = reading
    ) -> SheetOfCommunity:
        """For the community itself, its street and those who lead."""
        return await queries.community(code, year, reader)

    return api
