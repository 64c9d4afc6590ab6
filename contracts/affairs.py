"""What affairs tells: work that came to communities, what its people are paid in all, powers used in the open.

Posts, levels, counts and sums; never a person.
"""

from typing import ClassVar, Literal

from .event import Day, Event, Instant


class WorkAdmitted(Event):
    """Work may be asked of a community, or of all of a street's; its unit is among `units`."""

    type: ClassVar[str] = "affairs.work_admitted.v1"

    group: Literal["city", "district", "street"]
    """Whose leading group admitted it."""
    mode: Literal["authorised", "entrusted", "assisting", "agency", "direct", "stage"] | None = None
    free: Literal["law", "superior", "emergency"] | None = None
    """Why it needed no admission."""
    until: Day | None = None
    at: Instant


class WorkRefused(Event):
    """It may not; the reason is in writing."""

    type: ClassVar[str] = "affairs.work_refused.v1"

    at: Instant


class WorkEnded(Event):
    """It left the community; coming back means applying again."""

    type: ClassVar[str] = "affairs.work_ended.v1"

    how: Literal["term", "fell_short"]
    at: Instant


class IntrusionFound(Event):
    """A unit's work was in a community without approval, and has to leave at once; told once."""

    type: ClassVar[str] = "affairs.intrusion_found.v1"

    at: Instant


class FundsMissing(Event):
    """Work is in a community and its funds aren't all there, the day after; told once."""

    type: ClassVar[str] = "affairs.funds_missing.v1"

    fen: int
    """What is still owed."""
    due: Instant


class ReviewMissed(Event):
    """An application's first review wasn't finished in time; told once."""

    type: ClassVar[str] = "affairs.review_missed.v1"

    due: Instant
