"""Work that is in a community without approval."""

from dataclasses import dataclass
from typing import Annotated, get_args

from chassis.at import At
from chassis.http import Asked
from chassis.kernel.clock import local_date
from chassis.kind import Changed
from chassis.lists import NEWEST, Filter, by, moment
from chassis.steps import Collection
from chassis.words import Day, Flag, Long, Short
from contracts.event import Code
from services.affairs import announce
from services.affairs.access import ACCESS, COMMUNITY, STREETS
from services.affairs.desk import AffairsDesk, admission_resource, names
from services.affairs.domain import intrusion, waiting
from services.affairs.domain.intrusion import (
    Finding,
    Intrusion,
    IntrusionEvent,
    IntrusionReported,
)

from .words import MUST


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """When it was reported: whether this work of this unit stood admitted there, and the list of items."""

    admitted: bool = False
    listed: frozenset[str] = frozenset()


async def known(desk: AffairsDesk, one: Intrusion | None, _: At[None]) -> Known:
    if one is None:
        return Known()
    return Known(
        admitted=await desk.admitted(one),
        listed=await desk.listed_items(local_date(one.reported_at)),
    )


INTRUSIONS: Collection[Intrusion, IntrusionEvent, AffairsDesk, Known] = Collection(
    service="affairs",
    name="intrusions",
    title="未经准入的工作",
    path="/intrusions",
    state=Intrusion,
    events=get_args(IntrusionEvent),
    evolve=intrusion.evolve,
    announce=announce.of_intrusions,
    resource=admission_resource,
    access=ACCESS,
    keys=lambda one: {
        **admission_resource(one),
        "unit": one.unit,
        "status": one.status,
        "opened_at": moment(one.reported_at),
    },
    awaits=waiting.of_intrusion,
    indexes=("street+opened_at", "community+opened_at", "units[]", "opened_at"),
    words=lambda one: one.item,
    names=names,
    sorts={"newest": NEWEST},
    filters={
        **by("street", "community", "unit"),
        "state": Filter(key="status", type=Finding),
    },
    of=lambda desk: desk.intrusions,
    knows=known,
)


class IntrusionIn(Asked):
    community: Code
    unit: Code
    item: Annotated[Short, MUST] = ""
    what: Annotated[Long, MUST] = ""


@INTRUSIONS.step(
    "报告未经准入的工作",
    "/intrusions",
    who=COMMUNITY,
    rules="A-08",
    record=None,
    versioned=False,
    claims=True,
    status=201,
)
async def report(
    desk: AffairsDesk, at: At[Known], body: IntrusionIn
) -> Changed[Intrusion, IntrusionEvent]:
    street, community = await desk.community(body.community)
    at.demand({"community": community})
    await desk.units.known(body.unit, "unit")
    given = body.model_dump(exclude={"community"})
    reported = IntrusionReported(street=street, community=community, **given, at=at.now)
    id = await desk.intrusions.turn(
        {"community": community, "unit": body.unit},
        at.cause,
        over=lambda held: not intrusion.same(held.aggregate, reported),
    )
    return await desk.intrusions.record(
        id, lambda known: [intrusion.report(known, reported)], at.cause
    )


class VerifyIn(Asked):
    found: Flag
    opinion: Annotated[Long, MUST] = ""


@INTRUSIONS.step(
    "街道核实", who=STREETS, rules="A-01 A-08", opens=lambda one, _: intrusion.may_verify(one)
)
def verify(one: Intrusion, at: At[Known], body: VerifyIn) -> IntrusionEvent:
    """What was found is told once, and has to leave at once."""
    return intrusion.verify(
        one,
        found=body.found,
        opinion=body.opinion,
        admitted=at.known.admitted,
        listed=at.known.listed,
        now=at.now,
    )


class WithdrawnIn(Asked):
    on: Day


@INTRUSIONS.step(
    "登记退出", who=STREETS, rules="A-08", opens=lambda one, _: intrusion.may_withdraw(one)
)
def withdraw(one: Intrusion, at: At[Known], body: WithdrawnIn) -> IntrusionEvent:
    return intrusion.withdraw(one, body.on, at.now)


STEPS = (report, verify, withdraw)
