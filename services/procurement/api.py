"""What is read here besides the records themselves; the steps are in `steps`."""

from typing import Annotated

from fastapi import APIRouter, Query

from chassis.http import Door
from chassis.identity import Subject
from contracts.event import Code

from .domain.announcement import Announcement
from .domain.catalogue import Catalogue, Differences
from .domain.guide import GuideItem
from .domain.panel import Panel
from .domain.pilot import PilotBudget
from .domain.printed import CallsOfYear
from .domain.standing import Standing
from .domain.supervision import Supervision
from .ocds.model import RecordPackage, ReleasePackage
from .publishing import Publishing
from .queries import ProcurementQueries
from .steps.words import Year


def routers(queries: ProcurementQueries, door: Door) -> tuple[APIRouter, ...]:
    api = APIRouter(tags=["承接方"])
    reading = door.reading()

    @api.get("/suppliers/{id}/eligibility")
    async def eligibility(
        id: str,
        project: Annotated[Code, Query(alias="for")],
        year: Year,
        reader: Subject = reading,
    ) -> Standing:
        return await queries.eligibility(id, project, year, reader, door.now())

    @api.get("/catalogue", tags=["目录"])
    async def in_force(year: Year, reader: Subject = reading) -> Catalogue:
        return await queries.desk.catalogue(year)

    @api.get("/catalogues/{id}/differences", tags=["目录"])
    async def differences(
        id: str, other: Annotated[str, Query(alias="with")], reader: Subject = reading
    ) -> Differences:
        return await queries.differences(id, other, reader)

    @api.get("/guide", tags=["目录"])
    async def guide(_: Subject = reading) -> tuple[GuideItem, ...]:
        return queries.desk.guide

    @api.get("/contracts/{id}/panel", tags=["合同"])
    async def panel(id: str, _: Subject = reading) -> Panel:
        return await queries.panel(queries.desk.contracts, id)

    @api.get("/solicitations/{id}/panel", tags=["征集"])
    async def reviewers(id: str, _: Subject = reading) -> Panel:
        return await queries.panel(queries.desk.calls, id)

    @api.get("/announcements", tags=["征集"])
    async def announcements(year: Year, _: Subject = reading) -> list[Announcement]:
        return await queries.announcements(year)

    @api.get("/budgets/pilot/{community}", tags=["试点经费"])
    async def pilot(community: str, _: Subject = reading) -> PilotBudget:
        return await queries.pilot(community)

    @api.get("/contracts/{id}/supervision", tags=["督导"])
    async def supervision(id: str, reader: Subject = reading) -> Supervision:
        return await queries.supervision(id, reader)

    @api.get("/calls/{year}", tags=["征集"])
    async def calls_of(year: Year, _: Subject = reading) -> CallsOfYear:
        return await queries.calls_of(year)

    publishing = Publishing(desk=queries.desk)

    @api.get("/ocds/releases", tags=["公开数据"], response_model_exclude_none=True)
    async def ocds_releases(year: Year, _: Subject = reading) -> ReleasePackage:
        return await publishing.release_package(year, door.now())

    @api.get("/ocds/records", tags=["公开数据"], response_model_exclude_none=True)
    async def ocds_records(year: Year, _: Subject = reading) -> RecordPackage:
        return await publishing.record_package(year, door.now())

    return (api,)
