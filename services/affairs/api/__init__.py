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
from chassis.words import Day
from contracts.event import Code, Id
from services.affairs.desk import names
from services.affairs.queries.figures import (
    AffairsQueries,
    By,
    CountRow,
    PublicCharter,
    ScaleShown,
)
from services.affairs.shown import sheets
from services.affairs.vocabulary import WORDS

PAGES = Pages(Path(__file__).parent.parent / "pages")


def routers(queries: AffairsQueries, door: Door) -> tuple[Routes, ...]:
    return _figures(queries, door), _paper(queries, door), _open(queries, door)


def _figures(queries: AffairsQueries, door: Door) -> Routes:
    api, reading = Routes(tags=["统计"]), door.reading()

    @api.get("/levels", summary="某日的职级和补贴", response_model=Exported)
    async def levels(as_of: Day, format: Format = Format.JSON, reader: Subject = reading) -> Any:
        """By community, post and level, of the workers that the reader is shown; never a name."""
        return await exported(await queries.level_table(as_of, reader), format, f"levels-{as_of}")

    @api.get("/levels/workers", summary="工作者职级名册", response_model=Exported)
    async def roll(as_of: Day, format: Format = Format.JSON, reader: Subject = reading) -> Any:
        """Each by the number of his record; never a name."""
        return await exported(await queries.roll(as_of, reader), format, f"roll-{as_of}")

    @api.get("/scale", summary="岗位和职级补贴标准")
    async def scale(_: Subject = reading) -> ScaleShown:
        """As the two tables print it, and what is paid."""
        return await queries.scale()

    @api.get("/counts", summary="各街道、社区的数量")
    async def counts(by: By = By.COMMUNITY, reader: Subject = reading) -> list[CountRow]:
        """Of what the reader is shown in lists."""
        return await queries.counts(by, reader)

    @api.get("/counts/table", summary="各街道、社区的数量（表格）", response_model=Exported)
    async def count_table(
        by: By = By.COMMUNITY, format: Format = Format.CSV, reader: Subject = reading
    ) -> Any:
        return await exported(await queries.count_table(by, reader), format, f"affairs-{by}")

    @api.get("/pay/{id}/lines", summary="季度补贴明细", response_model=Exported)
    async def lines(id: Id, format: Format = Format.JSON, reader: Subject = reading) -> Any:
        """By the numbers of records."""
        return await exported(await queries.pay_table(id, reader), format, f"pay-{id}")

    return api


def _paper(queries: AffairsQueries, door: Door) -> Routes:
    """To be printed on A4."""
    api, reading = Routes(tags=["表单"]), door.reading()
    desk = queries.desk

    @api.get(
        "/admissions/{id}/form", summary="社区工作准入审批表（打印）", response_class=HTMLResponse
    )
    async def admission(id: Id, reader: Subject = reading) -> HTMLResponse:
        held = await desk.admissions.show(id, reader)
        number = held.number or held.id
        lines = sheets.admission_lines(held.aggregate, number, await names(desk))
        return PAGES.shown("admission.html", {"title": "社区工作准入审批表", "lines": lines})

    @api.get("/pay/{id}/form", summary="季度补贴审批表（打印）", response_class=HTMLResponse)
    async def quarter(id: Id, reader: Subject = reading) -> HTMLResponse:
        """By post and level; never a name."""
        one = (await desk.pay.show(id, reader)).aggregate
        street = (await names(desk))["street"].get(one.street, one.street)
        return PAGES.shown("quarter.html", sheets.quarter_form(one, street))

    return api


def _open(queries: AffairsQueries, door: Door) -> Routes:
    """Without a token."""
    api = Routes(tags=["公开"])

    @api.get("/public/catalogue", summary="社区工作准入目录", response_model=Exported)
    async def catalogue(format: Shape = Shape.JSON) -> Any:
        """`format=html` is to be printed on A4."""
        if format is not Shape.HTML:
            return await exported(
                await queries.catalogue_table(), Format(format.value), "catalogue"
            )
        context = {
            "title": "社区工作准入目录",
            "works": await queries.catalogue(),
            "names": await names(queries.desk),
            "words": WORDS,
            "today": local_date(door.now()),
        }
        return PAGES.shown("catalogue.html", context)

    @api.get("/public/charters", summary="社区自治章程和两约")
    async def charters(community: Code) -> list[PublicCharter]:
        """Of each kind the version in force."""
        return await queries.charters(community)

    return api
