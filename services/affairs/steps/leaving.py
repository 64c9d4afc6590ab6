"""How work that was admitted leaves again (A-10)."""

from typing import Annotated

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.steps import Part
from chassis.words import Day, Flag, Long, Short
from services.affairs.access import DEPARTMENTS, LOCAL, OFFICE, STREETS
from services.affairs.desk import place_resource
from services.affairs.domain import leaving
from services.affairs.domain.admission import (
    CIVIL_AFFAIRS,
    Admission,
    AdmissionEvent,
    Assessed,
    Status,
)
from services.affairs.domain.policy import AffairsPolicy

from .admissions import ADMISSIONS, LED, OWN
from .words import MUST, Hundred


class AssessIn(Asked):
    effect: Annotated[Long, MUST] = ""
    funds: Annotated[Long, MUST] = ""
    recognition: Hundred
    third_party: Short | None = None
    enough: Flag


@ADMISSIONS.step("评估", who=LOCAL, rules="A-10", opens=lambda one, _: leaving.may_assess(one))
def assess(one: Admission, at: At[AffairsPolicy], body: AssessIn) -> AdmissionEvent:
    assessed = Assessed(**body.model_dump(), at=at.now)
    return leaving.assess(one, assessed, at.known.least_recognition)


class OpinionIn(Asked):
    opinion: Annotated[Long, MUST] = ""


@ADMISSIONS.step(
    "街道上报达不到", who=STREETS, rules="A-10", opens=lambda one, _: leaving.may_confirm(one)
)
def confirm(one: Admission, at: At[AffairsPolicy], body: OpinionIn) -> AdmissionEvent:
    return leaving.confirm(one, body.opinion, at.now)


def setting_aside(one: Admission, _: At[AffairsPolicy]) -> dict[str, object]:
    """Of what the street has reported the leading group's office, until then the place."""
    reported = one.status is Status.CONFIRMED_SHORT
    return {"units": (CIVIL_AFFAIRS,)} if reported else place_resource(one)


@ADMISSIONS.step(
    "撤销评估",
    who=LOCAL | OFFICE,
    rules="A-10",
    part=Part(whose=setting_aside),
    opens=lambda one, _: leaving.may_set_aside(one),
)
def set_aside(one: Admission, at: At[AffairsPolicy], body: ReasonIn) -> AdmissionEvent:
    """One that falls short by mistake, or that isn't followed: the community assesses anew."""
    return leaving.set_aside(one, body.reason, at.now)


@ADMISSIONS.step(
    "退出", who=OFFICE, rules="A-10", part=LED, opens=lambda one, _: leaving.may_end(one)
)
def end(one: Admission, at: At[AffairsPolicy], body: ReasonIn) -> AdmissionEvent:
    return leaving.end(one, body.reason, at.now)


class ShortenIn(ReasonIn):
    """`until`: the last day, today at the earliest."""

    until: Day


@ADMISSIONS.step(
    "提前结束",
    who=DEPARTMENTS,
    rules="A-10",
    part=OWN,
    opens=lambda one, _: leaving.may_shorten(one),
)
def shorten(one: Admission, at: At[AffairsPolicy], body: ShortenIn) -> AdmissionEvent:
    """Work that was called off, an emergency that is over: it ends with that day."""
    return leaving.shorten(one, body.until, body.reason, at.now)


STEPS = (assess, confirm, set_aside, end, shorten)
