"""HTTP in, command out. A route parses, asks and answers; it decides nothing."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from chassis.asking import Asking
from chassis.http import Asked, Door, Listed, Paged, Shown, listed, shown
from chassis.identity import Subject
from chassis.trail_api import trail_route
from chassis.words import Flag, Passage, Short, Whole
from contracts.event import Code

from . import commands
from .desk import ConsultationDesk
from .domain.committee import Committee, Level, Member, SeatKind
from .domain.events import Conclusion, Disagreement, Ground, Outcome, Target
from .domain.matter import Matter, Status


class MemberIn(Asked):
    """A seat; never who sits on it."""

    seat: Code
    kind: SeatKind
    non_party: Flag


class CommitteeIn(Asked):
    level: Level
    street: Code | None = None
    community: Code | None = None
    name: Short
    members: tuple[MemberIn, ...]


class MatterIn(Asked):
    """The title travels with a referral: like everything publicised, it names no person."""

    committee: str
    title: Short
    category: Code
    subject: Passage
    community: Code | None = None


class RefuseIn(Asked):
    ground: Ground | None = None


class DisagreementIn(Asked):
    seat: Code
    reason: Passage


class OutcomeIn(Asked):
    outcome: Outcome
    present: Whole
    target: Target | None = None
    unit: Code | None = None
    explanation: Passage | None = None
    guidance: Passage | None = None
    disagreement: tuple[DisagreementIn, ...] = ()


def router(desk: ConsultationDesk, door: Door) -> APIRouter:
    api = APIRouter(tags=["consultation"])
    _committees(api, desk, door)
    _matters(api, desk, door)
    _steps(api, desk, door)
    return api


def _committees(api: APIRouter, desk: ConsultationDesk, door: Door) -> None:
    reading, creator = door.reading(), door.writing(versioned=False)

    @api.post("/committees", status_code=201)
    async def seat(
        body: CommitteeIn, response: Response, asking: Asking = creator
    ) -> Shown[Committee]:
        fields = body.model_dump(exclude={"members"})
        members = tuple(Member(**member.model_dump()) for member in body.members)
        command = commands.SeatCommittee(**fields, members=members)
        return shown(await desk.seat(command, asking), response)

    @api.get("/committees")
    async def committees(
        page: Paged,
        reader: Subject = reading,
        street: Code | None = None,
        community: Code | None = None,
        level: Level | None = None,
    ) -> Listed[Committee]:
        wanted = {"street": street, "community": community, "level": level.value if level else None}
        return listed(await desk.committees.list(reader, wanted, page.after, page.limit), page)

    @api.get("/committees/{id}")
    async def committee(id: str, response: Response, reader: Subject = reading) -> Shown[Committee]:
        return shown(await desk.committees.show(id, reader), response)

    trail_route(api, "/committees", desk.committees, door)


def _matters(api: APIRouter, desk: ConsultationDesk, door: Door) -> None:
    reading, creator = door.reading(), door.writing(versioned=False)

    @api.post("/matters", status_code=201)
    async def propose(
        body: MatterIn, response: Response, asking: Asking = creator
    ) -> Shown[Matter]:
        command = commands.ProposeMatter(**body.model_dump())
        return shown(await desk.propose(command, asking), response)

    @api.get("/matters")
    async def matters(
        page: Paged,
        reader: Subject = reading,
        street: Code | None = None,
        community: Code | None = None,
        committee: str | None = None,
        status: Status | None = None,
        unit: Code | None = None,
    ) -> Listed[Matter]:
        wanted = {
            "street": street,
            "community": community,
            "committee": committee,
            "status": status.value if status else None,
            "units": unit,
        }
        return listed(await desk.matters.list(reader, wanted, page.after, page.limit), page)

    @api.get("/matters/{id}")
    async def matter(id: str, response: Response, reader: Subject = reading) -> Shown[Matter]:
        return shown(await desk.matters.show(id, reader), response)

    trail_route(api, "/matters", desk.matters, door)


def _steps(api: APIRouter, desk: ConsultationDesk, door: Door) -> None:
    changer = door.writing(versioned=True)

    @api.post("/matters/{id}/accept")
    async def accept(id: str, response: Response, asking: Asking = changer) -> Shown[Matter]:
        return shown(await desk.accept(id, asking), response)

    @api.post("/matters/{id}/refuse")
    async def refuse(
        id: str, body: RefuseIn, response: Response, asking: Asking = changer
    ) -> Shown[Matter]:
        return shown(await desk.refuse(id, body.ground, asking), response)

    @api.post("/matters/{id}/research")
    async def research(
        id: str,
        findings: Annotated[Passage, Body(embed=True)],
        response: Response,
        asking: Asking = changer,
    ) -> Shown[Matter]:
        return shown(await desk.research(id, findings, asking), response)

    @api.post("/matters/{id}/outcome")
    async def outcome(
        id: str, body: OutcomeIn, response: Response, asking: Asking = changer
    ) -> Shown[Matter]:
        fields = body.model_dump(exclude={"disagreement"})
        disagreement = tuple(Disagreement(**held.model_dump()) for held in body.disagreement)
        conclusion = Conclusion(**fields, disagreement=disagreement)
        return shown(await desk.conclude(id, conclusion, asking), response)
