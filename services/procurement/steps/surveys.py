"""The needs of a community in a year: recorded one by one, published."""

from dataclasses import dataclass
from typing import get_args

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kind import Changed
from chassis.lists import Filter, by
from chassis.steps import Collection, Part
from chassis.words import Long, Short
from contracts.event import Code, Id
from services.procurement import announce
from services.procurement.access import ACCESS, SURVEYING
from services.procurement.desk import ProcurementDesk, survey_id
from services.procurement.domain import survey as surveys
from services.procurement.domain import waiting
from services.procurement.domain.resettling import carried_by
from services.procurement.domain.survey import (
    Need,
    NeedClass,
    NeedRank,
    NeedSource,
    Survey,
    SurveyEvent,
)
from services.procurement.steps.words import Year, YearSaid


def resource(survey: Survey) -> dict[str, object]:
    return {"street": survey.street, "community": carried_by(survey)}


@dataclass(frozen=True, slots=True)
class Known:
    """Whether what is struck is `planned` for."""

    planned: bool = False


async def known(*_: object) -> Known:
    return Known()


SURVEYS: Collection[Survey, SurveyEvent, ProcurementDesk, Known] = Collection(
    service="procurement",
    name="surveys",
    title="需求清单",
    path="/needs/surveys",
    state=Survey,
    events=get_args(SurveyEvent),
    evolve=surveys.evolve,
    announce=announce.of_surveys,
    resource=resource,
    access=ACCESS,
    keys=lambda survey: {
        **resource(survey),
        "year": survey.year,
        "public": survey.published_at is not None,
    },
    awaits=waiting.of_survey,
    indexes=("street", "community", "year"),
    filters={
        **by("street", "community"),
        "year": Filter(key="year", type=Year),
        "public": Filter(key="public", type=bool),
    },
    of=lambda desk: desk.surveys,
    knows=known,
)


class NeedIn(Asked):
    """One need of a community in a year; `source_id` is the matter it came up in."""

    community: Code
    year: YearSaid
    group: Short
    kind: NeedClass
    rank: NeedRank
    text: Long
    source: NeedSource
    source_id: Id | None = None


@SURVEYS.step(
    "登记需求",
    "/needs/surveys",
    who=SURVEYING,
    rules="P-02 P-37",
    record=None,
    versioned=False,
    claims=True,
    status=201,
)
async def record(
    desk: ProcurementDesk, at: At[Known], body: NeedIn
) -> Changed[Survey, SurveyEvent]:
    """Into the community's list of the year, which the first one begins."""
    id = survey_id(body.community, body.year)
    begun = await desk.surveys.look(id)
    street = await desk.street_of(body.community, at.now, begun.aggregate if begun else None)
    whose = carried_by(begun.aggregate) if begun else body.community
    at.demand({"street": street, "community": whose})
    need = Need(id="", **body.model_dump(exclude={"community", "year"}))
    return await desk.surveys.record(
        id,
        lambda known: [
            surveys.record(
                known,
                id=id,
                street=street,
                community=body.community,
                year=body.year,
                need=need,
                now=at.now,
            )
        ],
        at.cause,
    )


class ClassIn(Asked):
    """Of whom a need is, and how pressing."""

    group: Short
    kind: NeedClass
    rank: NeedRank


NEEDS: Part[Survey] = Part(
    path="/needs/{need}",
    places=lambda survey: ({"need": one.id} for one in survey.needs),
)


@SURVEYS.step(
    "归类需求",
    part=NEEDS,
    types={"need": Id},
    who=SURVEYING,
    rules="P-37",
    opens=lambda survey, at: survey.may_classify(at["need"]),
)
def classify(survey: Survey, at: At[Known], body: ClassIn) -> SurveyEvent:
    return survey.classify(at["need"], **body.model_dump(), now=at.now)


async def answering(desk: ProcurementDesk, at: At[Known], _: ReasonIn) -> Known:
    """Whether a plan, of whichever year and however far, answers it."""
    async for held in desk.plans.every({}):
        if any(at["need"] in one.needs for one in held.aggregate.items):
            return Known(planned=True)
    return at.known


@SURVEYS.step(
    "作废需求",
    part=NEEDS,
    types={"need": Id},
    who=SURVEYING,
    rules="P-37",
    opens=lambda survey, at: survey.may_strike(at["need"]),
    learns=(answering,),
)
def strike(survey: Survey, at: At[Known], body: ReasonIn) -> SurveyEvent:
    """What was entered by mistake; what is right is entered anew."""
    return survey.strike(at["need"], reason=body.reason, planned=at.known.planned, now=at.now)


@SURVEYS.step(
    "公布需求清单", who=SURVEYING, rules="P-02", opens=lambda survey, _: survey.may_publish()
)
def publish(survey: Survey, at: At[Known]) -> SurveyEvent:
    return survey.publish(at.now)


STEPS = (record, classify, strike, publish)
