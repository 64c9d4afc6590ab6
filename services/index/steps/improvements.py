"""What a published edition asks: answered by the point's department, looked at again a year later."""

from typing import get_args

from chassis.at import At
from chassis.http import Asked
from chassis.lists import Filter
from chassis.steps import Collection, Part
from chassis.words import Flag, Passage
from services.index.access import PUBLIC, SOURCES
from services.index.desk import IndexDesk, improvement_resource
from services.index.domain import improvement, waiting
from services.index.domain.improvement import (
    Course,
    Improvement,
    ImprovementAnswered,
    ImprovementEvent,
    ImprovementLookedAt,
)
from services.index.domain.offices import LEAD


async def next_year(desk: IndexDesk, one: Improvement | None, _: At[None]) -> bool:
    """Whether the figures of the year after are being collected."""
    return one is not None and await desk.years.look(str(one.asked.year + 1)) is not None


IMPROVEMENTS: Collection[Improvement, ImprovementEvent, IndexDesk, bool] = Collection(
    service="index",
    name="improvements",
    title="短板整改",
    path="/improvements",
    state=Improvement,
    events=get_args(ImprovementEvent),
    evolve=improvement.evolve,
    resource=improvement_resource,
    access=PUBLIC,
    keys=lambda one: {
        **improvement_resource(one),
        "year": one.asked.year,
        "course": one.course,
    },
    indexes=("units[]", "year"),
    filters={
        "year": Filter(key="year", type=int),
        "unit": Filter(key="units"),
        "state": Filter(key="course", type=Course),
    },
    of=lambda desk: desk.improvements,
    awaits=waiting.of_improvement,
    knows=next_year,
    begins=lambda desk, id: desk.asked(id),
    early=True,
)
OFFICE: Part[Improvement] = Part(whose=lambda *_: {"units": (LEAD,)})


class ImprovementIn(Asked):
    """What the department does about it."""

    what: Passage


@IMPROVEMENTS.step(
    "答复短板",
    "/improvements/{id}/answer",
    who=SOURCES,
    rules="I-24",
    versioned=None,
    opens=lambda one, _: one.may_answer(),
)
def answer(one: Improvement, at: At[bool], body: ImprovementIn) -> ImprovementAnswered:
    return one.answer(what=body.what, by=at.by, now=at.now)


class LookIn(Asked):
    """What became of it, and whether it was done."""

    found: Passage
    done: Flag


@IMPROVEMENTS.step(
    "回看",
    "/improvements/{id}/look",
    who=SOURCES,
    rules="I-24",
    part=OFFICE,
    begins=False,
    opens=lambda one, at: one.may_look(next_year=at.known),
)
def look(one: Improvement, at: At[bool], body: LookIn) -> ImprovementLookedAt:
    looked_at = ImprovementLookedAt(found=body.found, done=body.done, by=at.by, at=at.now)
    return one.look(looked_at, next_year=at.known)


STEPS = (answer, look)
