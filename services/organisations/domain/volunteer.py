"""O-15: a volunteer: what was given and confirmed, and the account of hours and points that follows.

Who it is stands sealed. The account is the sum of its entries; an entry is never changed. Points are
in hundredths.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.errors import NotFound

from .resettling import Resettled, Transferred


class ServiceKind(StrEnum):
    """What is given (ours)."""

    ELDERLY = "elderly"
    CHILDREN = "children"
    DISABLED = "disabled"
    ENVIRONMENT = "environment"
    SAFETY = "safety"
    CULTURE = "culture"
    MEDIATION = "mediation"
    OTHER = "other"


class Receiver(StrEnum):
    """Who may have received it: an office, another volunteer, or a resident."""

    COMMUNITY = "community"
    STREET = "street"
    DEPARTMENT = "department"
    SUPPLIER = "supplier"
    VOLUNTEER = "volunteer"
    RESIDENT = "resident"


class EntryKind(StrEnum):
    EARNED = "earned"
    REVERSED = "reversed"
    DRAWN = "drawn"
    RESTORED = "restored"
    REDEEMED = "redeemed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`of`: the service, need or reward it is about; `expires` when what was earned is over, if ever."""

    id: str
    kind: EntryKind
    of: str
    minutes: int
    points: int
    at: datetime
    expires: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One time of service. `receiver`: the office that received it, a volunteer, or a resident."""

    id: str
    kind: ServiceKind
    begins: datetime
    ends: datetime
    receiver: str
    recorded_by: str
    recorded_at: datetime
    need: str | None = None
    confirmed_by: str | None = None
    paper: str | None = None
    rejected: str | None = None
    withdrawn: str | None = None
    reversed: bool = False

    @property
    def minutes(self) -> int:
        return int((self.ends - self.begins).total_seconds()) // 60

    @property
    def counts(self) -> bool:
        """Whether its time is taken."""
        return self.rejected is None and self.withdrawn is None and not self.reversed

    @property
    def waits(self) -> bool:
        return self.confirmed_by is None and self.counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What came of it, of a year: 1 to 5."""

    year: int
    by: str
    benefit: str
    mark: int

    @property
    def of(self) -> tuple[int, str]:
        return self.year, self.by


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerRegistered:
    """`roll_number`: of the roll it came from, where it did."""

    id: str
    roll_number: str | None = None
    street: str
    community: str
    organisation: str | None = None
    offers: tuple[ServiceKind, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OffersChanged:
    offers: tuple[ServiceKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRecorded:
    service: Service


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceConfirmed:
    service: str
    by: str
    paper: str | None = None
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRejected:
    service: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceWithdrawn:
    """By who recorded it, before it was confirmed."""

    service: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceReversed:
    service: str
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMoved:
    """Drawn, given back, redeemed or expired."""

    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitAssessed:
    assessment: Assessment


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitCorrected:
    """In the place of what the same office assessed of the year before."""

    assessment: Assessment
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerNamed:
    """Who it is stands sealed."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerForgotten:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerRead:
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerLeft:
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerReturned:
    """Who had left is there again, with his account; a name that has gone by then is sealed anew."""

    at: datetime


ServiceEvent = (
    ServiceRecorded | ServiceConfirmed | ServiceRejected | ServiceWithdrawn | ServiceReversed
)
PlaceEvent = Resettled | Transferred
VolunteerEvent = (
    VolunteerRegistered
    | OffersChanged
    | ServiceEvent
    | AccountMoved
    | BenefitAssessed
    | BenefitCorrected
    | VolunteerNamed
    | VolunteerRead
    | VolunteerForgotten
    | VolunteerLeft
    | VolunteerReturned
    | PlaceEvent
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Volunteer:
    id: str
    roll_number: str | None = None
    street: str
    community: str
    organisation: str | None = None
    offers: tuple[ServiceKind, ...]
    registered_at: datetime
    left_at: datetime | None = None
    named: bool = False
    services: tuple[Service, ...] = ()
    entries: tuple[Entry, ...] = ()
    assessments: tuple[Assessment, ...] = ()

    @property
    def active(self) -> bool:
        return self.left_at is None

    @property
    def over(self) -> datetime | None:
        """Since when it has left, while its name is still kept."""
        return self.left_at if self.named else None

    @property
    def balance(self) -> int:
        """Minutes that may be drawn."""
        return sum(one.minutes for one in self.entries)

    @property
    def points(self) -> int:
        """Hundredths."""
        return sum(one.points for one in self.entries)

    @property
    def given(self) -> int:
        """Minutes that were confirmed and not reversed, whatever was drawn since."""
        kinds = (EntryKind.EARNED, EntryKind.REVERSED)
        return sum(one.minutes for one in self.entries if one.kind in kinds)

    def service(self, id: str) -> Service:
        found = next((one for one in self.services if one.id == id), None)
        if found is None:
            raise NotFound
        return found

    def of(self, office: str) -> "Volunteer":
        """What an office that isn't shown the volunteer received of it, or recorded of it: no other service, and
        nothing of its account."""
        own = (one for one in self.services if office in (one.receiver, one.recorded_by))
        return replace(
            self, roll_number=None, offers=(), services=tuple(own), entries=(), assessments=()
        )


def evolve(volunteer: Volunteer | None, event: VolunteerEvent) -> Volunteer:
    if isinstance(event, VolunteerRegistered):
        return Volunteer(
            id=event.id,
            roll_number=event.roll_number,
            street=event.street,
            community=event.community,
            organisation=event.organisation,
            offers=event.offers,
            registered_at=event.at,
        )
    if volunteer is None:
        raise ValueError("a volunteer is registered first")
    if isinstance(event, ServiceEvent):
        return _given(volunteer, event)
    if isinstance(event, PlaceEvent):
        return _placed(volunteer, event)
    match event:
        case OffersChanged():
            return replace(volunteer, offers=event.offers)
        case AccountMoved():
            return _moved(volunteer, event.entry)
        case BenefitAssessed() | BenefitCorrected():
            others = (one for one in volunteer.assessments if one.of != event.assessment.of)
            return replace(volunteer, assessments=(*others, event.assessment))
        case VolunteerNamed() | VolunteerForgotten():
            return replace(volunteer, named=isinstance(event, VolunteerNamed))
        case VolunteerRead():
            return volunteer
        case VolunteerLeft():
            return replace(volunteer, left_at=event.at)
        case VolunteerReturned():
            return replace(volunteer, left_at=None)
        case _:
            assert_never(event)


def _placed(volunteer: Volunteer, event: PlaceEvent) -> Volunteer:
    """By hand, what somebody has to confirm stays his."""
    if isinstance(event, Resettled):
        return resettled(volunteer, event)
    return replace(volunteer, street=event.street, community=event.community)


def _given(volunteer: Volunteer, event: ServiceEvent) -> Volunteer:
    if isinstance(event, ServiceRecorded):
        return replace(volunteer, services=(*volunteer.services, event.service))
    found = volunteer.service(event.service)
    match event:
        case ServiceConfirmed():
            confirmed = replace(found, confirmed_by=event.by, paper=event.paper)
            return _moved(_served(volunteer, confirmed), event.entry)
        case ServiceRejected():
            return _served(volunteer, replace(found, rejected=event.reason))
        case ServiceWithdrawn():
            return _served(volunteer, replace(found, withdrawn=event.reason))
        case ServiceReversed():
            return _moved(_served(volunteer, replace(found, reversed=True)), event.entry)
        case _:
            assert_never(event)


def resettled(volunteer: Volunteer, to: Resettled) -> Volunteer:
    """With the community that has to confirm or may withdraw what it gave, wherever the volunteer is."""
    services = tuple(
        replace(one, receiver=to.follows(one.receiver), recorded_by=to.follows(one.recorded_by))
        if one.waits
        else one
        for one in volunteer.services
    )
    after = replace(volunteer, services=services)
    if volunteer.community != to.before:
        return after
    return replace(after, street=to.street, community=to.community)


def _served(volunteer: Volunteer, service: Service) -> Volunteer:
    services = tuple(service if one.id == service.id else one for one in volunteer.services)
    return replace(volunteer, services=services)


def _moved(volunteer: Volunteer, entry: Entry) -> Volunteer:
    return replace(volunteer, entries=(*volunteer.entries, entry))
