"""The departments' year: account and ranking; and what is said of who blows (W-10, W-11)."""

from typing import Annotated, Any

from fastapi import Query, Response
from pydantic import BaseModel

from chassis.http import Door, Paged, cursor_after
from chassis.identity import Subject
from chassis.routes import Routes
from chassis.steps_api import Desked, Single, Which
from contracts.event import Code
from services.whistle.desk import WhistleDesk
from services.whistle.desk.yearly import Scored, parsed
from services.whistle.domain.course import Status
from services.whistle.domain.yearly import Appeal, Exclusion, YearAssessed
from services.whistle.queries import DepartmentYear, Rankings, WhistleQueries

from .reading import PointsLeft

YearNumber = Annotated[int, Query(ge=2019, le=2100)]


class DepartmentYears(BaseModel):
    """One page; `next` is the cursor of the page after it."""

    year: int
    items: list[DepartmentYear]
    next: str | None = None


class DepartmentAccount(BaseModel):
    """Every whistle of a department's year, what was left out, and what was said of the year."""

    unit: str
    year: int
    result: int | None
    weight_percent: int
    counted: list[Scored]
    left_out: list[Scored]
    agrees: bool
    exclusions: list[Exclusion]
    published: list[YearAssessed]
    appeals: list[Appeal]


class VersionedAccount(DepartmentAccount):
    version: int


class WhistlerAccount(PointsLeft):
    """With how many whistles it blew in the year, by how they stand."""

    whistles: dict[Status, int]


def router(
    desk: WhistleDesk,
    queries: WhistleQueries,
    rankings: Rankings,
    years: Desked[Any, Any, WhistleDesk, Any],
    door: Door,
) -> Routes:
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

    @api.get(
        "/assessments/departments/{unit}",
        summary="一个部门的年度考核及其依据",
        response_model=VersionedAccount,
    )
    async def department(unit: Code, year: YearNumber, reader: Subject = reading) -> Any:
        return await desk.year(unit, year, reader)

    @api.get("/assessments/{id}", summary="年度考核", response_model=Single[DepartmentAccount])
    async def one(
        id: str,
        response: Response,
        reader: Subject = reading,
        actions: Which = "now",
        names: bool = False,
    ) -> Any:
        """The same by its id, `unit.year`, with what may be done about it, also before anything was."""
        account = await desk.year(*parsed(id), reader)
        shown = await years.show(await desk.year_of(id), reader, response, actions, names=names)
        state = DepartmentAccount.model_validate(account, from_attributes=True)
        return Single[Any].model_construct(**{**dict(shown), "state": state})

    @api.get(
        "/assessments/whistlers/{blower}",
        summary="一个吹哨主体的年度考核",
        response_model=WhistlerAccount,
    )
    async def whistler(blower: str, year: YearNumber, reader: Subject = reading) -> Any:
        return await queries.whistler(blower, year, reader)

    return api
