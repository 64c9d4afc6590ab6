"""Powers: the samples, what each community has of them, and how they are exercised."""

from typing import Annotated, get_args

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kind import Changed, derived_id
from chassis.lists import NEWEST, Filter, by, moment
from chassis.steps import Collection, nothing
from chassis.words import Flag, Long, Several, Short
from contracts.event import Code, Id
from services.affairs import announce
from services.affairs.access import ACCESS, DISTRICT, LOCAL, OPEN, SECOND, STREETS
from services.affairs.desk import AffairsDesk, names, place_resource
from services.affairs.domain import exercise, power, waiting
from services.affairs.domain.exercise import (
    CaseEvent,
    CaseOpened,
    CaseStatus,
    PowerCase,
    StepTaken,
)
from services.affairs.domain.power import (
    CommunityType,
    Grade,
    Power,
    PowerEvent,
    PowerKind,
    PowerListed,
    Sample,
    SamplePut,
    Stage,
)

from .words import MUST

SAMPLES: Collection[Sample, SamplePut, AffairsDesk, None] = Collection(
    service="affairs",
    name="samples",
    title="权力清单样本",
    path="/power-samples",
    state=Sample,
    events=(SamplePut,),
    evolve=power.evolve_sample,
    resource=lambda _: {},
    access=OPEN,
    keys=lambda one: {"type": one.type, "kind": one.kind, "opened_at": moment(one.put_at)},
    indexes=("opened_at",),
    words=lambda one: one.name,
    sorts={"newest": NEWEST},
    filters={
        "type": Filter(key="type", type=CommunityType),
        "kind": Filter(key="kind", type=PowerKind),
    },
    of=lambda desk: desk.samples,
    knows=nothing,
)


class StageIn(Asked):
    name: Short
    risk: Grade
    deliberated: Flag = False


class SampleIn(Asked):
    type: CommunityType
    kind: PowerKind
    name: Annotated[Short, MUST] = ""
    basis: Annotated[Short, MUST] = ""
    flow: Annotated[tuple[StageIn, ...], Several] = ()
    rules: Annotated[Long, MUST] = ""


@SAMPLES.step(
    "编制权力样本",
    "/power-samples/{id}",
    who=DISTRICT,
    rules="A-20",
    record=None,
    versioned=False,
    method="PUT",
)
async def put(desk: AffairsDesk, at: At[None], body: SampleIn) -> Changed[Sample, SamplePut]:
    flow = tuple(Stage(**one.model_dump()) for one in body.flow)
    given = body.model_dump(exclude={"flow"})
    return await desk.put_sample(at.id, SamplePut(flow=flow, **given, at=at.now), at.cause)


SAMPLE_STEPS = (put,)

POWERS: Collection[Power, PowerEvent, AffairsDesk, None] = Collection(
    service="affairs",
    name="powers",
    title="社区权力清单",
    path="/powers",
    state=Power,
    events=get_args(PowerEvent),
    evolve=power.evolve,
    resource=place_resource,
    access=ACCESS,
    keys=lambda one: {
        **place_resource(one),
        "kind": one.of.kind,
        "listed": one.listed,
        "opened_at": moment(one.listed_at),
    },
    indexes=("street+opened_at", "community+opened_at", "opened_at"),
    words=lambda one: one.of.name,
    names=names,
    sorts={"newest": NEWEST},
    filters={
        **by("street", "community"),
        "kind": Filter(key="kind", type=PowerKind),
        "listed": Filter(key="listed", type=bool),
    },
    of=lambda desk: desk.powers,
    knows=nothing,
)


class PowerIn(Asked):
    community: Code
    sample: Code


@POWERS.step(
    "列入权力清单",
    "/powers",
    who=STREETS,
    rules="A-20",
    record=None,
    versioned=False,
    status=201,
)
async def enlist(desk: AffairsDesk, at: At[None], body: PowerIn) -> Changed[Power, PowerEvent]:
    """From the sample of the community's type."""
    found = await desk.communities.known(body.community, "community")
    street, community = await desk.community(body.community)
    at.demand({"street": street})
    listed = PowerListed(
        street=street,
        community=community,
        sample=body.sample,
        of=await desk.sample(body.sample),
        at=at.now,
    )
    id = derived_id("powers", community, body.sample)
    return await desk.powers.record(
        id, lambda known: [power.enlist(known, listed, found.kind)], at.cause
    )


