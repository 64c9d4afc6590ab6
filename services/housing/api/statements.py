"""Statements as of a day, and the figures the documents print."""

from typing import Any

from chassis.exports import Exported, Format, exported
from chassis.http import Door
from chassis.identity import Subject
from chassis.routes import Routes
from chassis.words import Day
from services.housing.domain.statement import By
from services.housing.queries.statements import StatementQueries


def router(queries: StatementQueries, door: Door) -> Routes:
    api = Routes(tags=["申报数"])
    reading = door.reading()

    @api.get("/statement", summary="社区用房全区说明", response_model=Exported)
    async def statement(
        as_of: Day | None = None,
        by: By = By.DISTRICT,
        format: Format = Format.JSON,
        reader: Subject = reading,
    ) -> Any:
        table = await queries.statement(as_of, by, reader)
        return await exported(table, format, f"housing-statement-{by}")

    @api.get("/counts", summary="各社区申报数与登记数", response_model=Exported)
    async def counts(format: Format = Format.JSON, reader: Subject = reading) -> Any:
        return await exported(queries.counts(), format, "housing-counts")

    return api
