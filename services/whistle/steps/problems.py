"""Problems: collected, triaged, settled in the community; who reported them, for those who may know."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from chassis.at import At
from chassis.http import Asked
from chassis.kernel.clock import local_date
from chassis.kind import Changed, Held
from chassis.lists import NEWEST, Filter, by, moment
from chassis.numbers import prefix
from chassis.steps import Collection
from chassis.steps_api import Single
from chassis.store import Total
from chassis.words import Day, Long, Passage, Short
from contracts.event import Code
from services.whistle.access import ACCESS, SECRETARIES, SORTING
from services.whistle.desk import WhistleDesk, problem_resource
from services.whistle.desk.registers import street_of
from services.whistle.domain import problem as problems
from services.whistle.domain import waiting
from services.whistle.domain.course import CENTRE
from services.whistle.domain.events import Kind
from services.whistle.domain.problem import (
    Channel,
    Difficulty,
    Handling,
    Problem,
    ProblemCollected,
    ProblemCorrected,
    ProblemEvent,
    ProblemSettled,
    ProblemStatus,
    ProblemTriaged,
    Urgency,
)
from services.whistle.queries import names


@dataclass(frozen=True, slots=True, kw_only=True)
class Whistled:
    """The whistle that is out for it, also one whose news hasn't come yet, and who blew."""

    blower: str | None = None
    out: bool = False


async def whistled(desk: WhistleDesk, problem: Problem | None, at: At[None]) -> Whistled:
    whistle = await desk.out_for(at.id, problem) if problem is not None else None
    return Whistled(blower=whistle.blower, out=True) if whistle else Whistled()


PROBLEMS: Collection[Problem, ProblemEvent, WhistleDesk, Whistled] = Collection(
    service="whistle",
    name="problems",
    title="问题",
    path="/problems",
    state=Problem,
    events=get_args(ProblemEvent),
    evolve=problems.evolve,
    resource=problem_resource,
    access=ACCESS,
    keys=lambda problem: {
        **problem_resource(problem),
        "status": problem.status,
        "category": problem.category,
        "kind": problem.kind,
        "collected_on": local_date(problem.collected_at),
        "opened_at": moment(problem.collected_at),
    },
    awaits=waiting.of_problem,
    indexes=(
        "street+opened_at",
        "community+opened_at",
        "status+opened_at",
        "opened_at",
        "collected_on",
    ),
    totals=(
        Total(fields=(), by="status"),
        Total(fields=("street",), by="status"),
        Total(fields=("community",), by="status"),
    ),
    words=lambda problem: " ".join(filter(None, (problem.title, problem.reference))),
    names=names,
    sorts={"newest": NEWEST},
    filters={
        **by("street", "community", "category"),
        "state": Filter(key="status", type=ProblemStatus),
        "kind": Filter(key="kind", type=Kind),
        "from": Filter(key="collected_on", type=Day, how="from"),
        "to": Filter(key="collected_on", type=Day, how="to"),
    },
    of=lambda desk: desk.problems,
    knows=whistled,
)


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


class Collected(Single[Problem]):
    """`receipt`: for the reporter, who follows the case with it; it is shown here only."""

    receipt: str


async def receipt(desk: WhistleDesk, made: Held[Problem]) -> Mapping[str, str]:
    return {"receipt": await desk.reporters.receipt(made.id)}


@PROBLEMS.step(
    "登记问题",
    "/problems",
    who=SORTING,
    rules="W-01 W-16",
    record=None,
    versioned=False,
    status=201,
    answers=Collected,
    adds=receipt,
)
async def collect(
    desk: WhistleDesk, at: At[Whistled], body: ProblemIn
) -> Changed[Problem, ProblemEvent]:
    """Who reported it and what was asked are sealed apart before there is a problem."""
    community = await desk.communities.known(body.community, "community")
    at.demand({"street": community.street, "community": community.code})
    happened = ProblemCollected(
        **body.model_dump(include={"channel", "category", "title", "place"}),
        street=street_of(community, local_date(at.now)),
        community=community.code,
        by=None if at.by == CENTRE else at.by,
        has_reporter=body.reporter is not None,
        at=at.now,
    )
    sealed = {"asked": body.asked, **(body.reporter.model_dump() if body.reporter else {})}
    numbered = prefix(community.street_name or happened.street, at.now)
    id = at.asking.new_id("problems")
    return await desk.collect(id, happened, sealed, at.cause, numbered=numbered)


class CorrectIn(Asked):
    """All of it as it should be; null: no place is known."""

    category: Code
    title: Short
    place: Short | None
    reason: Long


async def of_the_list(desk: WhistleDesk, at: At[Whistled], body: CorrectIn) -> Whistled:
    _, policy = await desk.policy()
    problems.listed(body.category, policy.categories.keys())
    return at.known


@PROBLEMS.step(
    "更正",
    who=SORTING,
    rules="W-01 W-08 W-17",
    opens=lambda p, at: p.may_correct(at.by, whistled=at.known.out),
    learns=(of_the_list,),
)
def correct(p: Problem, at: At[Whistled], body: CorrectIn) -> ProblemCorrected:
    """What was entered wrong: nothing of what was asked, nor whose community it is."""
    return p.correct(**body.model_dump(), by=at.by, whistled=at.known.out)


class TriageIn(Asked):
    kind: Kind
    urgency: Urgency
    difficulty: Difficulty
    handling: Handling


@PROBLEMS.step("分类", who=SORTING, rules="W-01 W-17", opens=lambda p, at: p.may_triage(at.by))
def triage(p: Problem, at: At[Whistled], body: TriageIn) -> ProblemTriaged:
    return p.triage(by=at.by, as_=ProblemTriaged(**body.model_dump()))


class SettleIn(Asked):
    how: Long


@PROBLEMS.step(
    "社区内办结",
    who=SECRETARIES,
    rules="W-01 W-08 W-17",
    opens=lambda p, at: p.may_settle(whistled=at.known.out),
)
def settle(p: Problem, at: At[Whistled], body: SettleIn) -> ProblemSettled:
    return p.settle(how=body.how, now=at.now, whistled=at.known.out)


class ReadIn(Asked):
    reason: Long


@PROBLEMS.step(
    "查看反映人",
    who=SORTING,
    rules="W-16",
    opens=lambda p, at: p.may_read_reporter(at.by, at.known.blower),
    versioned=False,
    scope="reporter:read",
)
async def reporter(desk: WhistleDesk, at: At[Whistled], body: ReadIn) -> dict[str, str]:
    """The reading is recorded first; who may not read leaves no trace and learns nothing."""
    blower = at.known.blower
    await desk.problems.change(
        at.id,
        lambda p: [p.read_reporter(by=at.by, reason=body.reason, blower=blower)],
        at.cause,
    )
    return await desk.reporters.read(at.id)


@PROBLEMS.step(
    "导出反映人信息",
    who=SORTING,
    rules="W-16",
    opens=lambda p, at: p.may_read_reporter(at.by, at.known.blower),
    versioned=False,
    scope="reporter:read",
)
async def export(desk: WhistleDesk, at: At[Whistled], body: ReadIn) -> dict[str, Any]:
    """All that is held about who reported, for him who asks for it; a reading like any other, on record."""
    await reporter.function(desk, at, body)
    return await desk.held_about(at.id)


STEPS = (collect, correct, triage, settle, reporter, export)
