"""Surveys: a third party's entered by who leads the evaluation, a two-way one by the rater itself."""

from typing import Annotated, Literal, get_args

from pydantic import Field, StringConstraints

from chassis.at import At
from chassis.http import Asked
from chassis.kind import Changed, derived_id
from chassis.lists import Filter, by
from chassis.steps import Collection, Part, nothing
from chassis.words import Day, Long, Short, Whole
from contracts.event import Code
from services.index.access import ACCESS, RATERS
from services.index.desk import IndexDesk, survey_resource, whose
from services.index.domain import survey
from services.index.domain.offices import LEAD
from services.index.domain.survey import (
    Kind,
    Survey,
    SurveyCorrected,
    SurveyEntered,
    SurveyEvent,
    points,
)

SURVEYS: Collection[Survey, SurveyEvent, IndexDesk, None] = Collection(
    service="index",
    name="surveys",
    title="满意度测评",
    path="/surveys",
    state=Survey,
    events=get_args(SurveyEvent),
    evolve=survey.evolve,
    resource=survey_resource,
    access=ACCESS,
    keys=lambda one: {
        **survey_resource(one),
        "kind": one.entered.kind,
        "year": one.entered.year,
        "weak": one.weak,
    },
    indexes=("street", "units[]", "year"),
    filters={
        **by("street", "community"),
        "kind": Filter(key="kind", type=Kind),
        "year": Filter(key="year", type=int),
        "weak": Filter(key="weak", type=bool),
    },
    of=lambda desk: desk.surveys,
    knows=nothing,
)
Count = Annotated[Whole, Field(ge=0, le=10_000_000)]
Score = Annotated[Short, StringConstraints(max_length=6)]


class PartyIn(Asked):
    kind: Literal["street", "community", "department", "supplier"]
    code: Code

    @property
    def office(self) -> str:
        return f"{self.kind}:{self.code}"


class SurveyIn(Asked):
    """`rated` by `rater`. `score`: 0 to 100 as text; `asked`: how many answered."""

    kind: Kind
    year: Annotated[Whole, Field(ge=2000, le=2099)]
    rated: PartyIn
    rater: PartyIn
    score: Score
    asked: Count
    held_on: Day
    evidence: Short


@SURVEYS.step(
    "登记测评", "/surveys", who=RATERS, rules="I-21", record=None, versioned=False, status=201
)
async def enter(desk: IndexDesk, at: At[None], body: SurveyIn) -> Changed[Survey, SurveyEvent]:
    """Once for each kind, year, rated and rater; what was wrong is corrected."""
    rated, rater = body.rated.office, body.rater.office
    at.demand(whose(rater) if body.kind is Kind.TWO_WAY else {"units": (LEAD,)})
    street, community = await desk.surveyed(rated, rater, body.year)
    entered = SurveyEntered(
        **body.model_dump(exclude={"score", "rated", "rater"}),
        rated=rated,
        rater=rater,
        score=points(body.score),
        street=street,
        community=community,
        bound=(await desk.policies.current())[1].survey_below * 100,
        by=at.by,
        at=at.now,
    )
    id = derived_id("surveys", body.kind, str(body.year), rated, rater)
    return await desk.surveys.create(id, lambda: [survey.enter(entered)], at.cause)


class SurveyAgainIn(Asked):
    score: Score
    asked: Count
    evidence: Short
    reason: Long


ENTERED: Part[Survey] = Part(
    whose=lambda one, _: (
        whose(one.entered.rater) if one.entered.kind is Kind.TWO_WAY else {"units": (LEAD,)}
    )
)


@SURVEYS.step("更正测评", "/surveys/{id}/correct", who=RATERS, rules="I-21", part=ENTERED)
def correct(one: Survey, at: At[None], body: SurveyAgainIn) -> SurveyCorrected:
    return one.correct(
        SurveyCorrected(
            **body.model_dump(exclude={"score"}), score=points(body.score), by=at.by, at=at.now
        )
    )


STEPS = (enter, correct)
