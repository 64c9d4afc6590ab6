"""What is read here besides the records themselves; the steps are in `steps`."""

from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse

from chassis.exports import Exported, Format, Shape, exported
from chassis.http import Door
from chassis.identity import Subject
from chassis.kernel.clock import local_date
from chassis.pages import Pages
from chassis.routes import Routes
from contracts.event import Code

from . import tables
from .domain.file import Note
from .queries import By, CountRow, OrganisationsQueries, PublicDecision, PublicDraw, PublicYear
from .tables import ListName

PAGES = Pages(Path(__file__).parent / "pages")


def routers(queries: OrganisationsQueries, door: Door) -> tuple[Routes, ...]:
    return _figures(queries, door), _open(queries, door)


def _figures(queries: OrganisationsQueries, door: Door) -> Routes:
    api, reading = Routes(tags=["社会组织"]), door.reading()

    @api.get("/counts", summary="各街道、社区的数量")
    async def counts(by: By = By.COMMUNITY, reader: Subject = reading) -> list[CountRow]:
        """Of what the reader is shown in lists."""
        return await queries.counts(by, reader)

    @api.get("/counts/table", summary="各街道、社区的数量（表格）", response_model=Exported)
    async def table(
        by: By = By.COMMUNITY, format: Format = Format.CSV, reader: Subject = reading
    ) -> Any:
        return await exported(await queries.count_table(by, reader), format, f"organisations-{by}")

    @api.get("/tables/{of}", summary="各清单（表格）", response_model=Exported)
    async def listed(of: ListName, format: Format = Format.CSV, reader: Subject = reading) -> Any:
        """A row for each that the reader is shown in the list."""
        found = await tables.table(queries.desk, of, reader)
        return await exported(found, format, f"organisations-{of}")

    @api.get("/organisations/{id}/file", summary="社会组织档案")
    async def file(id: Code, reader: Subject = reading) -> tuple[Note, ...]:
        """Evaluations and eligibility as procurement told them, and what registers of integrity say."""
        return await queries.file(id, reader)

    @api.get("/organisations/{id}/card", summary="社会组织登记卡", response_class=HTMLResponse)
    async def card(id: Code, reader: Subject = reading) -> HTMLResponse:
        """To be printed on A4."""
        return PAGES.shown("card.html", await queries.card(id, reader))

    return api


def _open(queries: OrganisationsQueries, door: Door) -> Routes:
    """Without a token."""
    api = Routes(tags=["公开"])

    @api.get("/public/organisations", summary="社会组织名录", response_model=Exported)
    async def catalogue(format: Shape = Shape.JSON) -> Any:
        """`format=html` is to be printed on A4."""
        if format is Shape.HTML:
            context = await queries.catalogue_page(local_date(door.now()))
            return PAGES.shown("catalogue.html", context)
        return await exported(await queries.catalogue(), Format(format.value), "organisations")

    @api.get("/public/organisations/{code}/years", summary="社会组织的年度报告")
    async def years(code: Code) -> list[PublicYear]:
        return await queries.years(code)

    @api.get("/public/service", summary="各社区志愿服务次数和时长", response_model=Exported)
    async def service(format: Format = Format.JSON) -> Any:
        """By community and kind; never by whom."""
        return await exported(await queries.service(), format, "volunteer-service")

    @api.get("/public/draws", summary="随机抽查的名单和抽签结果")
    async def draws() -> list[PublicDraw]:
        """Each can be drawn again: its lots are the SHA-256 of `secret|seed|code`."""
        return await queries.draws()

    @api.get("/public/decisions", summary="处罚、取缔决定")
    async def decisions() -> list[PublicDecision]:
        return await queries.decisions()

    return api
