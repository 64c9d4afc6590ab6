"""Events of affairs: work that came to communities, total pay of its people, powers used in the open.

Posts, levels, counts and sums; never a person.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from .event import Day, Event, Id, Instant

Quarter = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-Q[1-4]$")]
Month = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}$")]


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

    how: Literal["term", "fell_short", "contested"]
    """`contested`: it had been taken for free of admission, and isn't."""
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


class LevelCount(BaseModel):
    """How many workers of a street have a level; `0` stands for posts without one."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    level: Annotated[int, Field(ge=0, le=17)]
    workers: int


class LevelsReviewed(Event):
    """A street's levels as they go into next year's budget; again where they were put right: the latest wins."""

    type: ClassVar[str] = "affairs.levels_reviewed.v1"

    year: int
    levels: tuple[LevelCount, ...]
    sum: int
    """What they bring in a month, in fen."""
    at: Instant


class PayApproved(Event):
    """Organisation, civil affairs and finance approved a street's quarter."""

    type: ClassVar[str] = "affairs.pay_approved.v1"

    quarter: Quarter
    sum: int
    at: Instant


class PayMissed(Event):
    """A month is over and wasn't paid; told once."""

    type: ClassVar[str] = "affairs.pay_missed.v1"

    quarter: Quarter
    month: Month
    due: Instant


class TrainingMissed(Event):
    """At a year's end: how many of a street's workers took part in no training, and whether it held one."""

    type: ClassVar[str] = "affairs.training_missed.v1"

    year: int
    workers: int
    held: bool
    at: Instant


class PowerExercised(Event):
    """A community used one of its powers, and every step of its flow is on record."""

    type: ClassVar[str] = "affairs.power_exercised.v1"

    kind: Literal["works", "purchase", "personnel", "remuneration", "service", "finance", "seal"]
    steps: int
    matter: Id | None = None
    """Consultation's, whose outcome a step waited for."""
    at: Instant


class DisclosureMissed(Event):
    """What a community had to disclose of a period wasn't by its date; told once."""

    type: ClassVar[str] = "affairs.disclosure_missed.v1"

    affairs: Literal["party", "residents", "financial"]
    period: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-([0-9]{2}|Q[1-4])$")]
    due: Instant


class FindingMissed(Event):
    """What a check found wasn't put right by its date; told once."""

    type: ClassVar[str] = "affairs.finding_missed.v1"

    checked: Literal["admission", "power"]
    due: Instant
