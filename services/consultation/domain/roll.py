"""Everything that can happen to a committee, and what it then is."""

from dataclasses import replace
from datetime import datetime

from . import appointing, naming, planning, seating
from .committee import Committee, CommitteeSeated, begin
from .members import (
    CommitteeDissolved,
    MemberEvent,
    MemberForgotten,
    MemberNamed,
    NameRead,
    NamingEvent,
    SeatsAllocated,
)
from .plans import PlanEvent, PlanFiled, PlanMissed
from .regular_events import RegularMeetingCorrected, RegularMeetingEntered, RegularMeetingStruck
from .resettling import Resettled

SeatingEvent = SeatsAllocated | CommitteeDissolved
CommitteeEvent = (
    CommitteeSeated
    | MemberEvent
    | PlanEvent
    | NamingEvent
    | SeatingEvent
    | RegularMeetingEntered
    | RegularMeetingCorrected
    | RegularMeetingStruck
    | Resettled
)


def evolve(committee: Committee | None, event: CommitteeEvent) -> Committee:
    if isinstance(event, CommitteeSeated):
        return begin(event)
    if committee is None:
        raise ValueError("a committee begins by being seated")
    match event:
        case PlanFiled():
            others = (filed for filed in committee.plans if filed.plan.year != event.plan.year)
            filed = replace(committee, plans=(*others, event))
            return replace(filed, plan_year=planning.unplanned(filed, event.plan.year + 1))
        case PlanMissed():
            missed = (*committee.plans_missed, event.year)
            here = replace(committee, plans_missed=missed, plan_year=event.year + 1)
            return replace(here, plan_year=planning.unplanned(here, event.year + 1))
        case RegularMeetingEntered():
            return replace(committee, meetings=(*committee.meetings, event))
        case RegularMeetingCorrected():
            right = [one for one in committee.meetings if one.on != event.day]
            return replace(committee, meetings=(*right, event.meeting))
        case RegularMeetingStruck():
            rest = tuple(one for one in committee.meetings if one.on != event.day)
            return replace(committee, meetings=rest)
        case Resettled():
            return replace(
                committee, street=event.street, community=event.community or committee.community
            )
        case SeatsAllocated() | CommitteeDissolved():
            return seating.evolve(committee, event)
        case MemberNamed() | NameRead() | MemberForgotten():
            return naming.evolve(committee, event)
        case _:
            return appointing.evolve(committee, event)


def next_due(committee: Committee) -> datetime | None:
    """Of a plan, or of a name that is forgotten."""
    due = (planning.next_due(committee), naming.next_due(committee))
    return min((one for one in due if one is not None), default=None)
