"""The departments' year: what is left out, the result, the appeal (W-10, W-11)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked
from chassis.steps import Collection, Part
from chassis.words import Flag, Passage
from contracts.event import Id
from services.whistle import announce
from services.whistle.access import ACCESS, CENTRE, DEPARTMENT, DISTRICT
from services.whistle.desk import WhistleDesk, year_resource
from services.whistle.desk.known import Known
from services.whistle.desk.yearly import parsed
from services.whistle.domain import yearly
from services.whistle.domain.course import Status
from services.whistle.domain.yearly import Year, YearEvent
from services.whistle.queries import names


@dataclass(frozen=True, slots=True, kw_only=True)
class YearKnown(Known):
    """`counted`: whether any whistle counts, `reopened`: whether any that did is handled again; `scores`: of
    those that do, where they are asked for."""

    counted: bool = False
    reopened: bool = False
    scores: tuple[int, ...] = ()


async def known(desk: WhistleDesk, year: Year | None, _: At[None]) -> YearKnown:
    number, policy = await desk.policy()
    rungs = await desk.rungs()
    made = YearKnown(number=number, policy=policy, work=desk.work, rungs=rungs)
    if year is None:
        return made
    return replace(made, counted=await desk.counts(year), reopened=await desk.reopened(year))


def keys(year: Year) -> Mapping[str, Any]:
    waiting = year.waiting
    return {
        **year_resource(year),
        "year": year.year,
        "calendar": waiting.calendar if waiting else None,
    }


YEARS: Collection[Year, YearEvent, WhistleDesk, YearKnown] = Collection(
    service="whistle",
    name="assessments",
    title="年度考核",
    path="/assessments",
    state=Year,
    events=get_args(YearEvent),
    evolve=yearly.evolve,
    announce=announce.of_years,
    next_due=lambda year: year.wakes_at(),
    resource=year_resource,
    access=ACCESS,
    keys=keys,
    indexes=("units[]", "calendar"),
    names=names,
    read=frozenset({"trail"}),
    of=lambda desk: desk.years,
    knows=known,
    begins=lambda desk, id: desk.begun(id),
)


class ExclusionIn(Asked):
    whistle: Annotated[Id, Field(json_schema_extra={"x-among": {"state": [Status.ANSWERED]}})]
    reason: Passage


async def counted(desk: WhistleDesk, at: At[YearKnown], body: ExclusionIn) -> YearKnown:
    await desk.answered(body.whistle, *parsed(at.id))
    return at.known


@YEARS.step(
    "申请剔除",
    "/assessments/{id}/exclusions",
    who=CENTRE,
    rules="W-10",
    learns=(counted,),
    versioned=None,
)
def exclude(y: Year, at: At[YearKnown], body: ExclusionIn) -> YearEvent:
    return y.ask_exclusion(whistle=body.whistle, reason=body.reason, by=at.by)


def asked(year: Year) -> Iterable[Mapping[str, str]]:
    return ({"whistle": one.whistle} for one in year.exclusions if not one.approved_by)


@YEARS.step(
    "批准剔除",
    "/assessments/{id}/exclusions/{whistle}/approve",
    who=DISTRICT,
    rules="W-10",
    opens=lambda y, at: y.may_approve(at["whistle"], at.by),
    part=Part(places=asked),
    versioned=None,
    types={"whistle": str},
)
def approve(y: Year, at: At[YearKnown]) -> YearEvent:
    return y.approve_exclusion(whistle=at["whistle"], by=at.by)


async def scores(desk: WhistleDesk, at: At[YearKnown]) -> YearKnown:
    return replace(at.known, scores=await desk.scores(at.id))


@YEARS.step(
    "公布结果",
    who=DISTRICT,
    rules="W-10 W-11",
    opens=lambda y, at: y.may_assess(
        counted=at.known.counted, reopened=at.known.reopened, now=at.now
    ),
    learns=(scores,),
    versioned=None,
)
def publish(y: Year, at: At[YearKnown]) -> YearEvent:
    known = at.known
    return y.assess(scores=known.scores, policy=known.edition, now=at.now, reopened=known.reopened)


class AppealIn(Asked):
    grounds: Passage


@YEARS.step(
    "申诉",
    who=DEPARTMENT,
    rules="W-10",
    opens=lambda y, at: y.may_appeal(at.by, at.known.policy.assessment.appeal_days, at.now),
    versioned=None,
)
def appeal(y: Year, at: At[YearKnown], body: AppealIn) -> YearEvent:
    known = at.known
    return y.appeal(
        grounds=body.grounds, by=at.by, policy=known.policy, now=at.now, work=known.work
    )


class VerdictIn(Asked):
    upheld: Flag
    reason: Passage


@YEARS.step(
    "裁决申诉",
    "/assessments/{id}/appeal/decide",
    who=DISTRICT,
    rules="W-10",
    opens=lambda y, _: y.may_decide_appeal(),
    versioned=None,
)
def decide_appeal(y: Year, at: At[YearKnown], body: VerdictIn) -> Iterable[YearEvent]:
    return y.decide_appeal(upheld=body.upheld, reason=body.reason, by=at.by, now=at.now)


STEPS = (exclude, approve, publish, appeal, decide_appeal)
