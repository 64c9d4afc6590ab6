"""What an organisation is made of."""

from dataclasses import dataclass
from datetime import date, datetime

from chassis.kernel.clock import Deadline

from .kinds import (
    CheckItem,
    CheckResult,
    Ending,
    Exclusion,
    Ground,
    Item,
    Left,
    ListKind,
    MatterKind,
    PartyForm,
    Post,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Founder:
    """By seat; who it is stands sealed. `approval` is the paper by which an official may."""

    seat: str
    main: bool = False
    defaulter: bool = False
    official: bool = False
    approval: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Licensed:
    """A matter in its scope that needs a licence, and the licence's number where there is one."""

    matter: str
    licence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """The supervising unit's written word."""

    document: str
    agreed: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """O-13: how the party is there, and how many members; counts only."""

    form: PartyForm
    members: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What was looked at, who was heard, and what was found against it."""

    items: tuple[Item, ...]
    heard: str
    departments: tuple[str, ...]
    experts_needed: bool
    experts: str | None = None
    excluded: tuple[Exclusion, ...]
    party: Party
    opinion: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Proposed with its ground, answered until `answer_by`, `days` working days later, entered, and left.

    `until` is its last day where it has a term; `answer` what the organisation said to it.
    """

    id: str
    list: ListKind
    ground: Ground
    findings: str
    proposed_at: datetime
    answer_by: datetime
    days: int | None = None
    until: date | None = None
    answer: str | None = None
    entered_on: date | None = None
    left: Left | None = None
    left_on: date | None = None
    why: str | None = None

    @property
    def open(self) -> bool:
        return self.left is None

    @property
    def stands(self) -> bool:
        return self.entered_on is not None and self.left is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """One term of a post. Who it is stands sealed under `seat`.

    `founder` is the seat of the founder it is; `opens` when publicity of `days` working days is over; `audit_due` until
    when a legal representative that left is audited.
    """

    seat: str
    post: Post
    official: bool
    civil_servant: bool
    publicised_at: datetime
    opens: datetime
    days: int | None = None
    founder: str | None = None
    approval: str | None = None
    seated_on: date | None = None
    left_on: date | None = None
    audit: Deadline | None = None
    audited: str | None = None
    audit_missed: bool = False
    reports: tuple[int, ...] = ()

    @property
    def serves(self) -> bool:
        return self.seated_on is not None and self.left_on is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """Bad conduct of a founder or head, by seat, as a paper found it."""

    seat: str
    what: str
    document: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """`late`: reported only after it had happened; `after` is the report of what came of it."""

    id: str
    kind: MatterKind
    what: str
    on: date
    reported_at: datetime
    late: bool
    clock: Deadline
    after: str | None = None
    after_at: datetime | None = None
    missed: bool = False

    @property
    def awaited(self) -> bool:
        return self.after is None and not self.missed


@dataclass(frozen=True, slots=True, kw_only=True)
class YearReport:
    """What an organisation says of a year, open to the public. Money in fen."""

    registration: str
    rating: str
    enforcement: str
    activities: str
    income: int
    spending: int
    donations: int
    donations_used: str
    late: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class YearCheck:
    items: tuple[CheckItem, ...]
    simplified: bool
    result: CheckResult
    opinion: str
    party: Party
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    year: int
    report: YearReport | None = None
    check: YearCheck | None = None
    missed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """So many A, given by an evaluator of its own standing, until its last day."""

    grade: int
    evaluator: str
    document: str
    on: date
    until: date
    ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotCheck:
    """`draw`: by which the lot fell on it, where it did."""

    by: str
    on: date
    findings: str
    document: str
    draw: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How it comes off the register, and what liquidation found; assets go on, never out."""

    how: Ending
    document: str
    findings: str
    begun_on: date
    liquidation: str | None = None
    assets_to: str | None = None
    over_on: date | None = None
