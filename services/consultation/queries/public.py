"""What anybody may read: what became of one's own proposal, and the public notices."""

from dataclasses import dataclass
from datetime import datetime

from chassis.cause import Cause
from chassis.kernel.errors import NotFound
from services.consultation.desk import ConsultationDesk
from services.consultation.domain import referrals
from services.consultation.domain import topic as topics
from services.consultation.domain.events import INSTEAD, Ground, Outcome
from services.consultation.domain.following_events import Came, Decision
from services.consultation.domain.matter import Matter
from services.consultation.domain.matter import Status as MatterStatus
from services.consultation.domain.topic import Proposed, Status
from services.consultation.receipts import Receipts

MOST = 50
"""How many notices one answer shows."""


class UnknownReceipt(NotFound):
    """A code that isn't one; it counts against the address that showed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How far it is and how it ended; nothing of other people."""

    status: Status
    proposed_at: datetime
    reason: str | None = None
    ground: Ground | None = None
    instead: str | None = None
    matter: MatterStatus | None = None
    outcome: Outcome | None = None
    said: str | None = None
    decision: Decision | None = None
    notice: str | None = None
    result: str | None = None
    mediation: Came | None = None
    """How mediation ended, where the topic was a dispute of two parties."""
    kept_days: int
    """So many after the last that happened, once it is over, it goes whole, and the code finds nothing any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """As it was published on the notice board and online."""

    id: str
    number: str | None
    community: str | None
    street: str
    title: str
    notice: str
    published_at: datetime


async def propose(
    desk: ConsultationDesk,
    receipts: Receipts,
    community: str,
    title: str,
    text: str,
    cause: Cause,
) -> str:
    """The receipt code, shown here only."""
    street, code = await desk.standing(community, cause.now)
    receipt = receipts.code(cause.fresh)
    proposed = Proposed(
        street=street,
        community=code,
        title=title,
        text=text,
        receipt=receipts.mark(receipt),
        at=cause.now,
    )
    await desk.proposals.create(cause.fresh, lambda: [topics.propose(proposed)], cause)
    return receipt


async def case(desk: ConsultationDesk, receipts: Receipts, code: str) -> Case:
    found = await desk.proposals.find({"receipt": receipts.mark(code)}, limit=1)
    if not found:
        raise UnknownReceipt("没有这个回执码。", field="code")
    mine = found[0].aggregate
    held = await desk.matters.look(mine.matter) if mine.matter else None
    matter = held.aggregate if held else None
    ended = matter.conclusion if matter else None
    ground = (matter.ground if matter else None) or mine.ground
    return Case(
        status=mine.status,
        proposed_at=mine.proposed_at,
        reason=mine.reason,
        ground=ground,
        instead=INSTEAD[ground] if ground else None,
        matter=matter.status if matter else None,
        outcome=ended.outcome if ended else None,
        said=(ended.explanation or ended.guidance) if ended else None,
        decision=matter.decision if matter else None,
        notice=matter.notice if matter else None,
        result=matter.result if matter else None,
        mediation=referrals.mediated(matter) if matter else mine.mediation,
        kept_days=await kept_days(desk),
    )


async def kept_days(desk: ConsultationDesk) -> int:
    return (await desk.policies.current())[1].proposal_days


async def notices(desk: ConsultationDesk, community: str | None) -> list[Notice]:
    """The latest, of all communities or of one."""
    where: dict[str, object] = {"published": True}
    if community is not None:
        where["community"] = community
    found = await desk.matters.find(where, sort="published_at", descending=True, limit=MOST)
    return [shown for held in found if (shown := _notice(held.id, held.number, held.aggregate))]


def _notice(id: str, number: str | None, matter: Matter) -> Notice | None:
    if matter.notice is None or matter.published_at is None:
        return None
    return Notice(
        id=id,
        number=number,
        community=matter.community,
        street=matter.street,
        title=matter.title,
        notice=matter.notice,
        published_at=matter.published_at,
    )
