"""Figures of a year: filed by their data source, corrected by a further filing."""

from collections.abc import Mapping
from typing import Annotated, Any, get_args

from pydantic import Field

from chassis.http import Asked
from chassis.lists import Filter
from chassis.steps import At, Collection, Part
from chassis.words import Long, Short
from contracts.event import Code
from services.index import announce
from services.index.access import ACCESS, SOURCES
from services.index.desk import IndexDesk, filing_resource, observation_resource
from services.index.domain import observation as observations
from services.index.domain.observation import (
    Assessed,
    Evidence,
    Observation,
    ObservationEvent,
    ObservationFiled,
    Source,
)
from services.index.domain.scoring import Grade
from services.index.domain.system import MeasuringPoint


async def known(desk: IndexDesk, observation: Observation | None, at: At[None]) -> MeasuringPoint:
    return await desk.point(observation.point if observation else int(at["point"]))


def keys(observation: Observation) -> Mapping[str, Any]:
    return {
        **observation_resource(observation),
        "year": observation.year,
        "point": observation.point,
    }


def named(path: Mapping[str, str]) -> str:
    return f"{path['year']}.{path['point']}"


OBSERVATIONS: Collection[Observation, ObservationEvent, IndexDesk, MeasuringPoint] = Collection(
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
    part=Part(
        places=lambda o: ({"year": str(o.year), "point": str(o.point)},),
        whose=lambda o, _: filing_resource(o),
    ),
    record=named,
    versioned=None,
)
def file(o: Observation, at: At[MeasuringPoint], said: ObservationIn) -> ObservationFiled:
    filed = ObservationFiled(
        values=said.values,
        grades=tuple(Assessed(**grade.model_dump()) for grade in said.grades),
        evidence=Evidence(**said.evidence.model_dump()),
        by=at.by,
        at=at.now,
        reason=said.reason,
    )
    return o.file(filed, at.known)


STEPS = (file,)
