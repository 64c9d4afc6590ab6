"""The departments' year: account and ranking; and what is said of who blows (W-10, W-11)."""

from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel

from chassis.http import Door, Paged, cursor_after
from chassis.identity import Subject
from chassis.routes import Routes
from contracts.event import Code
from services.whistle.desk import WhistleDesk
from services.whistle.queries import DepartmentYear, Rankings, WhistleQueries

YearNumber = Annotated[int, Query(ge=2019, le=2100)]


class DepartmentYears(BaseModel):
    """One page; `next` is the cursor of the page after it."""

    year: int
    items: list[DepartmentYear]
    next: str | None = None


def router(desk: WhistleDesk, queries: WhistleQueries, rankings: Rankings, door: Door) -> Routes:
    api = Routes(tags=["年度考核"])
    reading = door.reading()

    @api.get("/assessments/departments", summary="各部门年度考核一览")
    async def departments(
        year: YearNumber, page: Paged, reader: Subject = reading
    ) -> DepartmentYears:
        rows = await rankings.departments(year, reader)
        left = [row for row in rows if page.after is None or row.unit > page.after.id]
        items = left[: page.limit]
        more = cursor_after(items[-1].unit, items[-1].unit) if len(left) > len(items) else None
        return DepartmentYears(year=year, items=items, next=more)

    @api.get("/assessments/departments/{unit}", summary="一个部门的年度考核及其依据")
    async def department(unit: Code, year: YearNumber, reader: Subject = reading) -> dict[str, Any]:
        return await desk.year(unit, year, reader)

    @api.get("/assessments/whistlers/{blower}", summary="一个吹哨主体的年度考核")
    async def whistler(blower: str, year: YearNumber, reader: Subject = reading) -> dict[str, Any]:
        return await queries.whistler(blower, year, reader)

    return api
