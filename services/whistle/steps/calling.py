"""Whistles: blown, registered, dispatched, escalated, withdrawn."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.identity import kinds
from chassis.kernel.errors import Malformed, RuleBroken
from chassis.kind import Changed
from chassis.words import Several, Short
from contracts.event import Code
from services.whistle.access import CENTRE, SECRETARIES
from services.whistle.desk import WhistleDesk
from services.whistle.desk.calling import Matter
from services.whistle.desk.known import Known
from services.whistle.domain.blowing import blow as blown
from services.whistle.domain.events import Kind, Level, WhistleBlown, WhistleEvent
from services.whistle.domain.rules import PLAN, RULES
from services.whistle.domain.urging import may_urge
from services.whistle.domain.urging import urge as urged
from services.whistle.domain.whistle import Whistle

from .whistles import WHISTLES, naming

STREET = kinds("street")


OWN_FORCES = Field(
    json_schema_extra={
        "x-own": "forces",
        "x-nobody": "名册中还没有登记本社区的力量，由区里在“单位”中登记；社区不能解决的，请街道吹哨。",
    }
)
"""W-02: of a community those that serve it or its street; what a form offers to it, and nothing else is called."""


OF_PROBLEM = Field(json_schema_extra={"x-follows": "problem"})


class WhistleIn(Asked):
    """From a problem, as that is called, or of the blowing unit's own accord in its own area."""

    level: Level
    kind: Kind
    units: Annotated[tuple[Code, ...], Several, OWN_FORCES]
    lead: Annotated[Code, OWN_FORCES]
    problem: str | None = None
    title: Annotated[Short | None, OF_PROBLEM] = None
    category: Annotated[Code | None, OF_PROBLEM] = None


@WHISTLES.step(
    "吹哨",
    "/whistles",
    who=SECRETARIES,
    rules="W-01 W-02 W-03 W-05 W-08 W-13 W-17",
    record=None,
    versioned=False,
    claims=True,
    status=201,
)
async def blow(desk: WhistleDesk, at: At[Known], body: WhistleIn) -> Changed[Whistle, WhistleEvent]:
    """At community level blowing, registering and dispatching are one step."""
    if body.problem is None:
        matter = await desk.own_matter(body.title, body.category, at.asking)
    else:
        matter = await desk.matter(body.problem, at.asking)
        _of_problem(matter, body)
    at.demand({"street": matter.street, "community": matter.community})
    if at.subject.kind != body.level.value:
        raise RuleBroken(
            RULES["W-02"],
            "社区书记吹社区哨，街道书记吹街道哨。",
            clause=f"{PLAN} 四.4",
            field="level",
        )
    happened = WhistleBlown(
        level=body.level,
        kind=body.kind,
        blower=at.by,
        street=matter.street,
        community=matter.community,
        category=matter.category,
        title=matter.title,
        problem=matter.problem,
        summoned=body.units,
        lead=body.lead,
        spot=matter.spot,
        at=at.now,
    )
    units = await desk.units_by_code(body.units)
    chiefs = await desk.chiefs(happened, at.now)
    return await desk.whistles.create(
        matter.id,
        lambda: blown(happened, units, policy=at.known.edition, work=at.known.work, chiefs=chiefs),
        matter.cause,
        numbered=await desk.numbered(matter.street, at.now),
    )


def _of_problem(matter: Matter, body: WhistleIn) -> None:
    """A whistle for a problem is called as that is: what else was written isn't passed over."""
    for field in ("title", "category"):
        if getattr(body, field) not in (None, "", getattr(matter, field)):
            raise Malformed("为已登记的问题吹哨，标题和类别随该问题，不另写。", field=field)


@WHISTLES.step("立项", who=CENTRE, rules="W-03 W-17")
def register(w: Whistle, at: At[Known]) -> WhistleEvent:
    return w.register(by=at.by)


@WHISTLES.step("驳回", who=CENTRE, rules="W-04 W-17")
def reject(w: Whistle, at: At[Known], body: ReasonIn) -> WhistleEvent:
    return w.reject(by=at.by, reason=body.reason, policy=at.known.edition)


async def chiefs(desk: WhistleDesk, at: At[Known], *_: Any) -> Known:
    """Of the stretch that the whistle is about (W-13)."""
    whistle = (await desk.whistles.get(at.id)).aggregate
    return replace(at.known, chiefs=await desk.chiefs(whistle, at.now))


@WHISTLES.step("派遣", who=CENTRE, rules="W-03 W-13 W-17", learns=(chiefs,))
def dispatch(w: Whistle, at: At[Known]) -> WhistleEvent:
    """To who was named and, for river matters, to the chiefs of that stretch."""
    known = at.known
    return w.dispatch(
        by=at.by, policy=known.edition, now=at.now, work=known.work, chiefs=known.chiefs
    )


@WHISTLES.step(
    "上报街道",
    who=SECRETARIES,
    rules="W-02 W-17",
    opens=lambda w, at: w.may_escalate(at.by, over=at.known.over),
)
def escalate(w: Whistle, at: At[Known], body: ReasonIn) -> Sequence[WhistleEvent]:
    """By the community, or by its street once that has ended."""
    known = at.known
    return w.escalate(by=at.by, reason=body.reason, now=at.now, rungs=known.rungs, over=known.over)


class SolveIn(Asked):
    leader: Short
    office: Code


@WHISTLES.step("街道自行解决", who=STREET, rules="W-02 W-17", learns=(chiefs, naming("office")))
def solve(w: Whistle, at: At[Known], body: SolveIn) -> Sequence[WhistleEvent]:
    known = at.known
    return w.solve(
        by=at.by,
        leader=body.leader,
        office=body.office,
        units=known.units,
        policy=known.edition,
        now=at.now,
        work=known.work,
        chiefs=known.chiefs,
    )


class StreetBlowIn(Asked):
    kind: Kind
    units: Annotated[tuple[Code, ...], Several]
    lead: Code


@WHISTLES.step(
    "街道吹哨",
    "/whistles/{id}/blow",
    who=STREET,
    rules="W-02 W-05 W-17",
    opens=lambda w, at: w.may("blow", at.by),
    learns=(naming("units"),),
)
def blow_at_street(w: Whistle, at: At[Known], body: StreetBlowIn) -> WhistleEvent:
    """What came up from a community; the street is its blower from now on."""
    return w.blow_at_street(
        by=at.by,
        kind=body.kind,
        summoned=body.units,
        lead=body.lead,
        units=at.known.units,
        now=at.now,
    )


@WHISTLES.step("撤回", who=SECRETARIES, rules="W-17")
def withdraw(w: Whistle, at: At[Known], body: ReasonIn) -> WhistleEvent:
    return w.withdraw(by=at.by, reason=body.reason)


@WHISTLES.step(
    "催办",
    who=SECRETARIES,
    rules="W-17 W-18",
    opens=lambda w, at: may_urge(w, at.by, at.now, at.known.work, at.known.policy.urging),
)
def urge(w: Whistle, at: At[Known]) -> WhistleEvent:
    """Asks whom it waits on to hurry; moves no deadline."""
    under = at.known.policy.urging
    return urged(w, by=at.by, now=at.now, work=at.known.work, under=under)


STEPS = (
    blow,
    register,
    reject,
    dispatch,
    escalate,
    solve,
    blow_at_street,
    withdraw,
    urge,
)
