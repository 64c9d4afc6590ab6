"""What a summoned unit reports of itself, and its clocks.

Of itself a unit reports without having to know the version: others act side by side.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chassis.at import At
from chassis.files_api import FileOut
from chassis.http import Asked, ReasonIn
from chassis.identity import kinds
from chassis.steps import Part
from chassis.words import Passage, Short, Whole
from contracts.event import Code, Id
from services.whistle.access import CENTRE, DEPARTMENT
from services.whistle.desk import WhistleDesk, of_unit
from services.whistle.desk.known import Known
from services.whistle.domain import competence as competences
from services.whistle.domain.events import WhistleEvent
from services.whistle.domain.task import Outcome, Result, Which
from services.whistle.domain.whistle import Whistle

from .whistles import WHISTLES, naming

AUTHORITIES = CENTRE | kinds("community")
"""Who dispatches: the command centre, or the community that blew."""
Proofs = Annotated[tuple[Id, ...], Field(max_length=20)]
"""Ids of files that the unit has filed for this whistle."""


def itself(whistle: Whistle, at: At[Any]) -> Mapping[str, object]:
    """A unit acts for itself only, not for the others that were called."""
    return of_unit(whistle, at["unit"])


def called(whistle: Whistle) -> Iterable[Mapping[str, str]]:
    return ({"unit": task.unit} for task in whistle.tasks)


UNIT = Part(path="/units/{unit}", places=called)
ITSELF = Part(path="/units/{unit}", places=called, whose=itself)


class ArriveIn(Asked):
    place: Annotated[Short, StringConstraints(min_length=1)] | None = None
    proofs: Proofs = ()


class ResultIn(Asked):
    """Who cannot act gives the legal ground and who can; `whose` is the unit it does belong to."""

    outcome: Outcome
    summary: Passage
    ground: Passage | None = None
    who_can: Short | None = None
    whose: Code | None = None
    proofs: Proofs = ()


JUST_HERE = ArriveIn()


async def own_proofs(desk: WhistleDesk, at: At[Known], body: ArriveIn | ResultIn) -> Known:
    await desk.filed(at.id, at["unit"], body.proofs)
    return at.known


@WHISTLES.step(
    "报到",
    who=DEPARTMENT,
    rules="W-05 W-07 W-17",
    opens=lambda w, at: w.may_arrive(at["unit"]),
    part=ITSELF,
    learns=(own_proofs,),
    versioned=None,
)
def arrive(w: Whistle, at: At[Known], body: ArriveIn = JUST_HERE) -> Sequence[WhistleEvent]:
    return w.arrive(
        unit=at["unit"],
        now=at.now,
        rungs=at.known.rungs,
        place=body.place,
        proofs=body.proofs,
        proven=at.known.policy.proof.arrival,
    )


@WHISTLES.step(
    "提交结果",
    who=DEPARTMENT,
    rules="W-05 W-07 W-17",
    opens=lambda w, at: w.may_file_result(at["unit"]),
    part=ITSELF,
    learns=(own_proofs,),
    versioned=None,
)
def result(w: Whistle, at: At[Known], body: ResultIn) -> Sequence[WhistleEvent]:
    return w.file_result(
        unit=at["unit"],
        result=Result(**body.model_dump()),
        now=at.now,
        rungs=at.known.rungs,
        proven=at.known.policy.proof.result,
    )


@WHISTLES.step(
    "上传佐证",
    "/whistles/{id}/units/{unit}/proofs",
    who=DEPARTMENT,
    rules="W-05 W-17",
    opens=lambda w, at: w.may_prove(at["unit"]),
    part=ITSELF,
    versioned=False,
    claims=True,
    status=201,
    makes="/whistles/{id}/proofs/{made}",
)
async def prove(desk: WhistleDesk, at: At[Known], data: bytes) -> FileOut:
    """The body is the file: JPEG, PNG or PDF, told by its first bytes."""
    filed = await desk.file_proof(at.id, at["unit"], data, at.known.policy, at.cause)
    return FileOut(id=filed.id, media=filed.aggregate.media, size=filed.aggregate.size)


class DeclineIn(Asked):
    """Not ours: whose it is, and on what ground."""

    whose: Code
    ground: Passage


@WHISTLES.step(
    "提出不属本单位",
    who=DEPARTMENT,
    rules="W-02 W-05 W-17",
    opens=lambda w, at: competences.may_decline(w, at["unit"]),
    part=ITSELF,
    learns=(naming("whose"),),
    versioned=None,
)
def decline(w: Whistle, at: At[Known], body: DeclineIn) -> Sequence[WhistleEvent]:
    return competences.decline(
        w,
        unit=at["unit"],
        whose=body.whose,
        ground=body.ground,
        units=at.known.units,
        policy=at.known.edition,
        now=at.now,
        rungs=at.known.rungs,
    )


class CompetenceIn(Asked):
    unit: Code
    reason: Passage


@WHISTLES.step(
    "裁定归属",
    who=CENTRE,
    rules="W-05 W-17",
    opens=lambda w, at: competences.may_decide(w, at.by, at.known.ended),
    learns=(naming("unit"),),
)
def competence(w: Whistle, at: At[Known], body: CompetenceIn) -> Sequence[WhistleEvent]:
    return competences.decide(
        w,
        by=at.by,
        unit=body.unit,
        reason=body.reason,
        units=at.known.units,
        policy=at.known.edition,
        now=at.now,
        rungs=at.known.rungs,
        ended=at.known.ended,
    )


class OwnClock(StrEnum):
    """Of a unit; the command centre's own is extended by nobody."""

    ARRIVAL = "arrival"
    HANDLING = "handling"


