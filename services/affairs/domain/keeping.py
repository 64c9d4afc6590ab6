"""How long a name, and numbers of certificates, are kept once nobody needs them: the district's terms (ours)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LOOK_AGAIN = timedelta(days=30)
"""As often, so that a shorter term, too, is kept to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonKept:
    """To be looked at again then."""

    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonForgotten:
    """What was sealed about him is gone; the record stays, without him."""

    at: datetime


def look(over: datetime, days: int, now: datetime) -> PersonKept | PersonForgotten:
    """`days` after it was over."""
    until = over + timedelta(days=days)
    if until <= now:
        return PersonForgotten(at=now)
    return PersonKept(until=min(until, now + LOOK_AGAIN))
