"""Problems: collected, triaged, settled; who reported them and what was asked, for those who may know."""

from fastapi import APIRouter, Response

from chassis.asking import Asking
from chassis.http import Asked, Door, Listed, Paged, Shown, listed, shown
from chassis.identity import Subject
from chassis.trail_api import trail_route
from chassis.words import Passage, Reason, Short
from contracts.event import Code
from services.whistle import commands
from services.whistle.desk import WhistleDesk
from services.whistle.domain.events import Kind
from services.whistle.domain.problem import Channel, Difficulty, Handling, Problem, Urgency


class ReporterIn(Asked):
    """Who reported it, and the full text; sealed apart at once (W-16)."""

    name: Short = ""
    contact: Short = ""
    text: Passage = ""


class ProblemIn(Asked):
    channel: Channel
    community: Code
    category: Code
    title: Short
    asked: Passage
    place: Short | None = None
    reporter: ReporterIn | None = None


class Collected(Shown[Problem]):
    """`receipt`: for the reporter, who follows the case with it; it is shown here only."""

    receipt: str


class TriageIn(Asked):
    kind: Kind
    urgency: Urgency
    difficulty: Difficulty
    handling: Handling


def router(desk: WhistleDesk, door: Door) -> APIRouter:
    api = APIRouter(tags=["whistle"])
    reading, creator, changer = (
        door.reading(),
        door.writing(versioned=False),
        door.writing(versioned=True),
    )

    @api.post("/problems", status_code=201)
    async def collect(body: ProblemIn, response: Response, asking: Asking = creator) -> Collected:
        fields = body.model_dump(exclude={"reporter"})
        reporter = body.reporter.model_dump() if body.reporter else None
        command = commands.CollectProblem(**fields, reporter=reporter)
        held = shown(await desk.collect(command, asking), response)
        receipt = desk.reporters.receipt(held.id)
        return Collected(**dict(held), receipt=receipt)

    @api.get("/problems")
    async def problems(
        page: Paged,
        reader: Subject = reading,
        street: Code | None = None,
        community: Code | None = None,
        status: str | None = None,
    ) -> Listed[Problem]:
        wanted = {"street": street, "community": community, "status": status}
        return listed(await desk.problems.list(reader, wanted, page.after, page.limit), page)

    @api.get("/problems/{id}")
    async def problem(id: str, response: Response, reader: Subject = reading) -> Shown[Problem]:
        return shown(await desk.problems.show(id, reader), response)

    @api.get("/problems/{id}/asked")
    async def asked(id: str, reader: Subject = reading) -> dict[str, str]:
        return {"asked": await desk.asked_of_problem(id, reader)}

    @api.post("/problems/{id}/triage")
    async def triage(
        id: str, body: TriageIn, response: Response, asking: Asking = changer
    ) -> Shown[Problem]:
        command = commands.Triage(**body.model_dump())
        return shown(await desk.triage(id, command, asking), response)

    @api.post("/problems/{id}/settle")
    async def settle(
        id: str, how: Reason, response: Response, asking: Asking = changer
    ) -> Shown[Problem]:
        return shown(await desk.settle(id, how, asking), response)

    confidant = door.writing(versioned=False, scope="reporter:read")

    @api.post("/problems/{id}/reporter")
    async def reporter(id: str, reason: Reason, asking: Asking = confidant) -> dict[str, str]:
        return await desk.read_reporter(id, reason, asking)

    trail_route(api, "/problems", desk.problems, door)
    return api
