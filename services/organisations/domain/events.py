"""What happens to an organisation, in our own words; what of it others are told stands in `announce`."""

from dataclasses import dataclass
from datetime import date, datetime

from .kinds import Exclusion, Kind, Left, Sector
from .parts import Approval, Examination, Founder, Licensed, Listing


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
    certificate: str
    on: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationRefused:
    excluded: tuple[Exclusion, ...]
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
    listing: str
    on: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingLeft:
    listing: str
    left: Left
    on: date
    why: str | None = None
    at: datetime


OrganisationEvent = (
    Applied
    | SupervisorSaid
    | Examined
    | OrganisationRegistered
    | RegistrationRefused
    | ListingProposed
    | ListingAnswered
    | ListingEntered
    | ListingLeft
)
