"""Who may sit on a committee, how a seat is filled and how it ends: by seat, never by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MemberClass(StrEnum):
    """What a member stands for: the annex's classes."""

    CADRE = "cadre"
    DELEGATE = "delegate"
    INTELLECTUAL = "intellectual"
    DEMOCRATIC_PARTY = "democratic_party"
    ETHNIC_RELIGIOUS = "ethnic_religious"
    PRIVATE_ECONOMY = "private_economy"
    NEW_STRATUM = "new_stratum"
    OVERSEAS = "overseas"
    NOTABLE = "notable"
    ASSOCIATION = "association"
    RESIDENTS_GROUP = "residents_group"
    PROPERTY_FIRM = "property_firm"
    OWNERS_COMMITTEE = "owners_committee"
    VETERAN = "veteran"
    RESIDENT = "resident"
    MASS_ORGANISATION = "mass_organisation"
    SOCIAL_WORKER = "social_worker"


class Route(StrEnum):
    """Recommended by a community, unit, firm or organisation, or put forward by oneself."""

    RECOMMENDED = "recommended"
    SELF = "self"


class Disqualifier(StrEnum):
    """What keeps somebody from a seat: the first three within the last five years."""

    DISCIPLINE = "discipline"
    CRIME = "crime"
    GANG = "gang"
    OPEN_CASE = "open_case"
    PETITIONING = "petitioning"
    VETOED = "vetoed"
    SUPERSTITION = "superstition"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A disqualifier, and what shows it."""

    ground: Disqualifier
    evidence: str


class Ended(StrEnum):
    """Why a seat ended within its term."""

    DISQUALIFIED = "disqualified"
    OWN_WISH = "own_wish"
    ABSENT = "absent"
    DISRUPTION = "disruption"
    PENALTY = "penalty"
    OTHER = "other"


class Stage(StrEnum):
    """Where a nomination stands: nominated → deliberated → publicised → (agreed) → appointed."""

    NOMINATED = "nominated"
    DELIBERATED = "deliberated"
    PUBLICISED = "publicised"
    AGREED = "agreed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """Raised while it was publicised; answered on record."""

    text: str
    answer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Nomination:
    """For a seat that isn't filled yet. `until`: when its publicity ends, so many working `days` after it was
    `publicised_at`, as far as these were known then.
    """

    seat: str
    non_party: bool
    member_class: MemberClass
    route: Route
    stage: Stage = Stage.NOMINATED
    until: datetime | None = None
    publicised_at: datetime | None = None
    days: int | None = None
    objections: tuple[Objection, ...] = ()


# What can happen


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberNominated:
    seat: str
    non_party: bool
    member_class: MemberClass
    route: Route


@dataclass(frozen=True, slots=True, kw_only=True)
class NominationDeliberated:
    seat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NominationPublicised:
    """`at`, `days`: none before they were kept."""

    seat: str
    until: datetime
    days: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionRaised:
    seat: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionsAnswered:
    """All that are open, by one answer."""

    seat: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NominationAgreed:
    """By the street, to what a community appoints."""

    seat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NominationDropped:
    seat: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberAppointed:
    """`letter`: the number of the letter of appointment, which is the card's too."""

    seat: str
    letter: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatEnded:
    """Within the term: why, and by what it is shown."""

    seat: str
    why: Ended
    found: Found | None = None
    note: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsencesCounted:
    """The fixed members who stayed away from a session, after notice and without a reason."""

    session: str
    seats: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceWarned:
    """Of a second absence: the third is a ground to dismiss."""

    seat: str


class Grade(StrEnum):
    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


REWARDED = frozenset({Grade.EXCELLENT, Grade.GOOD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What no record counts: `mediated` disputes, `useful` ones of its proposals, `outstanding` work."""

    mediated: int
    useful: int
    outstanding: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberAssessed:
    """With what was counted when it was: of `sessions` so many `attended`, so often it `spoke`."""

    seat: str
    year: int
    grade: Grade
    work: Work
    sessions: int
    attended: int
    spoke: int
    proposed: int
    reward: str | None = None
    at: datetime

    @property
    def of(self) -> tuple[str, int]:
        """Of which seat, and in which year."""
        return self.seat, self.year


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentCorrected:
    """As it should have said, on the same counts; what it said before stays on the trail."""

    assessed: MemberAssessed
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsAllocated:
    """How many fixed seats each class has, as the street's party committee fixed it."""

    seats: Mapping[MemberClass, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitteeDissolved:
    """Before its term is over."""

    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberNamed:
    """Who sits there is kept, sealed, elsewhere, until so many `days` after the seat's end."""

    seat: str
    days: int = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRead:
    """By which office, and why."""

    seat: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberForgotten:
    seat: str


NamingEvent = MemberNamed | NameRead | MemberForgotten
NominationEvent = (
    MemberNominated
    | NominationDeliberated
    | NominationPublicised
    | ObjectionRaised
    | ObjectionsAnswered
    | NominationAgreed
    | NominationDropped
)
MemberEvent = (
    NominationEvent
    | MemberAppointed
    | SeatEnded
    | AbsencesCounted
    | AbsenceWarned
    | MemberAssessed
    | AssessmentCorrected
)
