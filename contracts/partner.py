"""What partner systems tell through the gateway, in their own name."""

from typing import Annotated, ClassVar

from pydantic import AfterValidator, StringConstraints

from .event import Code, Event, Instant
from .text import cleaned


class ProblemReported(Event):
    """A need that a hotline, the grid application or a party-building platform has taken.

    Titles are a category's words, not a resident's; who reported stays with the partner.
    """

    type: ClassVar[str] = "partner.problem_reported.v1"

    community: Code
    category: Code
    title: Annotated[str, AfterValidator(cleaned), StringConstraints(min_length=2, max_length=80)]
    place: Annotated[str, AfterValidator(cleaned), StringConstraints(max_length=80)] | None = None
    reported_at: Instant
    """When the need arose, by the partner's word: kept and shown; deadlines run from our receipt."""
