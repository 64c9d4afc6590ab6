"""Editions of the index: published ones for everybody, each number down to what was filed."""

from enum import StrEnum
from pathlib import Path
from typing import Any

from fastapi import Query, Response

from chassis.exports import Format, exported, offered
from chassis.http import Door
from chassis.identity import Subject
from chassis.kernel.errors import NotFound
from chassis.pages import Pages
from chassis.routes import Routes
from chassis.steps_api import Desked, Which
from contracts.event import Id
from services.index.domain.sensitivity import Uncertainty
from services.index.queries.editions import Demands, EditionQueries, Listed, Provenance

PAGES = Pages(Path(__file__).parent.parent / "pages")


class Form(StrEnum):
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"
    HTML = "html"
    WORKBOOK = "workbook"


def router(queries: EditionQueries, editions: Desked[Any, Any, Any, Any], door: Door) -> Routes:
    api = Routes(tags=["指数版本"])
    reading = door.reading()

    @api.get("/editions", summary="各年度指数版本")
    async def every(
        year: int | None = Query(default=None, ge=2000, le=2099), reader: Subject = reading
    ) -> list[Listed]:
        return await queries.every(year, reader)

    @api.get("/editions/{id}", summary="一个指数版本", response_model=editions.model)
    async def one(
        id: Id,
        response: Response,
        format: Form = Form.JSON,
        actions: Which = "now",
        reader: Subject = reading,
    ) -> Any:
        """As CSV, XLSX or PDF its measuring points; as HTML a report to print; as a workbook it computes itself."""
        held = await queries.visible(id, reader)
        if format is Form.JSON:
            return await editions.show(held, reader, response, actions)
        if format is Form.HTML:
            return PAGES.shown("edition.html", await queries.page(held.aggregate))
        name = f"index-{held.aggregate.drafted.year}"
        if format is Form.WORKBOOK:
            return offered(await queries.workbook(held.aggregate), Format.XLSX, name)
        table = await queries.table(held.aggregate)
        return await exported(table, Format(format), name)

    @api.get("/editions/{id}/provenance", summary="版本的来历：输入、方法与校验值")
    async def provenance(id: Id, reader: Subject = reading) -> Provenance:
        """Every number down to the filing behind it, and whether it is computed again to the digit."""
        return await queries.provenance((await queries.visible(id, reader)).aggregate)

    @api.get("/editions/{id}/demands", summary="版本对薄弱环节的发问")
    async def demands(id: Id, reader: Subject = reading) -> Demands:
        """Its weak points, their departments' answers, and what became of last year's."""
        return await queries.demands((await queries.visible(id, reader)).aggregate)

    @api.get("/editions/{id}/sensitivity", summary="名次和得分的敏感性")
    async def sensitivity(id: Id, reader: Subject = reading) -> Uncertainty:
        """How sure the index is, and which points' weights move it most."""
        found = (await queries.visible(id, reader)).aggregate.drafted.uncertainty
        if found is None:
            raise NotFound("这一版没有指数，也就没有区间。")
        return found

    return api
