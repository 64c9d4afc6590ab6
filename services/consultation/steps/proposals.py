"""Residents' proposals for topics, as the community's committee deals with them (C-24)."""

from typing import get_args

from chassis.at import At
from chassis.http import Asked
from chassis.kind import Changed
from chassis.lists import NEWEST, Filter, by, moment
from chassis.steps import Collection, nothing
from chassis.words import Long, Passage, Short
from contracts.event import Code
from services.consultation import announce
from services.consultation.access import ACCESS, CONVENERS
from services.consultation.desk import ConsultationDesk, names, proposal_resource
from services.consultation.domain import arising, waiting
from services.consultation.domain import topic as topics
from services.consultation.domain.events import Ground
from services.consultation.domain.topic import Proposal, ProposalEvent, Status

PROPOSALS: Collection[Proposal, ProposalEvent, ConsultationDesk, None] = Collection(
    service="consultation",
    name="proposals",
    title="居民议题建议",
    path="/proposals",
    state=Proposal,
    events=get_args(ProposalEvent),
    evolve=topics.evolve,
    announce=announce.of_proposals,
    resource=proposal_resource,
    access=ACCESS,
    keys=lambda one: {
        **proposal_resource(one),
        "receipt": one.receipt,
        "status": one.status,
        "opened_at": moment(one.proposed_at),
    },
    awaits=waiting.of_proposal,
    # Since when at the earliest: what happened to it and to its matter is looked at when its turn comes.
    over=lambda one: one.proposed_at if one.status is not Status.WAITING else None,
    indexes=("street+opened_at", "community+opened_at", "receipt", "opened_at"),
    words=lambda one: one.title,
    names=names,
    sorts={"newest": NEWEST},
    filters={**by("street", "community"), "state": Filter(key="status", type=Status)},
    of=lambda desk: desk.proposals,
    knows=nothing,
    opens=lambda one, *_: topics.waiting(one),
)


class TakeUpIn(Asked):
    """As it is publicised: it names no person."""

    title: Short
    category: Code
    subject: Passage


@PROPOSALS.step("列为议题", who=CONVENERS, rules="C-01 C-16 C-24")
async def take_up(
    desk: ConsultationDesk, at: At[None], body: TakeUpIn
) -> Changed[Proposal, ProposalEvent]:
    """Before the community's committee, once."""
    held = (await desk.proposals.get(at.id)).aggregate
    arisen = arising.taken_up(held.street, held.community, body.category, body.title, body.subject)
    matter = await desk.propose_taken_up(arisen, f"proposal {at.id}", at.cause)
    return await desk.proposals.change(
        at.id, lambda known: [topics.take_up(known, matter, at.now)], at.cause
    )


class TurnDownIn(Asked):
    """The resident reads the reason; `ground` where it is never deliberated."""

    reason: Long
    ground: Ground | None = None


@PROPOSALS.step("答复不列为议题", who=CONVENERS, rules="C-04 C-24")
def turn_down(p: Proposal, at: At[None], body: TurnDownIn) -> ProposalEvent:
    return topics.turn_down(p, at.id, body.reason, body.ground, at.now)


STEPS = (take_up, turn_down)