class ExtendIn(Asked):
    which: OwnClock = OwnClock.HANDLING
    days: Annotated[Whole, Field(ge=1, le=60)]
    reason: Passage = ""


@WHISTLES.step(
    "申请延长",
    who=DEPARTMENT,
    rules="W-06 W-17",
    opens=lambda w, at: w.may_ask_extension(at["unit"], at.now),
    part=ITSELF,
    versioned=None,
)
def extend(w: Whistle, at: At[Known], body: ExtendIn) -> WhistleEvent:
    return w.ask_extension(
        unit=at["unit"], which=Which(body.which), days=body.days, reason=body.reason, now=at.now
    )


class GrantIn(Asked):
    which: OwnClock = OwnClock.HANDLING


ITS_HANDLING = GrantIn()


@WHISTLES.step(
    "批准延长",
    "/whistles/{id}/units/{unit}/extend/grant",
    who=AUTHORITIES,
    rules="W-06 W-17",
    opens=lambda w, at: w.may_grant_extension(at["unit"], at.by),
    part=UNIT,
    versioned=None,
)
def grant_extension(
    w: Whistle, at: At[Known], body: GrantIn = ITS_HANDLING
) -> Sequence[WhistleEvent]:
    return w.grant_extension(
        unit=at["unit"], which=Which(body.which), by=at.by, now=at.now, rungs=at.known.rungs
    )


@WHISTLES.step(
    "暂停计时",
    who=CENTRE,
    rules="W-06 W-17",
    opens=lambda w, at: w.may_pause(at["unit"], at.by, at.now),
    part=UNIT,
    versioned=None,
)
def pause(w: Whistle, at: At[Known], body: ReasonIn) -> Sequence[WhistleEvent]:
    return w.pause(unit=at["unit"], reason=body.reason, by=at.by, now=at.now)


@WHISTLES.step(
    "恢复计时",
    who=CENTRE,
    rules="W-06 W-17",
    opens=lambda w, at: w.may_resume(at["unit"], at.by),
    part=UNIT,
    versioned=None,
)
def resume(w: Whistle, at: At[Known]) -> Sequence[WhistleEvent]:
    return w.resume(unit=at["unit"], by=at.by, now=at.now, work=at.known.work)


STEPS = (
    arrive,
    result,
    prove,
    decline,
    competence,
    extend,
    grant_extension,
    pause,
    resume,
)
