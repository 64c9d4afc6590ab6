"""A committee's regular meetings that were held on paper."""

from dataclasses import replace

from chassis.at import At
from chassis.http import Asked
from chassis.words import Day, Passage, Short
from contracts.event import Code
from services.consultation.access import CONVENERS
from services.consultation.desk import ConsultationDesk
from services.consultation.domain import regular
from services.consultation.domain.committee import Committee, fixed_of
from services.consultation.domain.regular_events import RegularMeetingEntered
from services.consultation.domain.roll import CommitteeEvent

from .committees import COMMITTEES, Known


class RegularMeetingIn(Asked):
    """`minutes` by name or number; `present`: the roll, by seat."""

    on: Day
    place: Short
    minutes: Short
    summary: Passage
    present: tuple[Code, ...]


async def held_here(desk: ConsultationDesk, at: At[Known], _: RegularMeetingIn) -> Known:
    return replace(at.known, here=await desk.regular_days(at.id))


@COMMITTEES.step(
    "补登线下工作例会",
    "/committees/{id}/regular-meetings",
    who=CONVENERS,
    rules="C-08 C-14",
    learns=(held_here,),
)
def regular_meeting(c: Committee, at: At[Known], said: RegularMeetingIn) -> CommitteeEvent:
    """What was held here is a session."""
    fixed = len(fixed_of(c.members))
    entered = RegularMeetingEntered(**said.model_dump(), fixed=fixed, at=at.now)
    return regular.enter(c, entered, at.known.here)


STEPS = (regular_meeting,)
