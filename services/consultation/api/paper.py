"""Forms to be printed on A4, and a committee's record book as a page, a sheet or JSON."""

from asyncio import to_thread
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import Response
from fastapi.responses import HTMLResponse

from chassis.exports import Exported, Format, Shape, exported, offered
from chassis.http import Door
from chassis.identity import Subject
from chassis.pages import Pages
from chassis.papers import Paper, as_pdf
from chassis.routes import Routes
from services.consultation.desk import ConsultationDesk
from services.consultation.domain.forms import MatterForm, SessionForm
from services.consultation.shown import paper

from .members import YearNumber

PAGES = Pages(Path(__file__).parent.parent / "pages")


def router(desk: ConsultationDesk, door: Door, clock: Callable[[], datetime]) -> Routes:
    api = Routes(tags=["表单"])
    reading = door.reading()

    def page(sheet: Paper) -> HTMLResponse:
        return PAGES.shown("sheet.html", {"title": sheet.title, "sheet": sheet, "at": clock()})

    @api.get(
        "/matters/{id}/forms/{form}", summary="事项的表单（打印）", response_class=HTMLResponse
    )
    async def of_matter(id: str, form: MatterForm, reader: Subject = reading) -> Response:
        return page(await paper.of_matter(desk, id, form, reader))

    @api.get(
        "/sessions/{id}/forms/{form}", summary="会议的表单（打印）", response_class=HTMLResponse
    )
    async def of_session(id: str, form: SessionForm, reader: Subject = reading) -> Response:
        return page(await paper.of_session(desk, id, form, reader))

    @api.get(
        "/committees/{id}/record-book", summary="一年的协商议事记录本", response_model=Exported
    )
    async def record_book(
        id: str, year: YearNumber, format: Shape = Shape.JSON, reader: Subject = reading
    ) -> Any:
        """A row for each session of the year; as HTML or PDF a book to be printed."""
        table, sheet = await paper.record_book(desk, id, year, reader)
        name = f"record-book-{year}"
        if format is Shape.HTML:
            return page(sheet)
        if format is Shape.PDF:
            return offered(await to_thread(as_pdf, sheet), Format.PDF, name)
        return await exported(table, Format(format), name)

    return api
