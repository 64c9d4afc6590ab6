"""HTTP in, command out. A route parses, asks and answers; it decides nothing."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field, Strict

from chassis.asking import Asking
from chassis.http import Asked, Door, Listed, Paged, Shown, listed, shown
from chassis.identity import Subject
from chassis.trail_api import trail_route
from chassis.words import Reason, Short, Whole
from contracts.event import Code

from . import commands
from .desk import ProcurementDesk
from .domain.contract import Contract, Status
from .domain.eligibility import Standing
from .domain.evaluation import SCALE, Parts, Stage
from .domain.supplier import Supplier, SupplierKind
from .queries import ProcurementQueries

Points = Annotated[Whole, Field(ge=0, le=SCALE)]
Year = Annotated[int, Field(ge=2000, le=2100)]
"""In an address; a body says it as a number."""
Fen = Annotated[Whole, Field(gt=0, le=10**13)]


class SupplierIn(Asked):
    """An organisation, by its own name."""

    code: Code
    name: Short
    kind: SupplierKind


class ContractIn(Asked):
    """`year` is the bid year, `amount` is in fen."""

    supplier: Code
    project: Code
    title: Short
    year: Annotated[Year, Strict()]
    street: Code
    community: Code | None = None
    amount: Fen


class PartsIn(Asked):
    professional: Points
    output: Points
    quality: Points
    management: Points


class EvaluationIn(Asked):
    """The total is the sum of the parts."""

    stage: Stage
    parts: PartsIn


def router(desk: ProcurementDesk, queries: ProcurementQueries, door: Door) -> APIRouter:
    api = APIRouter(tags=["procurement"])
    _suppliers(api, desk, queries, door)
    _contracts(api, desk, queries, door)
    _judging(api, desk, door)
    return api


def _suppliers(
    api: APIRouter, desk: ProcurementDesk, queries: ProcurementQueries, door: Door
) -> None:
    reading, creator = door.reading(), door.writing(versioned=False, claims=True)

    @api.post("/suppliers", status_code=201)
    async def register(
        body: SupplierIn, response: Response, asking: Asking = creator
    ) -> Shown[Supplier]:
        command = commands.RegisterSupplier(**body.model_dump())
        return shown(await desk.register(command, asking), response)

    @api.get("/suppliers")
    async def suppliers(
        page: Paged, reader: Subject = reading, kind: SupplierKind | None = None
    ) -> Listed[Supplier]:
        wanted = {"kind": kind.value if kind else None}
        return listed(await desk.suppliers.list(reader, wanted, page.after, page.limit), page)

    @api.get("/suppliers/{id}")
    async def supplier(id: str, response: Response, reader: Subject = reading) -> Shown[Supplier]:
        return shown(await desk.suppliers.show(id, reader), response)

    @api.get("/suppliers/{id}/eligibility")
    async def eligibility(
        id: str,
        project: Annotated[Code, Query(alias="for")],
        year: Year,
        reader: Subject = reading,
    ) -> Standing:
        return await queries.eligibility(id, project, year, reader)

    trail_route(api, "/suppliers", desk.suppliers, door)


def _contracts(
    api: APIRouter, desk: ProcurementDesk, queries: ProcurementQueries, door: Door
) -> None:
    reading, creator, changer = (
        door.reading(),
        door.writing(versioned=False),
        door.writing(versioned=True),
    )

    @api.post("/contracts", status_code=201)
    async def sign(
        body: ContractIn, response: Response, asking: Asking = creator
    ) -> Shown[Contract]:
        command = commands.SignContract(**body.model_dump())
        return shown(await desk.sign(command, asking), response)

    @api.get("/contracts")
    async def contracts(
        page: Paged,
        reader: Subject = reading,
        supplier: Code | None = None,
        project: Code | None = None,
        year: Year | None = None,
        street: Code | None = None,
        status: Status | None = None,
    ) -> Listed[Contract]:
        wanted = {
            "supplier": supplier,
            "project": project,
            "year": year,
            "street": street,
            "status": status.value if status else None,
        }
        return listed(await desk.contracts.list(reader, wanted, page.after, page.limit), page)

    @api.get("/contracts/{id}")
    async def contract(id: str, response: Response, reader: Subject = reading) -> Shown[Contract]:
        return shown(await desk.contracts.show(id, reader), response)

    @api.post("/contracts/{id}/terminate")
    async def terminate(
        id: str, reason: Reason, response: Response, asking: Asking = changer
    ) -> Shown[Contract]:
        return shown(await desk.terminate(id, reason, asking), response)

    trail_route(api, "/contracts", desk.contracts, door)


def _judging(api: APIRouter, desk: ProcurementDesk, door: Door) -> None:
    """An expert comes from outside and needn't know the version: the order of stages guards it."""
    judge = door.writing(versioned=None)

    @api.post("/contracts/{id}/evaluations")
    async def evaluate(
        id: str, body: EvaluationIn, response: Response, asking: Asking = judge
    ) -> Shown[Contract]:
        command = commands.Evaluate(stage=body.stage, parts=Parts(**body.parts.model_dump()))
        return shown(await desk.evaluate(id, command, asking), response)
