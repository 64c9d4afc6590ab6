"""Whose move it is (C-05, C-07, C-11, C-12, C-16, C-20): the offices that something waits for, and by when.

What is of a committee waits for the office of its place; for what it may do and need not, nobody waits.
"""

from chassis.kernel.clock import Awaits, Ends

from . import planning, watching
from .committee import Committee, Level, led_below
from .matter import Matter
from .session import Session
from .session_course import BEFORE, Status
from .topic import Proposal
from .topic import Status as ProposalStatus

FREE = frozenset({"refuse", "invite", "reopen", "inspect"})
"""Steps of a matter that nobody waits for."""


def of_matter(matter: Matter) -> Awaits:
    led = _place(matter.level, matter.street, matter.community)
    found: dict[str, Ends | None] = {}
    if faults := watching.unanswered(matter):
        by = Ends(due=min(faults.values()), provisional=watching.unsure(matter))
        found = dict.fromkeys((*(f"department:{unit}" for unit in matter.units), led), by)
    if set(matter.next_steps()) - FREE:
        first = watching.awaited_by(matter)
        found[led] = Ends(due=first, provisional=watching.provisional(matter)) if first else None
    return found


def of_session(session: Session) -> Awaits:
    """Until it is closed; to the time that was given for it."""
    called = session.called
    if session.status not in BEFORE | {Status.OPEN}:
        return {}
    by = Ends(due=called.held_at, wall=True) if session.status in BEFORE else None
    return {_place(called.level, called.street, called.community): by}


def of_committee(committee: Committee) -> Awaits:
    """Its year's plan."""
    due = planning.awaited_by(committee)
    if due is None:
        return {}
    return {_place(committee.level, committee.street, committee.community): Ends(due=due)}


def of_proposal(proposal: Proposal) -> Awaits:
    if proposal.status is not ProposalStatus.WAITING:
        return {}
    return {f"community:{proposal.community}": None}


def _place(level: Level, street: str, community: str | None) -> str:
    below = led_below(level, community)
    return f"community:{below}" if below is not None else f"street:{street}"
