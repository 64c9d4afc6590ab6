"""Events of mediation: that a dispute came in, how it grew and how it ended; never whose it is."""

from typing import Annotated, ClassVar, Literal

from pydantic import StringConstraints

from .event import Code, Event, Id, Instant

Dispute = Literal[
    "family",
    "neighbours",
    "small_debt",
    "labour",
    "consumer",
    "traffic",
    "medical",
    "property_management",
    "land_contract",
    "environment",
    "other",
]
Risk = Literal["ordinary", "serious", "mass_incident"]


class CaseRegistered(Event):
    """A dispute is on record."""

    type: ClassVar[str] = "mediation.case_registered.v1"

    dispute: Dispute
    risk: Risk
    source: Code
    """Where it came from: `screening`, `parties`, `grid`, `police`, `court`, `petition`, `consultation`, …"""
    matter: Id | None = None
    """Consultation's, that was refused as a dispute of two parties."""
    at: Instant


class CaseEnded(Event):
    """A case is settled and visited, or its parties were told where else to go."""

    type: ClassVar[str] = "mediation.case_ended.v1"

    dispute: Dispute
    how: Literal["settled", "unsuited", "refused", "no_agreement", "not_performed"]
    way: Literal["people", "administrative", "judicial"]
    """By which it ended."""
    days: int
    """Whole ones since it was registered."""
    missed: int
    """Dates."""
    matter: Id | None = None
    at: Instant


class RiskRaised(Event):
    """It may become a mass incident: told to street and district at once."""

    type: ClassVar[str] = "mediation.risk_raised.v1"

    dispute: Dispute
    risk: Risk
    at: Instant


class MeetingMissed(Event):
    """The district's monthly or a street's half-monthly meeting on disputes wasn't held."""

    type: ClassVar[str] = "mediation.meeting_missed.v1"

    level: Literal["district", "street"]
    period: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}(-[12])?$")]
    """`2026-11` of the district's, `2026-11-1` or `2026-11-2` of a street's."""
    due: Instant


class SupervisionMissed(Event):
    """What was listed with a date wasn't settled or put right by it; told once."""

    type: ClassVar[str] = "mediation.supervision_missed.v1"

    dispute: Dispute | None = None
    """Of a case; none where a street or unit was listed."""
    due: Instant


class DateMissed(Event):
    """A step of a case wasn't taken by its date; told once for each date."""

    type: ClassVar[str] = "mediation.date_missed.v1"

    dispute: Dispute
    awaited: Literal["response", "decision", "mediation", "performance", "visit", "charge"]
    due: Instant
