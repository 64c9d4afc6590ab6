"""C-24: a resident's proposal for a topic: taken up as a matter by the community's committee, or answered why not."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.errors import OURS, RuleBroken
from chassis.kernel.required import required, required_by

from .events import Ground
from .following_events import Came
from .resettling import Resettled
from .rules import RULES, SETTLING


class Status(StrEnum):
    WAITING = "waiting"
    TAKEN_UP = "taken_up"
    TURNED_DOWN = "turned_down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """`receipt`: the mark of the code it is followed with; the code itself is nowhere."""

    street: str
    community: str
    title: str
    text: str
    receipt: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenUp:
    matter: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedDown:
    """`ground`: where it is one of the five that are never deliberated; `dispute`: the proposal's own id, under which
    a dispute of two parties goes to mediation (none before it did)."""

    reason: str
    ground: Ground | None = None
    dispute: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalMediated:
    """How mediation of the dispute ended."""

    how: Came
    at: datetime


ProposalEvent = Proposed | TakenUp | TurnedDown | ProposalMediated | Resettled


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    street: str
    community: str
    title: str
    text: str
    receipt: str
    status: Status
    proposed_at: datetime
    matter: str | None = None
    reason: str | None = None
    ground: Ground | None = None
    mediation: Came | None = None


def propose(proposed: Proposed) -> Proposed:
    required(proposed.title, "title", "请写明议题。")
    required(proposed.text, "text", "请写明情况和建议。")
    return proposed


def waiting(proposal: Proposal) -> None:
    if proposal.status is not Status.WAITING:
        raise RuleBroken(RULES["C-24"], "该建议已经办理。", clause=SETTLING)


def take_up(proposal: Proposal, matter: str, now: datetime) -> TakenUp:
    waiting(proposal)
    return TakenUp(matter=matter, at=now)


def turn_down(
    proposal: Proposal, id: str, reason: str, ground: Ground | None, now: datetime
) -> TurnedDown:
    """The resident reads the reason; C-04: a dispute of two parties goes to mediation."""
    waiting(proposal)
    required_by(RULES["C-24"], reason, "reason", "未列为议题的须答复理由。", OURS)
    dispute = id if ground is Ground.TWO_PARTY_DISPUTE else None
    return TurnedDown(reason=reason, ground=ground, dispute=dispute, at=now)


def mediated(proposal: Proposal, how: Came, now: datetime) -> tuple[ProposalMediated, ...]:
    """Once for each way it ended."""
    return (ProposalMediated(how=how, at=now),) if proposal.mediation != how else ()


def evolve(proposal: Proposal | None, event: ProposalEvent) -> Proposal:
    if isinstance(event, Proposed):
        return Proposal(
            street=event.street,
            community=event.community,
            title=event.title,
            text=event.text,
            receipt=event.receipt,
            status=Status.WAITING,
            proposed_at=event.at,
        )
    if proposal is None:
        raise ValueError("a proposal begins by being made")
    match event:
        case TakenUp():
            return replace(proposal, status=Status.TAKEN_UP, matter=event.matter)
        case TurnedDown():
            return replace(
                proposal, status=Status.TURNED_DOWN, reason=event.reason, ground=event.ground
            )
        case ProposalMediated():
            return replace(proposal, mediation=event.how)
        case Resettled():
            return replace(
                proposal, street=event.street, community=event.community or proposal.community
            )
        case _:
            assert_never(event)
