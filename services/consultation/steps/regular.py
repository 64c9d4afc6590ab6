"""A committee's regular meetings that were held on paper."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.steps import Part
from chassis.words import Day, Long, Passage, Several, Short
from contracts.event import Code
from services.consultation.access import CONVENERS
from services.consultation.desk import ConsultationDesk
from services.consultation.domain import regular
from services.consultation.domain.committee import Committee
from services.consultation.domain.regular_events import RegularMeetingEntered
from services.consultation.domain.roll import CommitteeEvent

from .committees import COMMITTEES, Known


class RegularMeetingIn(Asked):
    """`minutes` by name or number; `present`: the roll, by seat."""

    on: Day
    place: Short
    minutes: Short
    summary: Passage
    present: Annotated[tuple[Code, ...], Several]


def _entered(committee: Committee) -> Iterable[Mapping[str, str]]:
    return ({"on": one.on.isoformat()} for one in committee.meetings)


ENTERED: Part[Committee] = Part(path="/regular-meetings/{on}", places=_entered)


async def held_here(desk: ConsultationDesk, at: At[Known], _: RegularMeetingIn) -> Known:
    return replace(at.known, here=await desk.regular_days(at.id))


@COMMITTEES.step(
    "补登线下工作例会",
    "/committees/{id}/regular-meetings",
    who=CONVENERS,
    rules="C-08 C-14",
    learns=(held_here,),
)
def regular_meeting(c: Committee, at: At[Known], body: RegularMeetingIn) -> CommitteeEvent:
    """What was held here is a session."""
    return regular.enter(c, _told(body, at), at.known.here)


class RegularCorrectIn(RegularMeetingIn):
    """All of it as it was, and what was wrong."""

    reason: Long


@COMMITTEES.step(
    "更正补登的工作例会",
    who=CONVENERS,
    rules="C-08 C-14",
    part=ENTERED,
    learns=(held_here,),
)
def correct(c: Committee, at: At[Known], body: RegularCorrectIn) -> CommitteeEvent:
    """Its day, too."""
    return regular.correct(c, at["on"], _told(body, at), body.reason, at.known.here)


@COMMITTEES.step("撤销补登的工作例会", who=CONVENERS, rules="C-14", part=ENTERED)
def strike(c: Committee, at: At[Known], body: ReasonIn) -> CommitteeEvent:
    """One that was entered by mistake."""
    return regular.strike(c, at["on"], body.reason, at.now)


def _told(body: RegularMeetingIn, at: At[Known]) -> RegularMeetingEntered:
    told = body.model_dump(include=set(RegularMeetingIn.model_fields))
    return RegularMeetingEntered(**told, fixed=0, at=at.now)


STEPS = (regular_meeting, correct, strike)
