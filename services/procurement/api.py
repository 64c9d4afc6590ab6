"""What is read here besides the records themselves; the steps are in `steps`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import HTMLResponse

from chassis.exports import Exported, Format, exported
from chassis.http import Door
from chassis.identity import Subject
from chassis.kernel.clock import local_date
from chassis.pages import Pages
from chassis.routes import Routes
from contracts.event import Code

from . import sheets
from .domain.allowance import Short
from .domain.announcement import Announcement
from .domain.catalogue import Catalogue, Differences, Listing
from .domain.eligibility import ResultHeard
from .domain.evaluation import Stage
from .domain.fund import Account
from .domain.guide import GuideItem
from .domain.inspection import Inspection
from .domain.ledger import LedgerShown
from .domain.listed import Organisation
from .domain.money import DistrictMoney
from .domain.panel import Panel
from .domain.pilot import PilotBudget
from .domain.printed import CallsOfYear
from .domain.published import PublishedPlan
from .domain.report import PrintedReport, Report
from .domain.sheet import Sheet
from .domain.standing import Standing
from .domain.supervision import Supervision
from .domain.survey import Answered, Survey
from .forms import Forms
from .ocds.model import RecordPackage, ReleasePackage
from .publishing import Publishing
from .queries import ProcurementQueries
from .steps.words import Year

PAGES = Pages(Path(__file__).parent / "pages")


LISTS = {
    "needs": "/needs",
    "plans": "/plans",
    "applications": "/solicitations",
    "rankings": "/solicitations",
    "contracts": "/contracts",
    "payments": "/contracts",
    "evaluations": "/contracts",
    "suppliers": "/suppliers",
}
"""Which list shows what is in each sheet; it comes from there as files go in."""


class Form(StrEnum):
    JSON = "json"
    HTML = "html"


def routers(queries: ProcurementQueries, door: Door) -> tuple[Routes, ...]:
    return (
        _suppliers(queries, door),
        _catalogue(queries, door),
        _panels(queries, door),
        _figures(queries, door),
        _reports(queries, door),
        _forms(Forms(desk=queries.desk), door),
        _open_data(Publishing(desk=queries.desk), door),
        _sheets(queries, door),
    )


def _suppliers(queries: ProcurementQueries, door: Door) -> Routes:
    api, reading = Routes(tags=["承接方"]), door.reading()

    @api.get("/suppliers/{id}/eligibility", summary="承接方能否承接某项目，附理由")
    async def eligibility(
        id: str,
        project: Annotated[Code, Query(alias="for")],
        year: Year,
        reader: Subject = reading,
    ) -> Standing:
        return await queries.eligibility(id, project, year, reader, door.now())

    @api.get("/organisations", summary="承接机构名录")
    async def organisations(_: Subject = reading) -> tuple[Organisation, ...]:
        return await queries.organisations(local_date(door.now()))

    return api


def _catalogue(queries: ProcurementQueries, door: Door) -> Routes:
    api, reading = Routes(tags=["目录"]), door.reading()

    @api.get("/catalogue", summary="某年现行的目录")
    async def in_force(
        year: Year, listing: Listing = Listing.GUIDANCE, _: Subject = reading
    ) -> Catalogue:
        return await queries.desk.catalogue(year, listing)

    @api.get("/catalogues/{id}/differences", summary="两版目录的差异")
    async def differences(
        id: str, other: Annotated[str, Query(alias="with")], reader: Subject = reading
    ) -> Differences:
        return await queries.differences(id, other, reader)

    @api.get("/guide", summary="服务指南的项目")
    async def guide(_: Subject = reading) -> tuple[GuideItem, ...]:
        return queries.desk.guide

    return api


def _panels(queries: ProcurementQueries, door: Door) -> Routes:
    api, reading = Routes(), door.reading()

    @api.get("/contracts/{id}/panel", summary="评估组的抽签", tags=["合同"])
    async def panel(id: str, _: Subject = reading) -> Panel:
        return await queries.panel(queries.desk.contracts, id)

    @api.get("/solicitations/{id}/panel", summary="评审组的抽签", tags=["征集"])
    async def reviewers(id: str, _: Subject = reading) -> Panel:
        return await queries.panel(queries.desk.calls, id)

    @api.get("/solicitations/{id}/sheet", summary="评审组的评分表", tags=["征集"])
    async def sheet(id: str, reader: Subject = reading) -> Sheet:
        """For the experts of its panel, and for whoever sees the call; sealed scores stay sealed."""
        return await queries.sheet(id, reader)

    @api.get("/inspections/{id}/lots", summary="抽查的抽签", tags=["抽查"])
    async def inspection(id: str, _: Subject = reading) -> Inspection:
        return await queries.inspection(id)

    @api.get("/contracts/{id}/supervision", summary="合同的督导", tags=["督导"])
    async def supervision(id: str, reader: Subject = reading) -> Supervision:
        return await queries.supervision(id, reader)

    return api


def _figures(queries: ProcurementQueries, door: Door) -> Routes:
    api, reading = Routes(), door.reading()

    @api.get("/announcements", summary="征集公告", tags=["征集"])
    async def announcements(year: Year, _: Subject = reading) -> list[Announcement]:
        return await queries.announcements(year)

    @api.get("/calls/{year}", summary="某年的社区营造征集", tags=["征集"])
    async def calls_of(year: Year, _: Subject = reading) -> CallsOfYear:
        return await queries.calls_of(year)

    @api.get("/published_plans", summary="公布的购买计划", tags=["购买计划"])
    async def published_plans(year: Year, _: Subject = reading) -> tuple[PublishedPlan, ...]:
        return await queries.published_plans(year)

    @api.get("/communities/allowances", summary="各社区的专项经费", tags=["服务群众专项经费"])
    async def allowances(year: Year, _: Subject = reading) -> tuple[Short, ...]:
        return await queries.allowances(year)

    @api.get("/funds/{community}/accounts", summary="社区基金公布的收支", tags=["社区基金"])
    async def accounts(community: Code, _: Subject = reading) -> tuple[Account, ...]:
        return await queries.accounts(community)

    @api.get("/needs", summary="公布的需求清单", tags=["需求清单"])
    async def needs(year: Year, _: Subject = reading) -> list[Survey]:
        return await queries.needs(year)

    @api.get("/needs/answered", summary="各街道的需求回应了多少", tags=["需求清单"])
    async def answered(year: Year, _: Subject = reading) -> tuple[Answered, ...]:
        return await queries.answered(year)

    @api.get("/budgets/pilot/{community}", summary="试点社区的经费", tags=["试点经费"])
    async def pilot(community: str, _: Subject = reading) -> PilotBudget:
        return await queries.pilot(community)

    @api.get("/money", summary="年度计划达到多少", tags=["购买计划"])
    async def money(year: Year, _: Subject = reading) -> DistrictMoney:
        return await queries.money(year)

    return api


def _reports(queries: ProcurementQueries, door: Door) -> Routes:
    api, reading = Routes(tags=["评估报告"]), door.reading()

    @api.get("/evaluations", summary="公开的评估报告")
    async def published(year: Year, _: Subject = reading) -> list[Report]:
        return await queries.reports(year)

    @api.get(
        "/contracts/{id}/evaluations/{stage}", summary="一份评估报告", response_model=PrintedReport
    )
    async def report(
        id: str, stage: Stage, format: Form = Form.JSON, reader: Subject = reading
    ) -> Any:
        """`format=html` is to be printed on A4."""
        if format is Form.HTML:
            return PAGES.shown("evaluation.html", await queries.report_page(id, stage, reader))
        return await queries.report(id, stage, reader)

    @api.get("/contracts/{id}/ledger", summary="合同的台账")
    async def ledger(id: str, reader: Subject = reading) -> LedgerShown:
        return await queries.ledger(id, reader)

    @api.get("/suppliers/{id}/evaluations", summary="承接方档案中的评估")
    async def file(id: str, reader: Subject = reading) -> tuple[ResultHeard, ...]:
        return await queries.file(id, reader)

    return api


def _forms(forms: Forms, door: Door) -> Routes:
    api, reading = Routes(tags=["表格"]), door.reading()

    @api.get(
        "/solicitations/{id}/applications/{supplier}", summary="申报书", response_class=HTMLResponse
    )
    async def application(id: str, supplier: Code, reader: Subject = reading) -> HTMLResponse:
        """To be printed on A4."""
        return PAGES.shown("application.html", await forms.application(id, supplier, reader))

    @api.get("/contracts/{id}/agreement", summary="协议书", response_class=HTMLResponse)
    async def agreement(id: str, reader: Subject = reading) -> HTMLResponse:
        """To be printed on A4, two originals."""
        return PAGES.shown("agreement.html", await forms.agreement(id, reader))

    return api


def _sheets(queries: ProcurementQueries, door: Door) -> Routes:
    """Each list as a table, for whoever sees the list."""
    api, reading = Routes(tags=["表格"]), door.reading()

    def offer(name: str, path: str) -> None:
        async def table(year: Year, format: Format = Format.CSV, reader: Subject = reading) -> Any:
            """What the reader sees of the list, one line a thing."""
            made = await sheets.table(queries.desk, name, reader, year)
            return await exported(made, format, f"procurement-{name}-{year}")

        summary = f"{sheets.SHEETS[name].title}（表格）"
        api.add(path, table, name=f"table_of_{name}", summary=summary, response_model=Exported)

    for name, listed in LISTS.items():
        offer(name, f"{listed}/export/{name}")
    return api


def _open_data(publishing: Publishing, door: Door) -> Routes:
    api, reading = Routes(tags=["公开数据"]), door.reading()

    @api.get("/ocds/releases", summary="开放合同数据：发布", response_model_exclude_none=True)
    async def ocds_releases(year: Year, _: Subject = reading) -> ReleasePackage:
        return await publishing.release_package(year, door.now())

    @api.get("/ocds/records", summary="开放合同数据：记录", response_model_exclude_none=True)
    async def ocds_records(year: Year, _: Subject = reading) -> RecordPackage:
        return await publishing.record_package(year, door.now())

    return api
