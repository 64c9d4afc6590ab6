"""The innovation assessment: begun by the street, marked standard by standard, step by step."""

from collections.abc import Callable, Mapping
from typing import Annotated, Literal, get_args

from pydantic import Field, StringConstraints

from chassis.at import At
from chassis.http import Asked
from chassis.kind import Changed
from chassis.lists import Filter, by
from chassis.steps import Collection, Part
from chassis.words import Flag, Short, Whole
from contracts.event import Code
from services.index.access import BODIES_ASSESSED, DEPARTMENT, PUBLIC, STREET
from services.index.desk import IndexDesk, innovation_resource
from services.index.domain import innovation as innovations
from services.index.domain import waiting
from services.index.domain.innovation import (
    AssessmentBegun,
    Body,
    CityDecided,
    Found,
    Innovation,
    InnovationEvent,
    Method,
    Phase,
    Standard,
    StandardMarked,
    Step,
    StepDone,
)
from services.index.domain.offices import LEAD

Standards = Mapping[str, Standard]
OFFICE: Part[Innovation] = Part(whose=lambda *_: {"units": (LEAD,)})


async def standards(desk: IndexDesk, _: Innovation | None, __: At[None]) -> Standards:
    return desk.standards


INNOVATION: Collection[Innovation, InnovationEvent, IndexDesk, Standards] = Collection(
    service="index",
    name="innovation",
    title="创新考评",
    path="/innovation",
    state=Innovation,
    events=get_args(InnovationEvent),
    evolve=innovations.evolve,
    resource=innovation_resource,
    access=PUBLIC,
    keys=lambda one: {
        **innovation_resource(one),
        "body": one.begun.body,
        "phase": one.begun.phase,
        "step": one.step,
    },
    indexes=("street",),
    filters={
        **by("street", "community"),
        "kind": Filter(key="body", type=Body),
        "phase": Filter(key="phase", type=Phase),
        "state": Filter(key="step", type=Step),
    },
    of=lambda desk: desk.innovation,
    awaits=waiting.of_innovation,
    knows=standards,
)


class BeginIn(Asked):
    community: Code
    phase: Phase


@INNOVATION.step(
    "列入试点",
    "/innovation",
    who=STREET,
    rules="I-16",
    record=None,
    versioned=False,
    status=201,
)
async def begin(
    desk: IndexDesk, at: At[Standards], body: BeginIn
) -> Changed[Innovation, InnovationEvent]:
    """Within the street's quota; a community is assessed once."""
    street = (await desk.communities.known(body.community, "community")).street
    at.demand({"street": street})
    begun = AssessmentBegun(
        community=body.community, street=street or "", phase=body.phase, at=at.now
    )
    return await desk.begin_innovation(begun, at.cause)


class BodyIn(Asked):
    """Of a street, a department or a mass organisation: by its `code`, as which it acts."""

    kind: Literal["street", "department", "mass_organisation"]
    code: Code
    phase: Phase


@INNOVATION.step(
    "列入考评",
    "/innovation/bodies",
    who=DEPARTMENT,
    rules="I-16",
    record=None,
    versioned=False,
    status=201,
)
async def begin_body(
    desk: IndexDesk, at: At[Standards], body: BodyIn
) -> Changed[Innovation, InnovationEvent]:
    """By the leading group's office; each is assessed once."""
    at.demand({"units": (LEAD,)})
    street = body.code if body.kind == "street" else None
    if street is not None:
        desk.known_street(street)
    begun = AssessmentBegun(
        street=street,
        unit=None if street else body.code,
        body=Body(body.kind),
        phase=body.phase,
        at=at.now,
    )
    return await desk.begin_innovation(begun, at.cause)


def itself(one: Innovation, _: At[Standards]) -> dict[str, object]:
    """Who marks first: what is assessed."""
    begun = one.begun
    if begun.body is Body.COMMUNITY:
        return {"community": begun.community}
    return {"street": begun.street} if begun.body is Body.STREET else {"units": (begun.unit,)}


