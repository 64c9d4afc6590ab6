"""What housing tells: the register of communities, and what developers owe. Areas are hundredths of a m²."""

from typing import ClassVar, Literal

from .event import Code, Event, Instant


class CommunityProfiled(Event):
    """A community as others need it; the latest wins. `listed` says how many the register holds."""

    type: ClassVar[str] = "housing.community_profiled.v1"

    code: Code
    name: str
    kind: Literal["urban", "village_converted"] | None = None
    households: int | None = None
    valid_from: str
    valid_to: str | None = None
    listed: int


class AgreementSigned(Event):
    type: ClassVar[str] = "housing.agreement_signed.v1"

    agreement: str
    area_owed: int
    due: str


class AgreementChanged(Event):
    """Extended, cancelled, replaced or fulfilled; due dates are Asia/Shanghai days."""

    type: ClassVar[str] = "housing.agreement_changed.v1"

    agreement: str
    change: Literal["extended", "cancelled", "replaced", "fulfilled"]
    due_before: str
    due: str
    was_overdue: bool
    """Whether the date before had been missed and published."""


class AgreementOverdue(Event):
    """Past its due date with area outstanding: once per due date."""

    type: ClassVar[str] = "housing.agreement_overdue.v1"

    agreement: str
    due: str
    area_outstanding: int


class PremisesHandedOver(Event):
    type: ClassVar[str] = "housing.premises_handed_over.v1"

    agreement: str
    area: int
    at: Instant
