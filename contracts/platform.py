"""Events of the platform itself, published by any of its services."""

from typing import Annotated, ClassVar

from pydantic import StringConstraints

from .event import Code, Event
from .partner import NUMBER

PARTNER_SOURCE = r"^/partners/[a-z0-9_-]+(/[A-Za-z0-9._~-]+)*$"
"""The `source` of a partner's events."""


class NewsRefused(Event):
    """A partner's news that was refused after it had been taken: it lies with the district, and had no effect.

    Told once for each reason. What the district delivers again after all is told as what comes of it.
    """

    type: ClassVar[str] = "platform.news_refused.v1"

    partner: Code
    service: Code
    """Who won't have it."""
    why: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    """As it stands beside the parked message."""
    source: Annotated[str, StringConstraints(max_length=200, pattern=PARTNER_SOURCE)] | None = None
    """Of the news, as the partner gave it; this and what follows are absent where they couldn't be read."""
    news: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    """Its id."""
    told: Annotated[str, StringConstraints(pattern=r"^[a-z]+\.[a-z_]+\.v[1-9][0-9]*$")] | None = (
        None
    )
    """Its type."""
    reference: Annotated[str, StringConstraints(pattern=NUMBER)] | None = None
    """The partner's own number of what it is about."""
