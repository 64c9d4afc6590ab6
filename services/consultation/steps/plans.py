"""A committee's plan of a year."""

from typing import Annotated

from pydantic import Field

from chassis.at import At
from chassis.http import Asked
from chassis.words import Day, Several, Short, Whole
from contracts.event import Code
from services.consultation.access import CONVENERS
from services.consultation.domain import planning
from services.consultation.domain.committee import Committee
from services.consultation.domain.plans import Plan, PlanEvent, PlannedTopic

from .committees import COMMITTEES, Known


class PlannedTopicIn(Asked):
    head: Code
    title: Short


class PlanIn(Asked):
    """Whole, as it shall be."""

    year: Whole
    topics: Annotated[tuple[PlannedTopicIn, ...], Several]
    regular: Annotated[Whole, Field(ge=0)]
    publicised_on: Day


@COMMITTEES.step(
    "报送年度计划",
    "/committees/{id}/plan",
    who=CONVENERS,
    rules="C-01 C-05",
    method="PUT",
    opens=lambda c, at: c.in_office(at.now),
)
def plan(c: Committee, at: At[Known], body: PlanIn) -> tuple[PlanEvent, ...]:
    topics = tuple(PlannedTopic(**topic.model_dump()) for topic in body.topics)
    filed = Plan(year=body.year, topics=topics, regular=body.regular)
    asked = planning.Asked(plan=filed, publicised_on=body.publicised_on)
    return planning.file(c, asked, at.known.policy, at.now)


STEPS = (plan,)
