"""Agreements with developers, over HTTP. Areas are decimal text."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from chassis.aggregates import Changed, Held
from chassis.asking import Asking
from chassis.http import Asked, Door, Listed, Paged, Shown, listed, shown
from chassis.identity import Subject
from chassis.kernel.measure import as_decimal
from chassis.trail_api import trail_route
from chassis.words import Area, Day, Flag, Long, Moment, Reason, Short, Whole
from contracts.event import Code, Id
from services.housing import commands
from services.housing.desk.agreements import AgreementDesk
from services.housing.domain.agreement import Agreement, Status
from services.housing.domain.events import AgreementEvent
from services.housing.domain.inspection import Finding, Inspection, Point, Remedy

from .words import Households

Number = Annotated[Whole, Field(ge=1, le=10_000)]
Photos = Annotated[tuple[Id, ...], Field(max_length=20)]


class AgreementIn(Asked):
    """`developer` is an organisation's code, never a person."""

    project: Short
    community: Code
    developer: Code
    households: Households
    area: Area
    due: Day


class PhotosIn(Asked):
    """Ids of evidence filed for this agreement, for every point at least one."""

    outside: Photos = ()
    close: Photos = ()
    floors: Photos = ()
    ground_half: Photos = ()
    decorated: Photos = ()


class InspectionIn(Asked):
    """`first` and `second`: what of the area lies on floors 1 and 2."""

    area: Area
    first: Area
    second: Area
    outside: Flag
    close: Flag
    decorated: Flag
    photos: PhotosIn
    at: Moment

    def command(self) -> commands.Inspect:
        return commands.Inspect(
            area=self.area,
            first=self.first,
            second=self.second,
            seen={
                Point.OUTSIDE: self.outside,
                Point.CLOSE: self.close,
                Point.DECORATED: self.decorated,
            },
            photos={point: getattr(self.photos, point) for point in Point},
            at=self.at,
        )


class RemedyIn(Asked):
    point: Point
    what: Long
    due: Day


class HandoverIn(Asked):
    """The area is the inspected one; a remedy for every point that was missed."""

    inspection: Number
    remedies: Annotated[tuple[RemedyIn, ...], Field(max_length=5)] = ()
    at: Moment


class RemedyDoneIn(Asked):
    inspection: Number
    point: Point
    photos: Photos


class ReplaceIn(Asked):
    project: Short
    developer: Code
    households: Households
    area: Area
    due: Day
    reason: Long


class ExtendIn(Asked):
    due: Day
    reason: Long


class InspectionOut(BaseModel):
    number: int
    area: str
    first: str
    second: str
    findings: tuple[Finding, ...]
    at: datetime


class HandoverOut(BaseModel):
    area: str
    at: datetime
    inspection: int | None
    remedies: tuple[Remedy, ...]


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
    replaces: str | None
    replaced_by: str | None
    inspections: tuple[InspectionOut, ...]
    handovers: tuple[HandoverOut, ...]
    signed_at: datetime
    next_steps: list[str]


def routes(api: APIRouter, desk: AgreementDesk, door: Door) -> None:
    _reading(api, desk, door)
    _changing(api, desk, door)


def _reading(api: APIRouter, desk: AgreementDesk, door: Door) -> None:
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


def _changing(api: APIRouter, desk: AgreementDesk, door: Door) -> None:
    creator, changer = door.writing(versioned=False), door.writing(versioned=True)

    @api.post("/agreements", status_code=201)
    async def sign(
        body: AgreementIn, response: Response, asking: Asking = creator
    ) -> Shown[AgreementOut]:
        command = commands.SignAgreement(**body.model_dump())
        return shown(_out(await desk.sign(command, asking)), response)

    @api.post("/agreements/{id}/inspections")
    async def inspect(
        id: str, body: InspectionIn, response: Response, asking: Asking = changer
    ) -> Shown[AgreementOut]:
        return shown(_out(await desk.inspect(id, body.command(), asking)), response)

    @api.post("/agreements/{id}/remedies")
    async def remedy(
        id: str, body: RemedyDoneIn, response: Response, asking: Asking = changer
    ) -> Shown[AgreementOut]:
        command = commands.RemedyDone(**body.model_dump())
        return shown(_out(await desk.remedy(id, command, asking)), response)

    @api.post("/agreements/{id}/replace")
    async def replace(
        id: str, body: ReplaceIn, response: Response, asking: Asking = changer
    ) -> Shown[AgreementOut]:
        command = commands.ReplaceAgreement(**body.model_dump())
        return shown(_out(await desk.replace(id, command, asking)), response)

    @api.post("/agreements/{id}/handovers")
    async def hand_over(
        id: str, body: HandoverIn, response: Response, asking: Asking = changer
    ) -> Shown[AgreementOut]:
        command = commands.HandOver(
            inspection=body.inspection,
            remedies=tuple(Remedy(**remedy.model_dump()) for remedy in body.remedies),
            at=body.at,
        )
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


def _inspection(one: Inspection) -> InspectionOut:
    return InspectionOut(
        number=one.number,
        area=as_decimal(one.area),
        first=as_decimal(one.first),
        second=as_decimal(one.second),
        findings=one.findings,
        at=one.at,
    )


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
        replaces=kept.replaces,
        replaced_by=kept.replacement.by if kept.replacement else None,
        inspections=tuple(_inspection(one) for one in kept.inspections),
        handovers=tuple(
            HandoverOut(
                area=as_decimal(part.area),
                at=part.at,
                inspection=part.inspection,
                remedies=part.remedies,
            )
            for part in kept.handovers
        ),
        signed_at=kept.signed_at,
        next_steps=kept.next_steps(),
    )
    return Held(held.id, out, held.version, held.correlation)
