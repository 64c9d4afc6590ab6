"""Incubation, on three tiers."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kind import Changed
from chassis.lists import NEWEST, Filter, by, moment
from chassis.steps import Collection
from chassis.words import Day, Flag, Long, Short, Whole
from contracts.event import Code, Id
from services.organisations.access import ACCESS, CIVIL_AFFAIRS, COMMUNITY, STREETS
from services.organisations.desk import OrganisationsDesk, incubation_resource, names
from services.organisations.domain import incubation as incubations
from services.organisations.domain.incubation import (
    Incubation,
    IncubationEntered,
    IncubationEvent,
    IncubationStatus,
    Tier,
    Used,
)

KEEPERS = CIVIL_AFFAIRS | STREETS | COMMUNITY
"""The base is civil affairs', a centre its street's, a station its community's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Since when what it became is registered, or filed, and whether another incubation became it."""

    since: date | None = None
    taken: bool = False


async def known(_: OrganisationsDesk, __: Incubation | None, ___: At[None]) -> Known:
    return Known()


INCUBATIONS: Collection[Incubation, IncubationEvent, OrganisationsDesk, Known] = Collection(
    service="organisations",
    name="incubations",
    title="孵化培育",
    path="/incubations",
    state=Incubation,
    events=get_args(IncubationEvent),
    evolve=incubations.evolve,
    resource=incubation_resource,
    access=ACCESS,
    keys=lambda one: {
        **incubation_resource(one),
        "tier": one.tier,
        "status": one.status,
        "opened_at": moment(one.entered_at),
    },
    indexes=("street+opened_at", "community", "units[]", "opened_at"),
    words=lambda one: one.called,
    names=names,
    sorts={"newest": NEWEST},
    filters={
        **by("street", "community"),
        "tier": Filter(key="tier", type=Tier),
        "state": Filter(key="status", type=IncubationStatus),
    },
    of=lambda desk: desk.incubations,
    knows=known,
)


class IncubationIn(Asked):
    """A centre names its street, a station its community, the base neither."""

    tier: Tier
    street: Code | None = None
    community: Code | None = None
    called: Short
    plan: Long


@INCUBATIONS.step(
    "入驻孵化",
    "/incubations",
    who=KEEPERS,
    rules="O-14",
    record=None,
    versioned=False,
    status=201,
)
async def enter(
    desk: OrganisationsDesk, at: At[Known], body: IncubationIn
) -> Changed[Incubation, IncubationEvent]:
    street, community = await desk.incubated_at(body.tier, body.street, body.community, at.now)
    id = at.asking.new_id("incubations")
    entered = IncubationEntered(
        id=id,
        tier=body.tier,
        street=street,
        community=community,
        called=body.called,
        plan=body.plan,
        at=at.now,
    )
    at.demand(incubation_resource(incubations.evolve(None, entered)))
    return await desk.incubations.create(id, lambda: [incubations.enter(entered)], at.cause)


class UseIn(Asked):
    what: Used
    on: Day
    note: Long = ""
    charged: Flag = False


@INCUBATIONS.step(
    "记录免费服务",
    name="use",
    who=KEEPERS,
    rules="O-14",
    opens=lambda one, _: incubations.must_be_inside(one),
)
def use(one: Incubation, at: At[Known], body: UseIn) -> IncubationEvent:
    return incubations.use(one, **body.model_dump(), now=at.now)


class ProgressIn(Asked):
    mark: Annotated[Whole, Field(ge=1, le=5)]
    text: Long


@INCUBATIONS.step(
    "评估进展",
    name="assess",
    who=KEEPERS,
    rules="O-14",
    opens=lambda one, _: incubations.must_be_inside(one),
)
def assess(one: Incubation, at: At[Known], body: ProgressIn) -> IncubationEvent:
    return incubations.assess(one, mark=body.mark, text=body.text, now=at.now)


class GraduationIn(Asked):
    organisation: Code | None = None
    group: Id | None = None


async def became(desk: OrganisationsDesk, at: At[Known], body: GraduationIn) -> Known:
    since = await desk.there_since(body.organisation, body.group)
    return replace(at.known, since=since, taken=await desk.is_taken(body.organisation, body.group))


@INCUBATIONS.step(
    "出壳",
    name="graduate",
    who=KEEPERS,
    rules="O-14",
    opens=lambda one, _: incubations.may_graduate(one),
    learns=(became,),
)
def graduate(one: Incubation, at: At[Known], body: GraduationIn) -> IncubationEvent:
    known = at.known
    return incubations.graduate(
        one, **body.model_dump(), since=known.since, taken=known.taken, now=at.now
    )


@INCUBATIONS.step(
    "终止孵化",
    name="stop",
    who=KEEPERS,
    rules="O-14",
    opens=lambda one, _: incubations.must_be_inside(one),
)
def stop(one: Incubation, at: At[Known], body: ReasonIn) -> IncubationEvent:
    return incubations.stop(one, reason=body.reason, now=at.now)


STEPS = (enter, use, assess, graduate, stop)
