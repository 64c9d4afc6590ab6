"""A piece of work that somebody wants done in a community: what was asked, decided, and came of it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chassis.kernel.clock import end_of

CIVIL_AFFAIRS = "civil_affairs"
"""Its office is the leading group's."""


class Term(StrEnum):
    """`brief`: a training, a survey."""

    LONG = "long"
    STAGE = "stage"
    BRIEF = "brief"


class Provision(StrEnum):
    """How its cost is borne (费随事转)."""

    OFFICE = "office"
    STAFF = "staff"
    FUNDS = "funds"


class Mode(StrEnum):
    """How the community takes it on."""

    AUTHORISED = "authorised"
    ENTRUSTED = "entrusted"
    ASSISTING = "assisting"
    AGENCY = "agency"
    DIRECT = "direct"
    STAGE = "stage"


class Free(StrEnum):
    """Why it needs no admission."""

    LAW = "law"
    SUPERIOR = "superior"
    EMERGENCY = "emergency"


class Hearing(StrEnum):
    COORDINATION = "coordination"
    ARGUMENT = "argument"
    HEARING = "hearing"


class Group(StrEnum):
    """Whose leading group admitted it."""

    CITY = "city"
    DISTRICT = "district"
    STREET = "street"


class Status(StrEnum):
    CLAIMED = "claimed"
    APPLIED = "applied"
    REVIEWED = "reviewed"
    ADMITTED = "admitted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ARRANGED = "arranged"
    ENTERED = "entered"
    FALLING_SHORT = "falling_short"
    CONFIRMED_SHORT = "confirmed_short"
    ENDED = "ended"


class End(StrEnum):
    TERM = "term"
    FELL_SHORT = "fell_short"
    CONTESTED = "contested"


IN_FORCE = frozenset(
    {
        Status.ADMITTED,
        Status.ARRANGED,
        Status.ENTERED,
        Status.FALLING_SHORT,
        Status.CONFIRMED_SHORT,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What the form 《社区工作准入审批表》 asks for; `funds` in fen."""

    item: str
    basis: str
    aim: str
    task: str
    process: str
    assessed_by: str
    staff: str
    powers: str
    funds: int
    provision: Provision
    term: Term
    begins_on: date
    until: date | None = None
    own_body: bool = False
    headed_by_director: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    unit: str
    street: str
    community: str | None = None
    form: Form
    urgent: str | None = None
    """Why it can't wait."""
    out_of_season: str | None = None
    due: datetime
    provisional: bool = False
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Exempted:
    """It needs no admission, and is on the register with its basis; `claimed`: by the unit itself, so that the
    leading group's office has yet to say so. An emergency doesn't wait for that.
    """

    unit: str
    street: str
    community: str | None = None
    item: str
    free: Free
    basis: str
    until: date | None = None
    claimed: bool = False
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimAccepted:
    """It is free of admission."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """Another group's admission: a higher one's told down, a lower one's reported up."""

    unit: str
    street: str
    community: str | None = None
    item: str
    group: Group
    document: str
    mode: Mode
    scope: str = ""
    funds: int = 0
    until: date | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationCorrected:
    """Of another group's admission, as its document says in truth."""

    item: str
    document: str
    mode: Mode
    scope: str
    funds: int
    until: date | None = None
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """`heard`: offices of streets and communities."""

    hearing: Hearing | None = None
    heard: tuple[str, ...] = ()
    opinion: str
    on: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewMissed:
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """`on`: the day it was decided, where that was before, on paper."""

    mode: Mode
    scope: str = ""
    until: date | None = None
    document: str
    on: date | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    reason: str
    document: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """By the unit that asked, before it was decided."""

    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    how: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    on: date
    window: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FundsReceived:
    fen: int
    evidence: str
    on: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FundsCorrected:
    """What came, by its place in the order of entry, was entered with a wrong sum: `fen` is the right one."""

    number: int
    fen: int
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FundsMissing:
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """`recognition`: of 100 residents asked, how many approve."""

    effect: str
    funds: str
    recognition: int
    third_party: str | None = None
    enough: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortConfirmed:
    opinion: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentSetAside:
    """What fell short by it is in the community as before, to be assessed anew."""

    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TermShortened:
    """Its unit needs it no longer than that, and then it ends by itself."""

    until: date
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    how: End
    reason: str = ""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRenewed:
    due: datetime
    provisional: bool


AdmissionEvent = (
    Applied
    | Exempted
    | ClaimAccepted
    | Registered
    | RegistrationCorrected
    | Reviewed
    | ReviewMissed
    | Admitted
    | Refused
    | Withdrawn
    | Arranged
    | Entered
    | FundsReceived
    | FundsCorrected
    | FundsMissing
    | Assessed
    | ShortConfirmed
    | AssessmentSetAside
    | TermShortened
    | Ended
    | ClockRenewed
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    unit: str
    street: str
    community: str | None = None
    item: str
    asked_at: datetime
    group: Group = Group.DISTRICT
    form: Form | None = None
    free: Free | None = None
    basis: str = ""
    claimed: bool = False
    urgent: str | None = None
    out_of_season: str | None = None
    status: Status
    due: datetime | None = None
    provisional: bool = False
    review: Reviewed | None = None
    review_missed: bool = False
    mode: Mode | None = None
    scope: str = ""
    document: str = ""
    admitted_at: datetime | None = None
    refusal: Refused | None = None
    withdrawal: Withdrawn | None = None
    arranged: Arranged | None = None
    entered: Entered | None = None
    funds: int = 0
    received: tuple[FundsReceived, ...] = ()
    funds_corrected: tuple[FundsCorrected, ...] = ()
    funds_missed: bool = False
    assessments: tuple[Assessed, ...] = ()
    confirmed: ShortConfirmed | None = None
    until: date | None = None
    ended: Ended | None = None

    @property
    def brief(self) -> bool:
        return self.form is not None and self.form.term is Term.BRIEF

    @property
    def in_force(self) -> bool:
        return self.status in IN_FORCE

    def stood(self, at: datetime) -> bool:
        """Whether it was admitted then, and wasn't found since to be free of admission wrongly."""
        if self.admitted_at is None or at < self.admitted_at:
            return False
        over = self.until is not None and at >= end_of(self.until)
        ended = self.ended is not None and (self.ended.how is End.CONTESTED or at >= self.ended.at)
        return not (over or ended)

    @property
    def arrived(self) -> dict[int, int]:
        """What came, by its place, as it was put right last."""
        entered = {number: one.fen for number, one in enumerate(self.received, start=1)}
        return entered | {one.number: one.fen for one in self.funds_corrected}

    @property
    def still_owed(self) -> int:
        return max(self.funds - sum(self.arrived.values()), 0)

    @property
    def funds_due(self) -> datetime | None:
        """The day after it began, where its funds aren't all there."""
        if self.entered is None or self.funds_missed or not self.in_force or not self.still_owed:
            return None
        return end_of(self.entered.on)

    @property
    def review_due(self) -> datetime | None:
        waits = self.status is Status.APPLIED and not self.review_missed
        return self.due if waits else None

    @property
    def ends_at(self) -> datetime | None:
        return end_of(self.until) if self.in_force and self.until else None

    @property
    def next_due(self) -> datetime | None:
        dates = (self.review_due, self.funds_due, self.ends_at)
        return min((one for one in dates if one is not None), default=None)
