"""Findings of talks and checks: made by the supervision, put right by the street."""

from typing import get_args

from chassis.at import At
from chassis.http import Asked
from chassis.kind import Changed
from chassis.lists import DUE, Filter, by, due
from chassis.steps import Collection, nothing
from chassis.words import Day, Passage, Short
from contracts.event import Code
from services.index.access import ACCESS, LISTERS, STREET
from services.index.desk import IndexDesk, finding_resource
from services.index.domain import finding, waiting
from services.index.domain.finding import Finding, FindingEvent, FindingMade, Occasion, make
from services.index.domain.offices import SUPERVISION

FINDINGS: Collection[Finding, FindingEvent, IndexDesk, None] = Collection(
    service="index",
    name="findings",
    title="督查发现",
    path="/findings",
    state=Finding,
    events=get_args(FindingEvent),
    evolve=finding.evolve,
    next_due=lambda one: one.lapses_at,
    resource=finding_resource,
    access=ACCESS,
    keys=lambda one: {
        **finding_resource(one),
        "occasion": one.made.occasion,
        "missed": one.missed,
        "due": due(one.lapses_at),
    },
    indexes=("street", "units[]", "due"),
    sorts={"due": DUE},
    filters={
        **by("street"),
        "occasion": Filter(key="occasion", type=Occasion),
        "missed": Filter(key="missed", type=bool),
    },
    of=lambda desk: desk.findings,
    awaits=waiting.of_finding,
    knows=nothing,
)


class FindingIn(Asked):
    """`held_on`: the day of the talk or check; `due`: by when it is put right. No person's name."""

    street: Code
    occasion: Occasion
    held_on: Day
    what: Passage
    due: Day


@FINDINGS.step(
    "登记发现", "/findings", who=LISTERS, rules="I-19", record=None, versioned=False, status=201
)
async def find(desk: IndexDesk, at: At[None], body: FindingIn) -> Changed[Finding, FindingEvent]:
    at.demand({"units": (SUPERVISION,)})
    desk.known_street(body.street)
    made = FindingMade(**body.model_dump(), by=at.by, at=at.now)
    id = at.asking.new_id("findings")
    return await desk.findings.create(id, lambda: [make(made)], at.cause)


class PutRightIn(Asked):
    what: Passage
    evidence: Short


@FINDINGS.step(
    "整改完成",
    "/findings/{id}/put-right",
    who=STREET,
    rules="I-19",
    opens=lambda one, _: one.may_put_right(),
)
def put_right(one: Finding, at: At[None], body: PutRightIn) -> tuple[FindingEvent, ...]:
    return one.put(what=body.what, evidence=body.evidence, by=at.by, now=at.now)


STEPS = (find, put_right)
