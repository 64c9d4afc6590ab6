"""The register of pilots and model titles."""

from typing import Annotated, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kind import Changed
from chassis.lists import Filter, by
from chassis.steps import Collection, Part, nothing
from chassis.words import Day, Flag, Passage, Short, Whole
from contracts.event import Code
from services.index.access import PUBLIC, SELVES, SOURCES
from services.index.desk import IndexDesk, pilot_resource
from services.index.domain import pilot
from services.index.domain.offices import LEAD
from services.index.domain.pilot import (
    Course,
    Kind,
    PhaseBegun,
    Pilot,
    PilotAccepted,
    PilotDesignated,
    PilotEvent,
    PilotWithdrawn,
    SelfChecked,
)

PILOTS: Collection[Pilot, PilotEvent, IndexDesk, None] = Collection(
    service="index",
    name="pilots",
    title="试点",
    path="/pilots",
    state=Pilot,
    events=get_args(PilotEvent),
    evolve=pilot.evolve,
    resource=pilot_resource,
    access=PUBLIC,
    keys=lambda one: {
        **pilot_resource(one),
        "kind": one.designated.kind,
        "year": one.designated.year,
        "course": one.course,
    },
    indexes=("street", "community", "kind"),
    filters={
        **by("street", "community"),
        "kind": Filter(key="kind", type=Kind),
        "year": Filter(key="year", type=int),
        "state": Filter(key="course", type=Course),
    },
    of=lambda desk: desk.pilots,
    knows=nothing,
)
OFFICE: Part[Pilot] = Part(whose=lambda *_: {"units": (LEAD,)})


class PilotIn(Asked):
    """Of a `community` or a whole `street`. `system`: the version of the system that it is measured by."""

    kind: Kind
    street: Code | None = None
    community: Code | None = None
    year: Annotated[Whole, Field(ge=2000, le=2099)]
    ground: Short
    until: Day | None = None
    system: Code | None = None


@PILOTS.step(
    "列入名册",
    "/pilots",
    who=SOURCES,
    rules="I-23",
    record=None,
    versioned=False,
    claims=True,
    status=201,
)
async def designate(desk: IndexDesk, at: At[None], body: PilotIn) -> Changed[Pilot, PilotEvent]:
    """Within the number of its kind."""
    at.demand({"units": (LEAD,)})
    designated = PilotDesignated(**body.model_dump(), by=at.by, at=at.now)
    return await desk.designate(designated, at.cause)


class PhaseIn(Asked):
    """The next one, and the day it began."""

    on: Day


@PILOTS.step(
    "进入下一阶段",
    "/pilots/{id}/phase",
    who=SOURCES,
    rules="I-23",
    part=OFFICE,
    opens=lambda one, _: one.may_go_on(),
)
def go_on(one: Pilot, at: At[None], body: PhaseIn) -> PhaseBegun:
    return one.go_on(on=body.on, by=at.by, now=at.now)


class CheckIn(Asked):
    evidence: Short


@PILOTS.step(
    "自查", "/pilots/{id}/check", who=SELVES, rules="I-23", opens=lambda one, _: one.may_check()
)
def check(one: Pilot, at: At[None], body: CheckIn) -> SelfChecked:
    """By the community or street itself."""
    return one.check(evidence=body.evidence, by=at.by, now=at.now)


class AcceptIn(Asked):
    passed: Flag
    found: Passage


@PILOTS.step(
    "验收",
    "/pilots/{id}/accept",
    who=SOURCES,
    rules="I-23",
    part=OFFICE,
    opens=lambda one, _: one.may_accept(),
)
def accept(one: Pilot, at: At[None], body: AcceptIn) -> PilotAccepted:
    return one.accept(PilotAccepted(**body.model_dump(), by=at.by, at=at.now))


@PILOTS.step(
    "撤销",
    "/pilots/{id}/withdraw",
    who=SOURCES,
    rules="I-23",
    part=OFFICE,
    opens=lambda one, _: one.may_withdraw(),
)
def withdraw(one: Pilot, at: At[None], body: ReasonIn) -> PilotWithdrawn:
    return one.withdraw(reason=body.reason, by=at.by, now=at.now)


STEPS = (designate, go_on, check, accept, withdraw)