@POWERS.step("移出权力清单", who=STREETS, rules="A-20", opens=lambda one, _: power.may_strike(one))
def strike(one: Power, at: At[None], body: ReasonIn) -> PowerEvent:
    return power.strike(one, body.reason, at.now)


POWER_STEPS = (enlist, strike)


def case_resource(one: PowerCase) -> dict[str, object]:
    """Its place's, and the departments' that are its second offices."""
    return {**place_resource(one), "units": one.seconds}


CASES: Collection[PowerCase, CaseEvent, AffairsDesk, None] = Collection(
    service="affairs",
    name="cases",
    title="权力运行",
    path="/power-cases",
    state=PowerCase,
    events=get_args(CaseEvent),
    evolve=exercise.evolve,
    announce=announce.of_cases,
    resource=case_resource,
    access=ACCESS,
    keys=lambda one: {
        **case_resource(one),
        "kind": one.kind,
        "status": one.status,
        "matter": one.matter,
        "opened_at": moment(one.opened_at),
    },
    awaits=waiting.of_power_case,
    indexes=("street+opened_at", "community+opened_at", "units[]", "matter", "opened_at"),
    always=("units",),
    words=lambda one: one.about,
    names=names,
    sorts={"newest": NEWEST},
    filters={
        **by("street", "community"),
        "kind": Filter(key="kind", type=PowerKind),
        "state": Filter(key="status", type=CaseStatus),
    },
    of=lambda desk: desk.cases,
    knows=nothing,
)


class CaseIn(Asked):
    """`matter`: a consultation's, where a step waits for its outcome."""

    power: Id
    about: Annotated[Short, MUST] = ""
    matter: Id | None = None


@CASES.step(
    "启动权力运行",
    "/power-cases",
    name="open",
    who=LOCAL,
    rules="A-20 A-21",
    record=None,
    versioned=False,
    status=201,
)
async def begin(desk: AffairsDesk, at: At[None], body: CaseIn) -> Changed[PowerCase, CaseEvent]:
    held = (await desk.powers.named(body.power, at.subject, "power")).aggregate
    at.demand(place_resource(held))
    opened = CaseOpened(
        street=held.street,
        community=held.community,
        power=body.power,
        kind=held.of.kind,
        flow=held.of.flow,
        about=body.about,
        matter=body.matter,
        at=at.now,
    )
    id = at.asking.new_id("cases")
    return await desk.cases.create(id, lambda: [exercise.open_case(opened, held)], at.cause)


class StepIn(Asked):
    """`posts`: of who handled it, never names; `second`: its own `street:…` or a `department:…`."""

    stage: Short
    decision: Annotated[Long, MUST] = ""
    papers: Annotated[Long, MUST] = ""
    posts: Annotated[Short, MUST] = ""
    second: Short | None = None


@CASES.step(
    "办理流程步骤",
    name="step",
    who=LOCAL,
    rules="A-21",
    opens=lambda one, _: exercise.may_step(one),
)
async def step(desk: AffairsDesk, at: At[None], body: StepIn) -> Changed[PowerCase, CaseEvent]:
    """The next of its flow; with the last it is done, but where a second office has to confirm it first.

    That office is one of the registers.
    """
    if body.second is not None:
        await desk.office(body.second, "second")
    taken = StepTaken(**body.model_dump(), at=at.now)
    return await desk.cases.change(at.id, lambda one: exercise.step(one, taken, at.by), at.cause)


class ConfirmIn(Asked):
    opinion: Annotated[Long, MUST] = ""


@CASES.step(
    "确认步骤", who=SECOND, rules="A-21", opens=lambda one, at: exercise.may_answer(one, at.by)
)
def confirm(one: PowerCase, at: At[None], body: ConfirmIn) -> list[CaseEvent]:
    """By the second office itself; the flow goes on, or is done."""
    return exercise.confirm(one, body.opinion, at.by, at.now)


@CASES.step(
    "退回步骤",
    name="return",
    who=SECOND,
    rules="A-21",
    opens=lambda one, at: exercise.may_answer(one, at.by),
)
def give_back(one: PowerCase, at: At[None], body: ReasonIn) -> CaseEvent:
    """The second office doesn't agree: the step is taken again."""
    return exercise.give_back(one, body.reason, at.by, at.now)


@CASES.step("中止", who=LOCAL, rules="A-21", opens=lambda one, _: exercise.may_stop(one))
def stop(one: PowerCase, at: At[None], body: ReasonIn) -> CaseEvent:
    return exercise.stop(one, body.reason, at.now)


CASE_STEPS = (begin, step, confirm, give_back, stop)
