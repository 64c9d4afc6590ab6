"""Figures of a year: filed by their data source, corrected by a further filing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked
from chassis.lists import Filter
from chassis.steps import Collection, Part
from chassis.words import Long, Short, Whole
from contracts.event import Code, Id
from services.index import announce
from services.index.access import ACCESS, SOURCES
from services.index.desk import IndexDesk, filing_resource, observation_resource
from services.index.domain import feed
from services.index.domain import observation as observations
from services.index.domain.feed import Figure
from services.index.domain.observation import (
    Assessed,
    Evidence,
    Fed,
    Observation,
    ObservationEvent,
    ObservationFiled,
    Source,
)
from services.index.domain.scoring import Grade
from services.index.domain.system import MeasuringPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The point, what a share may be, and what the platform holds for it where that is asked for."""

    point: MeasuringPoint
    most: int
    figure: Figure | None = None


async def known(desk: IndexDesk, observation: Observation | None, at: At[None]) -> Known:
    if observation is None:
        year, number = int(at["year"]), int(at["point"])
    else:
        year, number = observation.year, observation.point
    _, policy = await desk.policies.current()
    return Known(point=await desk.point(year, number), most=policy.share_most)


async def held(desk: IndexDesk, at: At[Known], _: Any) -> Known:
    return replace(at.known, figure=await desk.figure(int(at["year"]), at.known.point))


def keys(observation: Observation) -> Mapping[str, Any]:
    return {
        **observation_resource(observation),
        "year": observation.year,
        "point": observation.point,
    }


def named(path: Mapping[str, str]) -> str:
    return f"{path['year']}.{path['point']}"


OBSERVATIONS: Collection[Observation, ObservationEvent, IndexDesk, Known] = Collection(
    service="index",
    name="observations",
    title="观测值",
    path="/observations",
    state=Observation,
    events=get_args(ObservationEvent),
    evolve=observations.evolve,
    announce=announce.of_observations,
    resource=observation_resource,
    access=ACCESS,
    keys=keys,
    indexes=("units[]", "year"),
    filters={
        "year": Filter(key="year", type=int),
        "point": Filter(key="point", type=int),
        "unit": Filter(key="units"),
    },
    read=frozenset({"list", "trail"}),
    of=lambda desk: desk.observations,
    knows=known,
    begins=lambda desk, id: desk.awaited(id),
)


FILED: Part[Observation] = Part(
    places=lambda o: ({"year": str(o.year), "point": str(o.point)},),
    whose=lambda o, _: filing_resource(o),
)


class EvidenceIn(Asked):
    """A yearbook's edition and page, or the name of the department's table."""

    source: Source
    edition: Short | None = None
    page: Short | None = None
    table: Short | None = None


class AssessedIn(Asked):
    """`assessor`: an office's code."""

    assessor: Code
    grade: Grade


class ObservationIn(Asked):
    """`values`: decimal text in the point's unit, one for each of its goals in their order.

    `grades` of a point that no figure measures.
    """

    values: Annotated[tuple[Short, ...], Field(max_length=5)] = ()
    grades: Annotated[tuple[AssessedIn, ...], Field(max_length=20)] = ()
    evidence: EvidenceIn
    reason: Long | None = None


@OBSERVATIONS.step(
    "报送数据",
    "/observations/{year}/{point}",
    who=SOURCES,
    rules="I-02 I-03 I-04",
    method="PUT",
    part=FILED,
    record=named,
    versioned=None,
)
def file(o: Observation, at: At[Known], body: ObservationIn) -> ObservationFiled:
    filed = ObservationFiled(
        values=body.values,
        grades=tuple(Assessed(**grade.model_dump()) for grade in body.grades),
        evidence=Evidence(**body.evidence.model_dump()),
        by=at.by,
        at=at.now,
        reason=body.reason,
    )
    return o.file(filed, at.known.point, at.known.most)


class ConfirmIn(Asked):
    """Of the platform's figure, or of a partner's `report` by its id. `population` where it is per head."""

    report: Id | None = None
    population: Annotated[Whole, Field(ge=1, le=100_000_000)] | None = None
    reason: Long | None = None


@OBSERVATIONS.step(
    "确认平台数据",
    "/observations/{year}/{point}/confirm",
    who=SOURCES,
    rules="I-03 I-10",
    part=FILED,
    record=named,
    versioned=None,
    learns=(held,),
)
def confirm(o: Observation, at: At[Known], body: ConfirmIn) -> ObservationFiled:
    """Files it as the department's figure; it counts from then on."""
    if body.report is not None:
        values, source = o.reported(body.report).values, Source.PARTNER
        fed = Fed(report=body.report)
    else:
        figure, source = at.known.figure, Source.PLATFORM
        values = (feed.stated(figure, body.population),)
        fed = Fed(part=figure.part, of=body.population or figure.of) if figure else Fed()
    filed = ObservationFiled(
        values=values,
        evidence=Evidence(source=source),
        by=at.by,
        at=at.now,
        reason=body.reason,
        fed=fed,
    )
    return o.confirm(filed, at.known.point, at.known.most)


STEPS = (file, confirm)
