"""Forms to be printed on A4: the agreement to be signed, the sheet of a return visit."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from fastapi import Response
from fastapi.responses import HTMLResponse

from chassis.http import Door
from chassis.identity import Subject
from chassis.pages import Pages
from chassis.routes import Routes
from services.mediation.desk import MediationDesk
from services.mediation.domain import forms
from services.mediation.domain.forms import CaseForm
from services.mediation.shown import sheets

PAGES = Pages(Path(__file__).parent.parent / "pages")


def router(desk: MediationDesk, door: Door, clock: Callable[[], datetime]) -> Routes:
    api = Routes(tags=["表单"])
    reading = door.reading()

    @api.get(
        "/cases/{id}/forms/{form}",
        summary="调解协议书、回访记录（打印）",
        response_class=HTMLResponse,
    )
    async def of_case(id: str, form: CaseForm, reader: Subject = reading) -> Response:
        """By label: names and terms are sealed, and written in by hand."""
        held = await desk.cases.show(id, reader)
        forms.of_case(form, held.aggregate)
        names = await desk.names_on_paper(held)
        sheet = sheets.sheet(form, held.aggregate, sheets.Names(**names))
        return PAGES.shown("sheet.html", {"title": sheet.title, "sheet": sheet, "at": clock()})

    return api
