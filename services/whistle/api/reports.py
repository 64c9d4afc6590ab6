"""The ledger and the reports by month, quarter and year (W-14, W-15)."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query

from chassis.exports import Format, exported
from chassis.http import Door
from chassis.identity import Subject
from services.whistle.queries import Ledger, Periods


def router(ledger: Ledger, periods: Periods, door: Door) -> APIRouter:
    api = APIRouter(tags=["reports"])
    reading = door.reading()

    @api.get("/ledger")
    async def table(
        first: Annotated[date, Query(alias="from")],
        last: Annotated[date, Query(alias="to")],
        format: Format = Format.JSON,
        reader: Subject = reading,
    ) -> Any:
        found = await ledger.table(first, last, reader)
        return exported(found, format, f"whistle-ledger-{first}-{last}")

    @api.get("/bulletins/{period}")
    async def bulletin(period: str, reader: Subject = reading) -> dict[str, Any]:
        return await periods.report(period, reader)

    return api
