"""What is kept of a matter's steps, how members watch it, what comes from above, what a major one rests on."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field

from chassis.at import At
from chassis.files_api import FileOut
from chassis.http import Asked
from chassis.kernel.errors import NotFound
from chassis.steps import Part
from chassis.words import Day, Long, Passage, Short
from contracts.event import Code, Id
from services.consultation.access import CARRYING_OUT, CONVENERS
from services.consultation.desk import ConsultationDesk
from services.consultation.domain import following, watching
from services.consultation.domain.committee import Level
from services.consultation.domain.events import MatterEvent
from services.consultation.domain.matter import FILED, Matter
from services.consultation.domain.watching_events import Fault, Mark, MatterInspected, Stage

from .matters import LED, MATTERS, Known, convener


@MATTERS.step(
    "上传照片",
    "/matters/{id}/photos",
    name="photo",
    who=CONVENERS,
    rules="C-18",
    part=LED,
    opens=lambda m, _: watching.may_keep(m),
    versioned=False,
    claims=True,
    status=201,
    makes="/matters/{id}/photos/{made}",
)
async def photograph(desk: ConsultationDesk, at: At[Known], data: bytes) -> FileOut:
    """The body is the file: JPEG, PNG or PDF, told by its first bytes."""
    at_most = at.known.clocks.policy.photo_bytes
    filed = await desk.photos.file(at.id, data, at_most, at.cause)
    return FileOut(id=filed.id, media=filed.aggregate.media, size=filed.aggregate.size)


class KeepIn(Asked):
    """A step it went through, in words or by photographs that were filed for it."""

    stage: Stage
    on: Day
    text: Passage | None = None
    photos: Annotated[tuple[Id, ...], Field(max_length=20)] = ()


async def own_photos(desk: ConsultationDesk, at: At[Known], body: KeepIn) -> Known:
    await desk.photos.filed(at.id, body.photos)
    return at.known


@MATTERS.step(
    "步骤留痕",
    who=CONVENERS,
    rules="C-18",
    part=LED,
    opens=lambda m, _: watching.may_keep(m),
    learns=(own_photos,),
)
def keep(m: Matter, at: At[Known], body: KeepIn) -> MatterEvent:
    return watching.keep(m, body.stage, body.on, body.text, body.photos, at.now)


class InspectIn(Asked):
    """`mark`: how it is carried out; what isn't well is answered by a date."""

    seat: Code
    finding: Passage
    mark: Mark | None = None


@MATTERS.step("委员监督", who=CONVENERS, rules="C-16 C-20 C-25", part=LED)
def inspect(m: Matter, at: At[Known], body: InspectIn) -> MatterEvent:
    clocks = at.known.clocks
    found = MatterInspected(**body.model_dump(), at=at.now)
    return watching.inspect(m, found, at.known.members, clocks.policy, clocks.work)


def _inspections(matter: Matter) -> Iterable[Mapping[str, str]]:
    return ({"inspection": str(n)} for n in range(len(matter.inspected)))


def _carrying_out(matter: Matter, at: At[Any]) -> Mapping[str, object]:
    return {**convener(matter, at), "units": matter.units}


def _number(at: At[Known]) -> int:
    said = at["inspection"]
    if not (said.isdecimal() and len(said) < 6):
        raise NotFound
    return int(said)


class FaultAnswerIn(Asked):
    answer: Passage


@MATTERS.step(
    "答复整改情况",
    who=CARRYING_OUT,
    rules="C-20",
    part=Part(path="/inspections/{inspection}", places=_inspections, whose=_carrying_out),
    opens=lambda m, at: watching.answerable(m, _number(at)),
)
def answer(m: Matter, at: At[Known], body: FaultAnswerIn) -> Iterable[MatterEvent]:
    """By who leads it, or the responsible unit."""
    return watching.answer(m, _number(at), body.answer, at.now)


def above(matter: Matter, _: At[Any]) -> Mapping[str, object]:
    """The party organisation above its committee: of a street's the district."""
    if matter.level in FILED:
        return {"street": matter.street, "community": matter.community}
    return {"street": None if matter.level is Level.STREET else matter.street, "community": None}


class FaultCorrectIn(Asked):
    fault: Fault
    back_to: Stage
    reason: Long


@MATTERS.step(
    "上级纠正",
    who=CONVENERS,
    rules="C-20",
    part=Part(whose=above),
    opens=lambda m, _: following.may_correct(m),
)
def correct(m: Matter, at: At[Known], body: FaultCorrectIn) -> Iterable[MatterEvent]:
    """What is against the law is the street's to correct."""
    if body.fault is Fault.LAW and m.level is not Level.STREET:
        at.demand({"street": m.street, "community": None})
    return following.correct(m, body.fault, body.back_to, body.reason, at.now)


class RiskIn(Asked):
    """`document`: the report's title or number."""

    made_by: Short
    on: Day
    document: Short


@MATTERS.step(
    "提交风险评估",
    who=CONVENERS,
    rules="C-32",
    part=LED,
    opens=lambda m, _: watching.may_assess_risk(m),
)
def risk(m: Matter, at: At[Known], body: RiskIn) -> MatterEvent:
    return watching.assess_risk(m, body.made_by, body.on, body.document, at.now)


STEPS = (photograph, keep, inspect, answer, correct, risk)
