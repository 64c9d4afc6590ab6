"""O-12: complaints about organisations: who complained and in which words stands sealed."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required, required_by

from .rules import COMPLAINTS, RULES


class Outcome(StrEnum):
    """不成立, 责令改正, 行政处罚, 取缔."""

    UNFOUNDED = "unfounded"
    TO_PUT_RIGHT = "to_put_right"
    PENALTY = "penalty"
    BANNED = "banned"


PUBLIC = frozenset({Outcome.PENALTY, Outcome.BANNED})
"""What is made public."""


class ComplaintGround(StrEnum):
    """What it is about (ours)."""

    CHARGES = "charges"
    FUNDS = "funds"
    BEYOND_SCOPE = "beyond_scope"
    UNREGISTERED = "unregistered"
    CONDUCT = "conduct"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintTaken:
    """`organisation`: of the register, and its `name` there; `called` what an unregistered one calls itself."""

    id: str
    organisation: str | None = None
    called: str | None = None
    name: str | None = None
    street: str | None = None
    ground: ComplaintGround
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintRead:
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplainantForgotten:
    """The term is over: who complained, and in which words, is kept no longer."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintDecided:
    outcome: Outcome
    document: str
    findings: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPublished:
    notice: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRevoked:
    """By a paper of its own: a penalty or ban holds no longer; that it was there, and made public, stays."""

    document: str
    reason: str
    at: datetime


ComplaintEvent = (
    ComplaintTaken
    | ComplaintRead
    | ComplaintDecided
    | DecisionPublished
    | DecisionRevoked
    | ComplainantForgotten
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """`name`: of what it is about, registered or not."""

    id: str
    organisation: str | None = None
    called: str | None = None
    name: str | None = None
    street: str | None = None
    ground: ComplaintGround
    taken_by: str
    taken_at: datetime
    outcome: Outcome | None = None
    document: str | None = None
    findings: str | None = None
    decided_at: datetime | None = None
    notice: str | None = None
    published_at: datetime | None = None
    revoked: DecisionRevoked | None = None
    forgotten: bool = False

    @property
    def to_publish(self) -> bool:
        return self.outcome in PUBLIC and self.published_at is None and self.revoked is None

    @property
    def over(self) -> datetime | None:
        """Since when it is decided, while who complained is still kept."""
        return None if self.forgotten else self.decided_at


def take(taken: ComplaintTaken, text: str, reporter: str | None) -> ComplaintTaken:
    """`reporter`: the name of who complains, unless nobody says."""
    required_by(RULES["O-12"], text, "text", "须写明投诉内容。")
    if reporter is not None:
        required(reporter, "reporter.name", "请写明姓名。")
    if (taken.organisation is None) == (not (taken.called or "").strip()):
        detail = "写明在册的社会组织，或未登记组织的自称，二者其一。"
        raise Malformed(detail, field="organisation")
    return taken


def read(*, by: str, reason: str) -> ComplaintRead:
    """Recorded before anything is shown."""
    required_by(RULES["O-12"], reason, "reason", "查看投诉人须写明理由。", OURS)
    return ComplaintRead(by=by, reason=reason)


def forget(complaint: Complaint, now: datetime) -> tuple[ComplainantForgotten, ...]:
    """Once."""
    return (ComplainantForgotten(at=now),) if complaint.over is not None else ()


def may_decide(complaint: Complaint) -> None:
    if complaint.outcome is not None:
        raise RuleBroken(RULES["O-12"], "该投诉已经处理。")


def decide(
    complaint: Complaint, *, outcome: Outcome, document: str, findings: str, now: datetime
) -> ComplaintDecided:
    """What isn't registered is banned; what is registered isn't."""
    may_decide(complaint)
    required_by(RULES["O-12"], findings, "findings", "须写明查明的情况。")
    if outcome in PUBLIC:
        required_by(RULES["O-12"], document, "document", "处罚、取缔须有决定文书。")
    if (outcome is Outcome.BANNED) and complaint.organisation is not None:
        detail = "在册组织依登记程序终止，不作取缔。"
        raise RuleBroken(RULES["O-12"], detail, field="outcome")
    return ComplaintDecided(outcome=outcome, document=document, findings=findings, at=now)


def may_publish(complaint: Complaint) -> None:
    if not complaint.to_publish:
        raise RuleBroken(RULES["O-12"], "处罚、取缔决定公开一次。", clause=COMPLAINTS)


def publish(complaint: Complaint, *, notice: str, now: datetime) -> DecisionPublished:
    may_publish(complaint)
    required_by(RULES["O-12"], notice, "notice", "须写明公告内容。")
    return DecisionPublished(notice=notice, at=now)


def may_revoke(complaint: Complaint) -> None:
    if complaint.outcome not in PUBLIC or complaint.revoked is not None:
        raise RuleBroken(RULES["O-12"], "处罚、取缔决定可以撤销一次。", clause=OURS)


def revoke(complaint: Complaint, *, document: str, reason: str, now: datetime) -> DecisionRevoked:
    """What was made public says so from then on (ours)."""
    may_revoke(complaint)
    required_by(RULES["O-12"], document, "document", "撤销须有决定文书。", OURS)
    required_by(RULES["O-12"], reason, "reason", "撤销须写明理由。", OURS)
    return DecisionRevoked(document=document, reason=reason, at=now)


def evolve(complaint: Complaint | None, event: ComplaintEvent) -> Complaint:
    if isinstance(event, ComplaintTaken):
        return Complaint(
            id=event.id,
            organisation=event.organisation,
            called=event.called,
            name=event.name or event.called,
            street=event.street,
            ground=event.ground,
            taken_by=event.by,
            taken_at=event.at,
        )
    if complaint is None:
        raise ValueError("a complaint is taken first")
    match event:
        case ComplaintRead():
            return complaint
        case ComplainantForgotten():
            return replace(complaint, forgotten=True)
        case ComplaintDecided():
            return replace(
                complaint,
                outcome=event.outcome,
                document=event.document,
                findings=event.findings,
                decided_at=event.at,
            )
        case DecisionRevoked():
            return replace(complaint, revoked=event)
        case DecisionPublished():
            return replace(complaint, notice=event.notice, published_at=event.at)
        case _:
            assert_never(event)
