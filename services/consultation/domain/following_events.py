"""What can happen to a matter after its session: reported, decided, fed back, published, carried out."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Awaited(StrEnum):
    """What is due next: 议事专报, the decision on it, its feedback, the public notice, how it goes on; and
    beside these the answer to what a member found."""

    REPORT = "report"
    FILING = "filing"
    DECISION = "decision"
    FEEDBACK = "feedback"
    PUBLICATION = "publication"
    PROGRESS = "progress"
    ANSWER = "answer"


class Decision(StrEnum):
    """Of the party committee on what a session came to."""

    ADOPTED = "adopted"
    PARTLY = "partly"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStarted:
    """For what is due next; `provisional` where it falls on days whose notice isn't out yet.

    `days`: how many working days after `since`; neither of natural days, nor before they were kept.
    """

    awaited: Awaited
    due: datetime
    provisional: bool
    since: datetime | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRenewed:
    """Counted again, once more of the working days are known."""

    due: datetime
    provisional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMissed:
    """`inspection`: whose answer it was, of an `answer`."""

    awaited: Awaited
    due: datetime
    inspection: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeSentUp:
    """《议事专报》 to the party committee; below the street, back to who entrusted the matter."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeDecided:
    """`on`: the day it was, none where nobody said."""

    decision: Decision
    reasons: str | None = None
    on: date | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersToldBack:
    """`informed`: how many fixed members were told what became of it, `written` in writing."""

    feedback: str
    informed: int
    written: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomePublished:
    """On the notice board and online."""

    notice: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressReported:
    progress: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterClosed:
    """`result`: where it was carried out; without it there was nothing to carry out.

    `on`: the day it was done.
    """

    result: str | None = None
    on: date | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterReopened:
    """再协商: back to its session."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeFiled:
    """Of a quarter or building, with the community's party organisation."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedElsewhere:
    """What came of it where it was deliberated for another's decision."""

    adopted: bool
    result: str
    at: datetime


class Answerer(StrEnum):
    """Where a referral went."""

    WHISTLE = "whistle"
    UPPER_COMMITTEE = "upper_committee"
    PROCUREMENT = "procurement"
    MEDIATION = "mediation"


class Came(StrEnum):
    """What became of it there, as who had it tells: a whistle or its problem, a matter, a contract, a dispute."""

    SETTLED = "settled"
    RESOLVED = "resolved"
    PARTLY_RESOLVED = "partly_resolved"
    CANNOT_ACT = "cannot_act"
    NOT_OURS = "not_ours"
    INVALID = "invalid"
    REJECTED = "rejected"
    COMPLETED = "completed"
    CLOSED = "closed"
    NOT_TAKEN_UP = "not_taken_up"
    CONTRACT_SIGNED = "contract_signed"
    UNSUITED = "unsuited"
    REFUSED = "refused"
    NO_AGREEMENT = "no_agreement"
    NOT_PERFORMED = "not_performed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralAnswered:
    """What came of it there; `about`: the problem, whistle or matter it became."""

    by: Answerer
    about: str
    outcome: Came
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedFound:
    """A service that should be bought, as the session found. `need`: its id, the matter's and a number."""

    need: str
    title: str
    at: datetime


FollowingEvent = (
    NeedFound
    | ReferralAnswered
    | OutcomeFiled
    | DecidedElsewhere
    | ClockStarted
    | ClockRenewed
    | DateMissed
    | OutcomeSentUp
    | OutcomeDecided
    | MembersToldBack
    | OutcomePublished
    | ProgressReported
    | MatterClosed
    | MatterReopened
)
