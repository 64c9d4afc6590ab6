"""What happens to an organisation, in our own words; what of it others are told stands in `announce`."""

from dataclasses import dataclass
from datetime import date, datetime

from chassis.kernel.clock import Deadline

from .kinds import Exclusion, Kind, Left, Sector
from .parts import (
    Approval,
    Conduct,
    End,
    Examination,
    Founder,
    Head,
    Licensed,
    Listing,
    Matter,
    Party,
    Rating,
    SpotCheck,
    YearCheck,
    YearReport,
)
from .resettling import Resettled


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """`grants`: a foundation mainly gives; `pledge` is the paper by which founders answer for theirs."""

    code: str
    name: str
    kind: Kind
    sector: Sector
    street: str | None = None
    community: str | None = None
    supervising: str | None = None
    purpose: str
    scope: str
    funds: int
    grants: bool
    pledge: str
    founders: tuple[Founder, ...]
    licensed: tuple[Licensed, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorSaid:
    approval: Approval


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    examination: Examination


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRegistered:
    """`report_by`: month and day by which it reports on the year before."""

    certificate: str
    on: date
    report_by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationRefused:
    excluded: tuple[Exclusion, ...]
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationChanged:
    """Put right, or since the day `on` another; None of what stays. `street` and `community` are one: where it is.

    `approval`: the paper by which its supervising unit agreed to it.
    """

    name: str | None = None
    kind: Kind | None = None
    sector: Sector | None = None
    supervising: str | None = None
    street: str | None = None
    community: str | None = None
    purpose: str | None = None
    scope: str | None = None
    funds: int | None = None
    grants: bool | None = None
    licensed: tuple[Licensed, ...] | None = None
    certificate: str | None = None
    registered_on: date | None = None
    on: date | None = None
    approval: Approval | None = None
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingProposed:
    """Told to the organisation, which may answer."""

    listing: Listing


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingAnswered:
    listing: str
    answer: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingEntered:
    """`until`: its last day, where the decision gives the term; before it was, the notice did."""

    listing: str
    on: date
    until: date | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingLeft:
    listing: str
    left: Left
    on: date
    why: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadPublicised:
    """Proposed, and shown to the public before it takes office."""

    head: Head


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNamed:
    """Who a seat is stands sealed."""

    seat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleForgotten:
    """Their term is over: who these seats were is kept no longer."""

    seats: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRead:
    seat: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadSeated:
    seat: str
    on: date
    party: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadLeft:
    """`audit`: until when a legal representative is audited."""

    seat: str
    on: date
    reason: str
    audit: Deadline | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadAudited:
    seat: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditMissed:
    seat: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadReported:
    """A legal representative on itself, of a year."""

    seat: str
    year: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConductRecorded:
    conduct: Conduct


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterReported:
    matter: Matter


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterFollowed:
    """What came of it."""

    matter: str
    after: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterMissed:
    matter: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class YearReported:
    year: int
    report: YearReport


@dataclass(frozen=True, slots=True, kw_only=True)
class YearChecked:
    year: int
    check: YearCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class YearMissed:
    year: int
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    rating: Rating


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingEnded:
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotChecked:
    check: SpotCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class EndBegun:
    """It is off the register, and liquidated."""

    end: End


@dataclass(frozen=True, slots=True, kw_only=True)
class Liquidated:
    document: str
    assets_to: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Deregistered:
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EndWithdrawn:
    """It was begun by mistake, and the organisation is on the register as before."""

    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRenewed:
    """A clock counted again on another calendar: of a matter, or of a head's audit."""

    about: str
    clock: Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationEntered:
    """From the register as it was before: it has its certificate already."""

    code: str
    name: str
    kind: Kind
    sector: Sector
    street: str | None = None
    community: str | None = None
    supervising: str | None = None
    scope: str
    certificate: str
    on: date
    report_by: str
    at: datetime


RegistrationEvent = SupervisorSaid | Examined | OrganisationRegistered | RegistrationRefused
ListingEvent = ListingProposed | ListingAnswered | ListingEntered | ListingLeft
HeadEvent = (
    HeadPublicised
    | PersonNamed
    | PersonRead
    | PeopleForgotten
    | HeadSeated
    | HeadLeft
    | HeadAudited
    | AuditMissed
    | HeadReported
    | ConductRecorded
)
WatchEvent = (
    MatterReported
    | MatterFollowed
    | MatterMissed
    | YearReported
    | YearChecked
    | YearMissed
    | Rated
    | RatingEnded
    | SpotChecked
)
EndEvent = EndBegun | Liquidated | EndWithdrawn | Deregistered
OrganisationEvent = (
    Applied
    | OrganisationEntered
    | RegistrationEvent
    | RegistrationChanged
    | ListingEvent
    | HeadEvent
    | WatchEvent
    | EndEvent
    | ClockRenewed
    | Resettled
)
