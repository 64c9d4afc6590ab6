"""The district's scheme of a year, and communities assessed under it (C-31)."""

from collections.abc import Mapping
from typing import Annotated, Any, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked
from chassis.kind import Changed
from chassis.lists import NEWEST, Filter, by, moment
from chassis.steps import Collection, Part
from chassis.words import Long, Short, Whole
from contracts.event import Code
from services.consultation.access import ACCESS, ASSESSING, DISTRICT, OFFICES
from services.consultation.desk import ConsultationDesk, assessment_resource, names
from services.consultation.domain import scheme as schemes
from services.consultation.domain.scheme import (
    AssessmentEvent,
    Assessor,
    CommunityAssessed,
    CommunityAssessment,
    Scheme,
    SchemeEvent,
    SchemeItem,
    SchemeSet,
)

Year = Annotated[int, Field(ge=2016, le=2100)]
YearSaid = Annotated[Whole, Field(ge=2016, le=2100)]


async def assessed(desk: ConsultationDesk, one: Scheme | None, __: At[None]) -> bool:
    """Whether anybody was under it."""
    if one is not None:
        async for _ in desk.assessments.every({"year": one.year}):
            return True
    return False


SCHEMES: Collection[Scheme, SchemeEvent, ConsultationDesk, bool] = Collection(
    service="consultation",
    name="schemes",
    title="社区协商考核办法",
    path="/schemes",
    state=Scheme,
    events=get_args(SchemeEvent),
    evolve=schemes.evolve_scheme,
    resource=lambda _: {},
    access=OFFICES,
    keys=lambda scheme: {"opened_at": moment(scheme.set_at)},
    indexes=("opened_at",),
    sorts={"newest": NEWEST},
    of=lambda desk: desk.schemes,
    knows=assessed,
)


async def under(
    desk: ConsultationDesk, one: CommunityAssessment | None, _: At[None]
) -> Scheme | None:
    """The scheme of its year."""
    held = await desk.schemes.look(str(one.year)) if one else None
    return held.aggregate if held else None


ASSESSMENTS: Collection[CommunityAssessment, AssessmentEvent, ConsultationDesk, Scheme | None] = (
    Collection(
        service="consultation",
        name="assessments",
        title="社区协商考核",
        path="/assessments",
        state=CommunityAssessment,
        events=get_args(AssessmentEvent),
        evolve=schemes.evolve,
        resource=assessment_resource,
        access=ACCESS,
        keys=lambda one: {
            **assessment_resource(one),
            "year": one.year,
            "opened_at": moment(one.by[0].at),
        },
        indexes=("street+opened_at", "community+opened_at", "opened_at"),
        names=names,
        sorts={"newest": NEWEST},
        filters={**by("street", "community"), "year": Filter(key="year", type=Year)},
        of=lambda desk: desk.assessments,
        knows=under,
    )
)


Marks = Annotated[
    dict[Code, Whole],
    Field(
        max_length=100,
        json_schema_extra={"x-keys": {"of": "schemes", "by": "year", "in": "items"}},
    ),
]


class RatedItemIn(Asked):
    code: Code
    title: Short
    points: Whole


class SchemeIn(Asked):
    year: YearSaid
    items: Annotated[tuple[RatedItemIn, ...], Field(max_length=100)]


@SCHEMES.step(
    "导入考核办法",
    "/schemes",
    name="lay_down",
    who=DISTRICT,
    rules="C-31",
    record=None,
    versioned=False,
    status=201,
)
async def lay_down(
    desk: ConsultationDesk, at: At[bool], body: SchemeIn
) -> Changed[Scheme, SchemeEvent]:
    at.demand({})
    items = tuple(SchemeItem(**item.model_dump()) for item in body.items)
    laid = SchemeSet(year=body.year, items=items, at=at.now)
    return await desk.schemes.record(
        str(body.year), lambda known: [schemes.lay_down(known, laid)], at.cause
    )


class SchemeCorrectIn(Asked):
    """All of it as it should be, and what was wrong."""

    items: Annotated[tuple[RatedItemIn, ...], Field(max_length=100)]
    reason: Long


@SCHEMES.step(
    "更正考核办法",
    name="correct",
    who=DISTRICT,
    rules="C-31",
    opens=lambda _, at: schemes.may_put_right(at.known),
)
def put_right(one: Scheme, at: At[bool], body: SchemeCorrectIn) -> SchemeEvent:
    items = tuple(SchemeItem(**item.model_dump()) for item in body.items)
    return schemes.put_right(one, items, body.reason, at.known, at.now)


class SchemeAssessIn(Asked):
    """`marks`: points by the scheme's item. Who asks is the assessor: the street, or civil affairs."""

    community: Code
    year: YearSaid
    marks: Marks
    note: Long | None = None


@ASSESSMENTS.step(
    "考核社区协商",
    "/assessments",
    name="assess",
    who=ASSESSING,
    rules="C-31",
    record=None,
    versioned=False,
    status=201,
)
async def assess(
    desk: ConsultationDesk, at: At[Scheme | None], body: SchemeAssessIn
) -> Changed[CommunityAssessment, AssessmentEvent]:
    street, community = await desk.community(body.community)
    at.demand({"street": street, "units": (Assessor.CIVIL_AFFAIRS.value,)})
    own = at.subject.kind == "street"
    assessed = CommunityAssessed(
        street=street,
        community=community,
        year=body.year,
        assessor=Assessor.STREET if own else Assessor.CIVIL_AFFAIRS,
        marks=body.marks,
        total=0,
        full=0,
        note=body.note,
        at=at.now,
    )
    held = await desk.schemes.look(str(body.year))
    scheme = held.aggregate if held else None
    return await desk.assessments.record(
        f"{community}.{body.year}",
        lambda known: [schemes.assess(known, scheme, assessed)],
        at.cause,
    )


def _whose(one: CommunityAssessment, at: At[Any]) -> Mapping[str, object]:
    """Who made it."""
    civil = at["assessor"] == Assessor.CIVIL_AFFAIRS
    return {"units": (Assessor.CIVIL_AFFAIRS.value,)} if civil else {"street": one.street}


MADE: Part[CommunityAssessment] = Part(
    path="/by/{assessor}",
    places=lambda one: ({"assessor": each.assessor} for each in one.by),
    whose=_whose,
)


class MarksCorrectIn(Asked):
    """All of it as it was meant, and what was wrong."""

    marks: Marks
    note: Long | None = None
    reason: Long


@ASSESSMENTS.step("更正评分", who=ASSESSING, rules="C-31", part=MADE, types={"assessor": Assessor})
def correct(
    one: CommunityAssessment, at: At[Scheme | None], body: MarksCorrectIn
) -> AssessmentEvent:
    if at.known is None:
        raise ValueError("what is assessed is assessed under a scheme")
    by = Assessor(at["assessor"])
    return schemes.correct(one, at.known, by, body.marks, body.note, body.reason, at.now)


STEPS_OF_SCHEMES = (lay_down, put_right)
STEPS = (assess, correct)
