"""The ledger and the reports by month, quarter and year, as data and as a page to print (W-14, W-15)."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from fastapi import Query

from chassis.exports import Exported, Format, exported
from chassis.http import Door
from chassis.identity import Subject
from chassis.pages import Pages
from chassis.routes import Routes
from chassis.words import Day
from services.whistle.queries import WORDS, Queries

from .bulletin import Bulletin

PAGES = Pages(Path(__file__).parent.parent / "pages")


class Form(StrEnum):
    JSON = "json"
    HTML = "html"


def router(queries: Queries, door: Door, clock: Callable[[], datetime]) -> Routes:
    api = Routes(tags=["通报"])
    reading = door.reading()

    @api.get("/ledger", summary="吹哨台账", response_model=Exported)
    async def table(
        first: Annotated[Day, Query(alias="from")],
        last: Annotated[Day, Query(alias="to")],
        format: Format = Format.JSON,
        reader: Subject = reading,
    ) -> Any:
        found = await queries.ledger.table(first, last, reader)
        return await exported(found, format, f"whistle-ledger-{first}-{last}")

    @api.get(
        "/bulletins/{period}",
        summary="月、季、年通报",
        response_model=Bulletin,
        response_model_exclude_unset=True,
    )
    async def bulletin(period: str, format: Form = Form.JSON, reader: Subject = reading) -> Any:
        report = await queries.periods.report(period, reader, clock())
        if format is Form.JSON:
            return report
        names = await queries.registers.names()
        context = {
            "title": f"吹哨报到{WORDS[report['rhythm']]} {period}",
            "report": report,
            "rhythm": WORDS[report["rhythm"]],
            "scope": names.offices.get(report["scope"], report["scope"]) or "全区",
            "names": names,
            "words": WORDS,
        }
        return PAGES.shown("bulletin.html", context)

    return api
