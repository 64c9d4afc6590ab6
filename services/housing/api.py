"""HTTP in, command out. A route parses, asks and answers; it decides nothing. Areas are decimal text."""

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Body, Response
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from chassis.aggregates import Changed, Held
from chassis.asking import Asking
from chassis.http import Asked, Door, Listed, Paged, Shown, listed, shown
from chassis.identity import Subject
from chassis.kernel.measure import as_decimal
from chassis.trail_api import trail_route
from contracts.event import Code

from . import commands
from .desk import HousingDesk
from .domain.agreement import Agreement, AgreementEvent, Status
from .domain.community import Community, CommunityKind
from .domain.street import Street
from .queries import HousingQueries

Short = Annotated[str, StringConstraints(max_length=80)]
Long = Annotated[str, StringConstraints(max_length=1000)]
Reason = Annotated[str, Body(embed=True, max_length=1000)]
Households = Annotated[int, Field(ge=0, le=1_000_000)]
Area = Annotated[str, StringConstraints(max_length=12)]
"""m² with at most two decimals, as text: `"1200.50"`."""
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]
Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC))]


class CommunityIn(Asked):
    name: Short
    street: Code
    kind: CommunityKind | None = None
    households: Households | None = None
    reason: Long


class AgreementIn(Asked):
    """`developer` is an organisation's code, never a person."""

    project: Short
    community: Code
    developer: Code
    households: Households
    area: Area
    due: Day


class HandoverIn(Asked):
    area: Area
    at: Moment


class ExtendIn(Asked):
    due: Day
    reason: Long


class HandoverOut(BaseModel):
    area: str
    at: datetime


class AgreementOut(BaseModel):
    """An agreement with the figures that follow from it."""

    status: Status
    project: str
    community: str
    street: str
    developer: str
    households: int
    area_owed: str
    area_accepted: str
    area_outstanding: str
    area_surplus: str
    due: date
    overdue: bool
    missed: tuple[date, ...]
    handovers: tuple[HandoverOut, ...]
    signed_at: datetime
    next_steps: list[str]


def router(desk: HousingDesk, queries: HousingQueries, door: Door) -> APIRouter:
    api = APIRouter(tags=["housing"])
    _register(api, desk, queries, door)
    _ledger(api, desk, door)
    _agreements(api, desk, door)
    return api


def _register(api: APIRouter, desk: HousingDesk, queries: HousingQueries, door: Door) -> None:
    reading, keeper = door.reading(), door.writing(versioned=None)

    @api.get("/streets")
    async def streets(reader: Subject = reading) -> list[Street]:
        return queries.list_streets()

    @api.get("/communities")
    async def communities(page: Paged, reader: Subject = reading) -> Listed[Community]:
        return listed(await queries.list_communities(page.after, page.limit), page)

    @api.get("/communities/{code}")
    async def community(
        code: Code, response: Response, reader: Subject = reading
    ) -> Shown[Community]:
        return shown(await queries.community(code), response)

    @api.put("/communities/{code}")
    async def enter(
        code: Code, body: CommunityIn, response: Response, asking: Asking = keeper
    ) -> Shown[Community]:
        command = commands.EnterCommunity(**body.model_dump())
        return shown(await desk.enter(code, command, asking), response)

    trail_route(api, "/communities", desk.communities, door)


def _ledger(api: APIRouter, desk: HousingDesk, door: Door) -> None:
    reading = door.reading()

    @api.get("/agreements")
    async def agreements(
        page: Paged,
        reader: Subject = reading,
        street: Code | None = None,
        community: Code | None = None,
        overdue: bool | None = None,
    ) -> Listed[AgreementOut]:
        wanted = {"street": street, "community": community, "overdue": overdue}
        found = await desk.agreements.list(reader, wanted, page.after, page.limit)
        return listed([_out(held) for held in found], page)

    @api.get("/agreements/{id}")
    async def agreement(
        id: str, response: Response, reader: Subject = reading
    ) -> Shown[AgreementOut]:
        return shown(_out(await desk.agreements.show(id, reader)), response)


def _agreements(api: APIRouter, desk: HousingDesk, door: Door) -> None:
    creator, changer = door.writing(versioned=False), door.writing(versioned=True)

    @api.post("/agreements", status_code=201)
    async def sign(
        body: AgreementIn, response: Response, asking: Asking = creator
    ) -> Shown[AgreementOut]:
        command = commands.SignAgreement(**body.model_dump())
        return shown(_out(await desk.sign(command, asking)), response)

    @api.post("/agreements/{id}/handovers")
    async def hand_over(
        id: str, body: HandoverIn, response: Response, asking: Asking = changer
    ) -> Shown[AgreementOut]:
        command = commands.HandOver(**body.model_dump())
        return shown(_out(await desk.hand_over(id, command, asking)), response)

    @api.post("/agreements/{id}/extend")
    async def extend(
        id: str, body: ExtendIn, response: Response, asking: Asking = changer
    ) -> Shown[AgreementOut]:
        command = commands.Extend(**body.model_dump())
        return shown(_out(await desk.extend(id, command, asking)), response)

    @api.post("/agreements/{id}/cancel")
    async def cancel(
        id: str, reason: Reason, response: Response, asking: Asking = changer
    ) -> Shown[AgreementOut]:
        return shown(_out(await desk.cancel(id, reason, asking)), response)

    trail_route(api, "/agreements", desk.agreements, door)


def _out(held: Held[Agreement] | Changed[Agreement, AgreementEvent]) -> Held[AgreementOut]:
    kept = held.aggregate
    out = AgreementOut(
        status=kept.status,
        project=kept.project,
        community=kept.community,
        street=kept.street,
        developer=kept.developer,
        households=kept.households,
        area_owed=as_decimal(kept.area_owed),
        area_accepted=as_decimal(kept.accepted),
        area_outstanding=as_decimal(kept.outstanding),
        area_surplus=as_decimal(kept.surplus),
        due=kept.due,
        overdue=kept.overdue,
        missed=kept.missed,
        handovers=tuple(
            HandoverOut(area=as_decimal(part.area), at=part.at) for part in kept.handovers
        ),
        signed_at=kept.signed_at,
        next_steps=kept.next_steps(),
    )
    return Held(held.id, out, held.version, held.correlation)
