"""The standards, and a community against the one of a day."""

from datetime import date

from pydantic import BaseModel

from chassis.http import Door
from chassis.identity import Subject
from chassis.kernel.measure import as_decimal
from chassis.routes import Routes
from chassis.words import Day
from contracts.event import Code
from services.housing.domain.standard import STANDARDS, Scope
from services.housing.queries.standards import StandardQueries
from services.housing.shown.premises import AssessmentOut, assessed


class StandardOut(BaseModel):
    id: str
    scope: Scope
    since: date
    until: date | None
    area: str
    households: int | None
    rounding: str
    clause: str
    remark: str


def router(queries: StandardQueries, door: Door) -> Routes:
    api = Routes(tags=["社区用房"])
    reading = door.reading()

    @api.get("/standards", summary="用房面积标准")
    async def standards(reader: Subject = reading) -> list[StandardOut]:
        return [
            StandardOut(
                id=one.id,
                scope=one.scope,
                since=one.since,
                until=one.until,
                area=as_decimal(one.area),
                households=one.households,
                rounding=one.rounding,
                clause=one.clause,
                remark=one.remark,
            )
            for one in STANDARDS
        ]

    @api.get("/standard/{community}", summary="一个社区是否达标")
    async def standard(
        community: Code, as_of: Day | None = None, reader: Subject = reading
    ) -> AssessmentOut:
        return assessed(await queries.standard(community, as_of))

    return api
