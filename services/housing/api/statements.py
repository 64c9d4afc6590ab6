"""Statements, declarations and the figures the documents print, over HTTP."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from chassis.aggregates import Changed, Held
from chassis.asking import Asking
from chassis.exports import Format, exported
from chassis.http import Asked, Door, Listed, Paged, Shown, listed, shown
from chassis.identity import Subject
from chassis.trail_api import trail_route
from chassis.words import Area, Day, Short, Whole
from contracts.event import Code
from services.housing.desk.declarations import DeclarationDesk
from services.housing.domain.area import measured
from services.housing.domain.declaration import Declaration, Totals, TotalsDeclared
from services.housing.domain.statement import By, printed
from services.housing.queries.statements import StatementQueries

Count = Annotated[Whole, Field(ge=0, le=10_000_000)]


class TotalsIn(Asked):
    agreements: Count | None = None
    area_owed: Area | None = None
    area_handed_over: Area | None = None
    communities: Count | None = None
    urban: Count | None = None
    village_converted: Count | None = None
    at_standard: Count | None = None

    def totals(self) -> Totals:
        areas = {
            name: measured(said)
            for name in ("area_owed", "area_handed_over")
            if (said := getattr(self, name)) is not None
        }
        return Totals(**{**self.model_dump(), **areas})


class DeclarationIn(Asked):
    """Without a street it is of the whole district."""

    as_of: Day
    street: Code | None = None
    source: Short
    totals: TotalsIn


class TotalsOut(BaseModel):
    agreements: int | None
    area_owed: str | None
    area_handed_over: str | None
    communities: int | None
    urban: int | None
    village_converted: int | None
    at_standard: int | None


class DeclarationOut(BaseModel):
    as_of: date
    street: str | None
    source: str
    totals: TotalsOut


def routes(api: APIRouter, desk: DeclarationDesk, queries: StatementQueries, door: Door) -> None:
    _declarations(api, desk, door)
    reading = door.reading()

    @api.get("/statement", response_model=None)
    async def statement(
        as_of: Day | None = None,
        by: By = By.DISTRICT,
        format: Format = Format.JSON,
        reader: Subject = reading,
    ) -> Any:
        table = await queries.statement(as_of, by, reader)
        return exported(table, format, f"housing-statement-{by}")

    @api.get("/counts", response_model=None)
    async def counts(format: Format = Format.JSON, reader: Subject = reading) -> Any:
        return exported(queries.counts(), format, "housing-counts")


def _declarations(api: APIRouter, desk: DeclarationDesk, door: Door) -> None:
    reading, creator = door.reading(), door.writing(versioned=False)

    @api.post("/declarations", status_code=201)
    async def declare(
        body: DeclarationIn, response: Response, asking: Asking = creator
    ) -> Shown[DeclarationOut]:
        declared = TotalsDeclared(
            as_of=body.as_of,
            street=body.street,
            source=body.source,
            totals=body.totals.totals(),
            at=asking.cause.now,
        )
        return shown(_out(await desk.declare(declared, asking)), response)

    @api.get("/declarations")
    async def declarations(
        page: Paged, reader: Subject = reading, street: Code | None = None
    ) -> Listed[DeclarationOut]:
        found = await desk.declarations.list(reader, {"street": street}, page.after, page.limit)
        return listed([_out(held) for held in found], page)

    trail_route(api, "/declarations", desk.declarations, door)


def _out(
    held: Held[Declaration] | Changed[Declaration, TotalsDeclared],
) -> Held[DeclarationOut]:
    kept = held.aggregate
    totals = TotalsOut(
        agreements=kept.totals.agreements,
        area_owed=printed(kept.totals.area_owed),
        area_handed_over=printed(kept.totals.area_handed_over),
        communities=kept.totals.communities,
        urban=kept.totals.urban,
        village_converted=kept.totals.village_converted,
        at_standard=kept.totals.at_standard,
    )
    out = DeclarationOut(as_of=kept.as_of, street=kept.street, source=kept.source, totals=totals)
    return Held(held.id, out, held.version, held.correlation)
