"""What can happen to a session of a committee. Past tense, immutable, private to this service."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .committee import Level
from .events import Conclusion
from .minutes import Sealed
from .resettling import Resettled


class SessionKind(StrEnum):
    """工作例会, or 专题 about one matter."""

    REGULAR = "regular"
    TOPICAL = "topical"


class Calling(StrEnum):
    """By the year's plan, or in between: by the party committee together, or by members jointly."""

    PLAN = "plan"
    PARTY_COMMITTEE = "party_committee"
    MEMBERS = "members"


class Chair(StrEnum):
    """Who chairs: in principle the deputy secretary at the street, the secretary below it."""

    DEPUTY_SECRETARY = "deputy_secretary"
    SECRETARY = "secretary"
    OTHER = "other"


class Side(StrEnum):
    IN_FAVOUR = "in_favour"
    AGAINST = "against"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    in_favour: int
    against: int
    abstained: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionCalled:
    """`held_at`: when it shall begin; `joined`: the seats that called for it together;
    `hearing`: 民主听证会; `fixed`: the fixed members of that day, whose number no later dismissal lowers."""

    committee: str
    level: Level
    street: str
    community: str | None = None
    kind: SessionKind
    called_by: Calling
    joined: tuple[str, ...] = ()
    matter: str | None = None
    hearing: bool = False
    place: str
    fixed: tuple[str, ...] = ()
    held_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeGiven:
    """With the titles of the papers that went out; `seats`: the fixed members of that day, who had it; `days`: how many
    working days before the session it has to be (neither said before that was recorded)."""

    papers: tuple[str, ...]
    seats: tuple[str, ...] = ()
    days: int | None = None
    at: datetime


class Source(StrEnum):
    EXPERT = "expert"
    THIRD_PARTY = "third_party"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionFiled:
    """Of an expert or a third party, among the papers."""

    title: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgencyDeclared:
    """By the party committee: it opens without five working days' notice."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsArrived:
    seats: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsLeft:
    seats: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QuorumLost:
    """By who left: `present` fixed members are fewer than half."""

    present: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestDeclared:
    """An interest of one's own in the matter."""

    seat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOpened:
    """`fixed`: the fixed members of that day, who count for the quorum."""

    chair: Chair
    why_chair: str | None = None
    fixed: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorAsked:
    seat: str
    side: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorGiven:
    seat: str
    side: Side
    at: datetime


class AgendaItem(StrEnum):
    """What a regular meeting hears of the street."""

    YEAR_REPORT = "year_report"
    BUDGET = "budget"
    ACCOUNTS = "accounts"
    PLANS = "plans"
    PROJECTS = "projects"
    APPRAISAL = "appraisal"
    PROPOSALS = "proposals"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratings:
    """How many rated how; who did is kept nowhere."""

    good: int
    fair: int
    poor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItemHeard:
    """`ratings`: of a democratic appraisal of the street's leading bodies and their members."""

    item: AgendaItem
    record: str
    ratings: Ratings | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTaken:
    """What the session came to, with who was there at that moment; votes where it voted."""

    conclusion: Conclusion
    votes: Votes | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionAdjourned:
    """`absent`: as of one that is closed, where it was for want of a quorum."""

    reason: str
    absent: tuple[str, ...] = ()
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatExcused:
    """Stays away with a reason."""

    seat: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionClosed:
    """`summary`: what the chair summed up as agreed; `absent`: the fixed members who never came to a
    session they had notice of, without a reason."""

    summary: str
    absent: tuple[str, ...] = ()
    minutes: Sealed | None = None
    at: datetime


class Signatory(StrEnum):
    """Who signs the minutes."""

    CHAIR = "chair"
    RECORDER = "recorder"


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesSigned:
    """`by`: the office that signed for it."""

    signatory: Signatory
    by: str
    sealed: Sealed
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexAdded:
    """What is put right after the end: the minutes stay as they were. `text` says what the line does."""

    sealed: Sealed
    text: str = ""
    at: datetime


SessionEvent = (
    SessionCalled
    | NoticeGiven
    | OpinionFiled
    | UrgencyDeclared
    | SeatsArrived
    | SeatsLeft
    | QuorumLost
    | InterestDeclared
    | SeatExcused
    | SessionOpened
    | FloorAsked
    | FloorGiven
    | AgendaItemHeard
    | DecisionTaken
    | SessionAdjourned
    | SessionClosed
    | MinutesSigned
    | AnnexAdded
    | Resettled
)
