"""The roster of mediators (M-10)."""

from collections.abc import Mapping
from typing import Any, get_args

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kind import Changed
from chassis.lists import NEWEST, Filter, by, moment
from chassis.steps import Collection, nothing
from chassis.words import Day, Short, Whole
from contracts.event import Code
from services.mediation.access import ACCESS, WATCHING
from services.mediation.desk import MediationDesk, mediator_resource, names
from services.mediation.domain import mediator as mediators
from services.mediation.domain import naming
from services.mediation.domain.dispute import STABILITY
from services.mediation.domain.mediator import (
    Grade,
    Mediator,
    MediatorEnlisted,
    MediatorEvent,
    MediatorRead,
)

MEDIATORS: Collection[Mediator, MediatorEvent, MediationDesk, None] = Collection(
    service="mediation",
    name="mediators",
    title="调解员",
    path="/mediators",
    state=Mediator,
    events=get_args(MediatorEvent),
    evolve=mediators.evolve,
    over=lambda known: known.over,
    resource=mediator_resource,
    access=ACCESS,
    keys=lambda known: {
        **mediator_resource(known),
        "grade": known.grade,
        "here": known.left_at is None,
        "opened_at": moment(known.enlisted_at),
    },
    indexes=("street+opened_at", "community+opened_at", "units[]", "opened_at"),
    words=lambda known: known.code,
    names=names,
    sorts={"newest": NEWEST},
    filters={
        **by("street", "community"),
        "grade": Filter(key="grade", type=Grade),
        "here": Filter(key="here", type=bool),
    },
    of=lambda desk: desk.mediators,
    knows=nothing,
    opens=lambda known, *_: known.here(),
)


class MediatorIn(Asked):
    """`code` is what records say; the name is sealed at once. Without a place: of the whole district.

    `since`: where it was on the roster before today, on paper.
    """

    code: Code
    name: Short = ""
    street: Code | None = None
    community: Code | None = None
    grade: Grade = Grade.UNRATED
    since: Day | None = None


def place(street: str | None, community: str | None) -> Mapping[str, Any]:
    return {"street": street, "community": community, "units": () if street else (STABILITY,)}


@MEDIATORS.step(
    "列入名册", "/mediators", who=WATCHING, rules="M-10", record=None, versioned=False, status=201
)
async def enlist(
    desk: MediationDesk, at: At[None], body: MediatorIn
) -> Changed[Mediator, MediatorEvent]:
    """A street its own, who leads the work the district's."""
    street, community = body.street, body.community
    if street is not None or community is not None:
        street, community = await desk.here(street, community, at.now)
    at.demand(place(street, community))
    enlisted = MediatorEnlisted(
        code=body.code,
        street=street,
        community=community,
        grade=body.grade,
        since=body.since,
        at=at.now,
    )
    return await desk.enlist(enlisted, body.name, at.cause)


class GradeIn(Asked):
    grade: Grade
    on: Day


@MEDIATORS.step("评定等级", who=WATCHING, rules="M-10")
def grade(m: Mediator, at: At[None], body: GradeIn) -> MediatorEvent:
    return mediators.grade(m, body.grade, body.on, at.now)


class TrainIn(Asked):
    on: Day
    hours: Whole
    subject: Short


@MEDIATORS.step("登记培训", who=WATCHING, rules="M-10")
def train(m: Mediator, at: At[None], body: TrainIn) -> MediatorEvent:
    return mediators.train(m, body.on, body.hours, body.subject, at.now)


class SinceIn(Asked):
    """Where it was on the roster before it was entered here, on paper."""

    since: Day


@MEDIATORS.step(
    "补登在册起始日期", who=WATCHING, rules="M-10", opens=lambda m, _: mediators.may_date(m)
)
def since(m: Mediator, at: At[None], body: SinceIn) -> MediatorEvent:
    return mediators.date_since(m, body.since)


@MEDIATORS.step("离任", who=WATCHING, rules="M-10")
def leave(m: Mediator, at: At[None], body: ReasonIn) -> MediatorEvent:
    return mediators.leave(m, body.reason, at.now)


@MEDIATORS.step(
    "查看调解员姓名",
    name="person",
    who=WATCHING,
    rules="M-02",
    opens=lambda *_: None,
    versioned=False,
    scope="reporter:read",
)
async def person(desk: MediationDesk, at: At[None], body: ReasonIn) -> dict[str, dict[str, str]]:
    """The reading is recorded first."""
    read = naming.read(at.by, body.reason, at.now)
    noted = MediatorRead(by=read.by, reason=read.reason, at=read.at)
    await desk.mediators.change(at.id, lambda _: [noted], at.cause)
    return await desk.name_of(at.id)


STEPS = (enlist, grade, train, since, leave, person)
