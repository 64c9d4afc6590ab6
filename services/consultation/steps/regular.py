"""A committee's regular meetings that were held on paper."""

from chassis.at import At
from chassis.http import Asked
from chassis.words import Day, Passage, Short
from contracts.event import Code
from services.consultation.access import CONVENERS
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


@COMMITTEES.step(
    "补登线下工作例会", "/committees/{id}/regular-meetings", who=CONVENERS, rules="C-08 C-14"
)
def regular_meeting(c: Committee, at: At[Known], said: RegularMeetingIn) -> CommitteeEvent:
    """What was held here is a session."""
    fixed = len(fixed_of(c.members))
    return regular.enter(c, RegularMeetingEntered(**said.model_dump(), fixed=fixed, at=at.now))


STEPS = (regular_meeting,)
