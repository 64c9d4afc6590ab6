"""Events of housing: the register of communities, and what developers owe. Areas are hundredths of a m²."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from .event import Code, Day, Event, Id, Instant, Name

Hundredths = Annotated[int, Field(ge=0)]


class CommunityProfiled(Event):
    """A community as others need it; the latest wins. `listed` says how many the register holds."""

    type: ClassVar[str] = "housing.community_profiled.v1"

    code: Code
    name: Name
    street_name: Name | None = None
    kind: Literal["urban", "village_converted"] | None = None
    households: int | None = None
    valid_from: Day
    valid_to: Day | None = None
    listed: int
    became: Code | None = None
    """The community it was merged into, of one that ended so; what one that was split became is nobody's to guess."""


class YardsCounted(Event):
    """A community's yards, and how many households live in those of each kind."""

    type: ClassVar[str] = "housing.yards_counted.v1"

    yards: Annotated[int, Field(ge=0)]
    self_governed: Annotated[int, Field(ge=0)]
    public_unit: Annotated[int, Field(ge=0)]
    property_managed: Annotated[int, Field(ge=0)]


Degree = Annotated[int, Field(ge=-180_000_000, le=180_000_000)]
Ring = Annotated[tuple[tuple[Degree, Degree], ...], Field(min_length=4)]


class OutlineDrawn(Event):
    """Where a community lies; the latest wins."""

    type: ClassVar[str] = "housing.outline_drawn.v1"

    polygons: tuple[tuple[Ring, ...], ...]
    """Each its outer ring and then its holes; points are longitude and latitude in millionths of a degree, WGS 84."""


class BoundaryChanged(Event):
    """The day of a change of boundaries has come for this community: once for each that it names."""

    type: ClassVar[str] = "housing.boundary_changed.v1"

    change: Id
    kind: Literal["merge", "split", "rename", "retype", "move"]
    on: Day


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
    missed: tuple[Day, ...] = ()
    """Every date that was missed, the date before among them, oldest first."""
    replacement: Id | None = None
    """The agreement that takes its place."""


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


class StandardAssessed(Event):
    """What a community's rooms come to against the standard of the day; told when the answer or the street changes."""

    type: ClassVar[str] = "housing.standard_assessed.v1"

    day: Day
    standard: Code | None = None
    """The standard's id, as `GET …/standards` lists it."""
    required: Hundredths | None = None
    area: Hundredths
    """Of the rooms that the community may use in its own right."""
    met: bool | None = None
    households_met: bool | None = None
    """Whether it is enough for the households; empty while the register doesn't know them."""