ITSELF: Part[Innovation] = Part(whose=itself)


class MarkIn(Asked):
    """`standard`: its indicator's number and its own: `4.1`."""

    standard: Annotated[Short, StringConstraints(max_length=8)]
    found: Found
    method: Method
    evidence: Short


def marked(step: Step) -> Callable[[Innovation, At[Standards], MarkIn], StandardMarked]:
    def mark(one: Innovation, at: At[Standards], body: MarkIn) -> StandardMarked:
        found = StandardMarked(step=step, **body.model_dump(), by=at.by, at=at.now)
        return one.mark(found, at.known)

    return mark


self_mark = INNOVATION.step(
    "自评一项",
    "/innovation/{id}/self/marks",
    who=BODIES_ASSESSED,
    rules="I-16",
    name="self_mark",
    part=ITSELF,
    opens=lambda one, _: one.at_step(Step.SELF),
)(marked(Step.SELF))
street_mark = INNOVATION.step(
    "初评一项",
    "/innovation/{id}/street/marks",
    who=STREET,
    rules="I-16",
    name="street_mark",
    opens=lambda one, _: one.at_step(Step.STREET),
)(marked(Step.STREET))
office_mark = INNOVATION.step(
    "评审一项",
    "/innovation/{id}/office/marks",
    who=DEPARTMENT,
    rules="I-16",
    name="office_mark",
    part=OFFICE,
    opens=lambda one, _: one.at_step(Step.OFFICE),
)(marked(Step.OFFICE))


@INNOVATION.step(
    "提交自评",
    "/innovation/{id}/self/submit",
    who=BODIES_ASSESSED,
    rules="I-16",
    part=ITSELF,
    opens=lambda one, at: one.may_finish(Step.SELF, at.known),
)
def self_submit(one: Innovation, at: At[Standards]) -> StepDone:
    return one.finish(StepDone(step=Step.SELF, by=at.by, at=at.now), at.known)


@INNOVATION.step(
    "提交初评",
    "/innovation/{id}/street/submit",
    who=STREET,
    rules="I-16",
    opens=lambda one, at: one.may_finish(Step.STREET, at.known),
)
def street_submit(one: Innovation, at: At[Standards]) -> StepDone:
    return one.finish(StepDone(step=Step.STREET, by=at.by, at=at.now), at.known)


Number = Annotated[Whole, Field(ge=0, le=10_000)]


class OfficeIn(Asked):
    """How many experts and residents took part, and whether it goes to the city."""

    experts: Number
    residents: Number
    qualifies: Flag


@INNOVATION.step(
    "提交评审",
    "/innovation/{id}/office/submit",
    who=DEPARTMENT,
    rules="I-16",
    part=OFFICE,
    opens=lambda one, at: one.may_finish(Step.OFFICE, at.known),
)
def office_submit(one: Innovation, at: At[Standards], body: OfficeIn) -> StepDone:
    done = StepDone(step=Step.OFFICE, **body.model_dump(), by=at.by, at=at.now)
    return one.finish(done, at.known)


class CityIn(Asked):
    """`paper`: the number of the city's paper."""

    passed: Flag
    paper: Short


@INNOVATION.step(
    "登记市级结论",
    "/innovation/{id}/city",
    who=DEPARTMENT,
    rules="I-16",
    part=OFFICE,
    opens=lambda one, _: one.at_step(Step.CITY),
)
def city(one: Innovation, at: At[Standards], body: CityIn) -> CityDecided:
    return one.decide(CityDecided(**body.model_dump(), by=at.by, at=at.now))


STEPS = (
    begin,
    begin_body,
    self_mark,
    self_submit,
    street_mark,
    street_submit,
    office_mark,
    office_submit,
    city,
)
"""In the order of the procedure."""
