"""What housing tells: the register of communities, and what developers owe. Areas are hundredths of a m²."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from .event import Code, Day, Event, Id, Instant, Name

Hundredths = Annotated[int, Field(ge=0)]


class CommunityProfiled(Event):
    """A community as others need it; the latest wins. `listed` says how many the register holds."""

    type: ClassVar[str] = "housing.community_profiled.v1"

    code: Code
    name: Name
    kind: Literal["urban", "village_converted"] | None = None
    households: int | None = None
    valid_from: Day
    valid_to: Day | None = None
    listed: int


class AgreementSigned(Event):
    """A developer owes a community premises, by a date."""

    type: ClassVar[str] = "housing.agreement_signed.v1"

    agreement: Id
    area_owed: Hundredths
    due: Day


class AgreementChanged(Event):
    """Extended, cancelled, replaced or fulfilled; due dates are Asia/Shanghai days."""

    type: ClassVar[str] = "housing.agreement_changed.v1"

    agreement: Id
    change: Literal["extended", "cancelled", "replaced", "fulfilled"]
    due_before: Day
    due: Day
    was_overdue: bool
    """Whether the date before had been missed and published."""


class AgreementOverdue(Event):
    """Past its due date with area outstanding: once per due date."""

    type: ClassVar[str] = "housing.agreement_overdue.v1"

    agreement: Id
    due: Day
    area_outstanding: Hundredths


class PremisesHandedOver(Event):
    """A part of what was owed has been handed over and accepted."""

    type: ClassVar[str] = "housing.premises_handed_over.v1"

    agreement: Id
    area: Hundredths
    at: Instant
