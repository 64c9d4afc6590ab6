"""Events that partner systems publish through the gateway, under their own name."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, StringConstraints

from .event import Code, Day, Event, Id, Instant
from .mediation import Dispute, Risk
from .text import cleaned

NUMBER = r"^[0-9A-Za-z][0-9A-Za-z._/#-]{0,63}$"
"""Letters, digits and what stands between them: a number, and nobody's name."""


class ProblemReported(Event):
    """A need that a hotline, the grid application or a party-building platform has taken.

    Titles are a category's words, not a resident's; who reported stays with the partner.
    """

    type: ClassVar[str] = "partner.problem_reported.v1"

    community: Code
    category: Code
    title: Annotated[str, AfterValidator(cleaned), StringConstraints(min_length=2, max_length=80)]
    place: Annotated[str, AfterValidator(cleaned), StringConstraints(max_length=80)] | None = None
    reference: Annotated[str, StringConstraints(pattern=NUMBER)] | None = None
    """The partner's own number, by which it asks what became of it."""
    reported_at: Instant
    """When the need arose, by the partner's word: kept and shown; deadlines run from our receipt."""


class DisputeReported(Event):
    """A dispute that the province's platform or the grid centre has taken; who the parties are stays there."""

    type: ClassVar[str] = "partner.dispute_reported.v1"

    community: Code
    dispute: Dispute
    risk: Risk = "ordinary"
    parties: Annotated[int, Field(ge=2, le=10)] = 2
    """How many there are."""
    reference: Annotated[str, StringConstraints(pattern=NUMBER)] | None = None
    """The partner's own number, by which it asks what became of it."""
    reported_at: Instant
    """When it was taken there, by the partner's word; deadlines run from our receipt."""


class IntegrityReported(Event):
    """What a register of credit, of penalties or of yearly checks says of an organisation."""

    type: ClassVar[str] = "partner.integrity_reported.v1"

    supplier: Id
    """The organisation's code, the same wherever it is on a register here."""
    register_kind: Literal["credit", "penalty", "annual_check"]
    clean: bool
    """Whether it speaks for it: credit in order, a check passed, a penalty lifted."""
    serious: bool = False
    """Serious dishonesty, of credit alone."""
    reference: Annotated[str, StringConstraints(pattern=NUMBER)]
    """The register's own number of the entry."""
    on: Day
    until: Day | None = None
    """The last day that it holds, where it lapses."""


class ObservationReported(Event):
    """A figure that a partner publishes for a measuring point; it counts once its department confirms it."""

    type: ClassVar[str] = "partner.observation_reported.v1"

    year: Annotated[int, Field(ge=2000, le=2099)]
    point: Annotated[int, Field(ge=1, le=999)]
    """The number of a measuring point in the indicator system."""
    values: Annotated[
        tuple[Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$")], ...],
        Field(min_length=1, max_length=5),
    ]
    """Decimal text in the point's unit, one for each of its goals in their order."""
