"""What happens to an agreement. Areas are hundredths of a m², due dates days of Asia/Shanghai."""

from dataclasses import dataclass
from datetime import date, datetime

from .inspection import Inspection, Point, Remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One part of the area, when it was handed over, and what was missed at its inspection."""

    area: int
    at: datetime
    inspection: int | None = None
    remedies: tuple[Remedy, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an agreement says; `developer` is an organisation, never a person."""

    project: str
    developer: str
    households: int
    area_owed: int
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementSigned:
    """Signed by developer (an organisation) and street. Areas are hundredths of a m².

    One that replaces another carries on what had been handed over under it.
    """

    agreement: str
    project: str
    community: str
    street: str
    developer: str
    households: int
    area_owed: int
    due: date
    at: datetime
    replaces: str | None = None
    carried: tuple[Handover, ...] = ()
    inspected: tuple[Inspection, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PremisesInspected:
    inspection: Inspection


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionCorrected:
    """As it should have been written, before anything was handed over by it."""

    inspection: Inspection
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PremisesHandedOver:
    """`inspection` is empty in what was recorded before inspections were."""

    area: int
    at: datetime
    inspection: int | None = None
    remedies: tuple[Remedy, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyDone:
    inspection: int
    point: Point
    photos: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementFulfilled:
    """Nothing is outstanding any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementOverdue:
    """The due day ended with area outstanding."""

    due: date
    outstanding: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementExtended:
    due_before: date
    due: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementCancelled:
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementReplaced:
    """Over, for another one that begins under these terms."""

    by: str
    terms: Terms
    reason: str
    at: datetime


AgreementEvent = (
    AgreementSigned
    | PremisesInspected
    | InspectionCorrected
    | RemedyDone
    | AgreementReplaced
    | PremisesHandedOver
    | AgreementFulfilled
    | AgreementOverdue
    | AgreementExtended
    | AgreementCancelled
)
