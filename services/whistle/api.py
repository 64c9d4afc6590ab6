"""HTTP in, command out. A route parses, asks and answers; it decides nothing."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Response
from pydantic import StringConstraints

from chassis.asking import Asking
from chassis.http import Asked, Door, Listed, Paged, Shown, listed, shown
from chassis.identity import Subject
from chassis.trail_api import trail_route
from contracts.event import Code

from . import commands
from .desk import WhistleDesk
from .domain.events import Finding, Kind, Level
from .domain.problem import Channel, Difficulty, Handling, Problem, Urgency
from .domain.task import Outcome, Which
from .domain.unit import Unit, UnitKind
from .domain.whistle import Whistle
from .queries import WhistleQueries

Short = Annotated[str, StringConstraints(max_length=80)]
Long = Annotated[str, StringConstraints(max_length=4000)]
Reason = Annotated[str, Body(embed=True, max_length=1000)]


class ReporterIn(Asked):
    """Who reported it, and the full text; sealed apart at once (W-16)."""

    name: Short = ""
    contact: Short = ""
    text: Long = ""


class ProblemIn(Asked):
    channel: Channel
    community: Code
    category: Code
    title: Short
    asked: Long
    place: Short | None = None
    reporter: ReporterIn | None = None


class TriageIn(Asked):
    urgency: Urgency
    difficulty: Difficulty
    handling: Handling


class WhistleIn(Asked):
    level: Level
    kind: Kind
    units: tuple[Code, ...]
    lead: Code
    problem: str | None = None
    title: Short | None = None
    category: Code | None = None


class SolveIn(Asked):
    leader: Short
    office: Code


class ResultIn(Asked):
    outcome: Outcome
    summary: Long


class ExtendIn(Asked):
    """A unit asks with days and reason; the dispatching authority grants by naming the deadline."""

    which: Which = Which.HANDLING
    days: Annotated[int, Query(ge=1, le=60)] | None = None
    reason: Long | None = None


class WordIn(Asked):
    done: bool
    said: Long = ""


class ReturnIn(Asked):
    units: tuple[Code, ...]
    reason: Long


class MarkIn(Asked):
    points: int
    findings: tuple[Finding, ...] = ()


class UnitIn(Asked):
    name: Short
    kind: UnitKind
    serves: tuple[Code, ...] = ()
    valid_from: date
    valid_to: date | None = None


def router(desk: WhistleDesk, queries: WhistleQueries, door: Door) -> APIRouter:
    api = APIRouter(tags=["whistle"])
    _problems(api, desk, queries, door)
    _calling(api, desk, queries, door)
    _units_at_work(api, desk, door)
    _judging(api, desk, door)
    _register(api, desk, queries, door)
    return api


def _problems(api: APIRouter, desk: WhistleDesk, queries: WhistleQueries, door: Door) -> None:
    reading, creator, changer = (
        door.reading(),
        door.writing(versioned=False),
        door.writing(versioned=True),
    )

    @api.post("/problems", status_code=201)
    async def collect(
        body: ProblemIn, response: Response, asking: Asking = creator
    ) -> Shown[Problem]:
        fields = body.model_dump(exclude={"reporter"})
        reporter = body.reporter.model_dump() if body.reporter else None
        command = commands.CollectProblem(**fields, reporter=reporter)
        return shown(await desk.collect(command, asking), response)

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


def _calling(api: APIRouter, desk: WhistleDesk, queries: WhistleQueries, door: Door) -> None:
    reading, creator, changer = (
        door.reading(),
        door.writing(versioned=False),
        door.writing(versioned=True),
    )

    @api.post("/whistles", status_code=201)
    async def blow(body: WhistleIn, response: Response, asking: Asking = creator) -> Shown[Whistle]:
        return shown(await desk.blow(commands.Blow(**body.model_dump()), asking), response)

    @api.get("/whistles")
    async def whistles(
        page: Paged,
        reader: Subject = reading,
        status: str | None = None,
        street: Code | None = None,
        unit: Code | None = None,
        kind: Kind | None = None,
        overdue: bool | None = None,
    ) -> Listed[Whistle]:
        wanted = {
            "status": status,
            "street": street,
            "units": unit,
            "kind": kind.value if kind else None,
            "overdue": overdue,
        }
        return listed(await desk.whistles.list(reader, wanted, page.after, page.limit), page)

    @api.get("/whistles/{id}")
    async def whistle(id: str, response: Response, reader: Subject = reading) -> Shown[Whistle]:
        return shown(await desk.whistles.show(id, reader), response)

    @api.post("/whistles/{id}/register")
    async def register(id: str, response: Response, asking: Asking = changer) -> Shown[Whistle]:
        return shown(await desk.register(id, asking), response)

    @api.post("/whistles/{id}/reject")
    async def reject(
        id: str, reason: Reason, response: Response, asking: Asking = changer
    ) -> Shown[Whistle]:
        return shown(await desk.reject(id, reason, asking), response)

    @api.post("/whistles/{id}/dispatch")
    async def dispatch(id: str, response: Response, asking: Asking = changer) -> Shown[Whistle]:
        return shown(await desk.dispatch(id, asking), response)

    @api.post("/whistles/{id}/escalate")
    async def escalate(
        id: str, reason: Reason, response: Response, asking: Asking = changer
    ) -> Shown[Whistle]:
        return shown(await desk.escalate(id, reason, asking), response)

    @api.post("/whistles/{id}/solve")
    async def solve(
        id: str, body: SolveIn, response: Response, asking: Asking = changer
    ) -> Shown[Whistle]:
        return shown(await desk.solve(id, body.leader, body.office, asking), response)

    @api.post("/whistles/{id}/withdraw")
    async def withdraw(
        id: str, reason: Reason, response: Response, asking: Asking = changer
    ) -> Shown[Whistle]:
        return shown(await desk.withdraw(id, reason, asking), response)

    trail_route(api, "/whistles", desk.whistles, door)


def _units_at_work(api: APIRouter, desk: WhistleDesk, door: Door) -> None:
    """Of itself a unit reports without having to know the version: others act side by side."""
    reporting = door.writing(versioned=None)
    base = "/whistles/{id}/units/{unit}"

    @api.post(base + "/arrive")
    async def arrive(
        id: str, unit: Code, response: Response, asking: Asking = reporting
    ) -> Shown[Whistle]:
        return shown(await desk.arrive(id, unit, asking), response)

    @api.post(base + "/result")
    async def result(
        id: str, unit: Code, body: ResultIn, response: Response, asking: Asking = reporting
    ) -> Shown[Whistle]:
        command = commands.FileResult(**body.model_dump())
        return shown(await desk.file_result(id, unit, command, asking), response)

    @api.post(base + "/extend")
    async def extend(
        id: str, unit: Code, body: ExtendIn, response: Response, asking: Asking = reporting
    ) -> Shown[Whistle]:
        if body.days is None:
            granted = await desk.grant_extension(id, unit, body.which, asking)
            return shown(granted, response)
        command = commands.AskExtension(which=body.which, days=body.days, reason=body.reason or "")
        return shown(await desk.ask_extension(id, unit, command, asking), response)

    @api.post(base + "/pause")
    async def pause(
        id: str, unit: Code, reason: Reason, response: Response, asking: Asking = reporting
    ) -> Shown[Whistle]:
        return shown(await desk.pause(id, unit, reason, asking), response)

    @api.post(base + "/resume")
    async def resume(
        id: str, unit: Code, response: Response, asking: Asking = reporting
    ) -> Shown[Whistle]:
        return shown(await desk.resume(id, unit, asking), response)


def _judging(api: APIRouter, desk: WhistleDesk, door: Door) -> None:
    changer = door.writing(versioned=True)

    @api.post("/whistles/{id}/confirm")
    async def confirm(
        id: str, body: WordIn, response: Response, asking: Asking = changer
    ) -> Shown[Whistle]:
        return shown(await desk.confirm(id, body.done, body.said, asking), response)

    @api.post("/whistles/{id}/verify")
    async def verify(id: str, response: Response, asking: Asking = changer) -> Shown[Whistle]:
        return shown(await desk.verify(id, asking), response)

    @api.post("/whistles/{id}/return")
    async def send_back(
        id: str, body: ReturnIn, response: Response, asking: Asking = changer
    ) -> Shown[Whistle]:
        return shown(await desk.send_back(id, body.units, body.reason, asking), response)

    @api.post("/whistles/{id}/marks")
    async def marks(
        id: str, body: MarkIn, response: Response, asking: Asking = changer
    ) -> Shown[Whistle]:
        command = commands.GiveMark(**body.model_dump())
        return shown(await desk.mark(id, command, asking), response)

    @api.post("/whistles/{id}/evaluate")
    async def evaluate(id: str, response: Response, asking: Asking = changer) -> Shown[Whistle]:
        return shown(await desk.evaluate(id, asking), response)

    @api.post("/whistles/{id}/answer")
    async def answer(
        id: str,
        answer: Annotated[str, Body(embed=True, max_length=4000)],
        response: Response,
        asking: Asking = changer,
    ) -> Shown[Whistle]:
        return shown(await desk.answer(id, answer, asking), response)

    @api.post("/whistles/{id}/reopen")
    async def reopen(
        id: str, reason: Reason, response: Response, asking: Asking = changer
    ) -> Shown[Whistle]:
        return shown(await desk.reopen(id, reason, asking), response)


def _register(api: APIRouter, desk: WhistleDesk, queries: WhistleQueries, door: Door) -> None:
    reading, lister = door.reading(), door.writing(versioned=None)

    @api.get("/units")
    async def units(page: Paged, reader: Subject = reading) -> Listed[Unit]:
        return listed(await queries.list_units(page.after, page.limit), page)

    @api.put("/units/{code}")
    async def list_unit(
        code: Code, body: UnitIn, response: Response, asking: Asking = lister
    ) -> Shown[Unit]:
        command = commands.ListUnit(**body.model_dump())
        return shown(await desk.list_unit(code, command, asking), response)

    @api.get("/standings/{blower}")
    async def standing(blower: str, year: int, reader: Subject = reading) -> dict[str, Any]:
        return await queries.standing(blower, year, reader)
