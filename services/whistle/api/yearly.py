"""The departments' year: account, exclusions, result, appeal; and what is said of who blows (W-10, W-11)."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Response
from pydantic import BaseModel

from chassis.asking import Asking
from chassis.http import Asked, Door, Paged, Shown, cursor_after, shown
from chassis.identity import Subject
from chassis.trail_api import trail_route
from chassis.words import Flag, Passage
from contracts.event import Code, Id
from services.whistle.desk import WhistleDesk
from services.whistle.domain.yearly import Year
from services.whistle.queries import DepartmentYear, Rankings, WhistleQueries

YearNumber = Annotated[int, Query(ge=2019, le=2100)]
Grounds = Annotated[Passage, Body(embed=True)]


class ExclusionIn(Asked):
    whistle: Id
    reason: Passage


class VerdictIn(Asked):
    upheld: Flag
    reason: Passage


class DepartmentYears(BaseModel):
    """One page; `next` is the cursor of the page after it."""

    year: int
    items: list[DepartmentYear]
    next: str | None = None


def router(desk: WhistleDesk, queries: WhistleQueries, rankings: Rankings, door: Door) -> APIRouter:
    api = APIRouter(tags=["assessments"])
    reading, changer = door.reading(), door.writing(versioned=None)

    @api.get("/assessments/departments")
    async def departments(
        year: YearNumber, page: Paged, reader: Subject = reading
    ) -> DepartmentYears:
        rows = await rankings.departments(year, reader)
        left = [row for row in rows if page.after is None or row.unit > page.after.id]
        items = left[: page.limit]
        more = cursor_after(items[-1].unit, items[-1].unit) if len(left) > len(items) else None
        return DepartmentYears(year=year, items=items, next=more)

    @api.get("/assessments/departments/{unit}")
    async def department(unit: Code, year: YearNumber, reader: Subject = reading) -> dict[str, Any]:
        return await desk.year(unit, year, reader)

    @api.get("/assessments/whistlers/{blower}")
    async def whistler(blower: str, year: YearNumber, reader: Subject = reading) -> dict[str, Any]:
        return await queries.whistler(blower, year, reader)

    @api.post("/assessments/{id}/exclusions")
    async def exclude(
        id: str, body: ExclusionIn, response: Response, asking: Asking = changer
    ) -> Shown[Year]:
        return shown(await desk.ask_exclusion(id, body.whistle, body.reason, asking), response)

    @api.post("/assessments/{id}/exclusions/{whistle}/approve")
    async def approve(
        id: str, whistle: str, response: Response, asking: Asking = changer
    ) -> Shown[Year]:
        return shown(await desk.approve_exclusion(id, whistle, asking), response)

    @api.post("/assessments/{id}/publish")
    async def publish(id: str, response: Response, asking: Asking = changer) -> Shown[Year]:
        return shown(await desk.assess(id, asking), response)

    @api.post("/assessments/{id}/appeal")
    async def appeal(
        id: str, grounds: Grounds, response: Response, asking: Asking = changer
    ) -> Shown[Year]:
        return shown(await desk.appeal(id, grounds, asking), response)

    @api.post("/assessments/{id}/appeal/decide")
    async def decide(
        id: str, body: VerdictIn, response: Response, asking: Asking = changer
    ) -> Shown[Year]:
        return shown(await desk.decide_appeal(id, body.upheld, body.reason, asking), response)

    trail_route(api, "/assessments", desk.years, door)
    return api
