"""What whistle tells: who was called, whether they came in time, how it ended. Never the matter or a person."""

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from .event import Code, Event, Instant

Kind = Literal["problem", "service", "tackle", "emergency"]
Level = Literal["community", "street"]


class _About(Event):
    """A whistle: its kind, who blew at which level, and what it is about."""

    kind: Kind
    level: Level
    category: Code


class Blown(_About):
    """A secretary has blown the whistle."""

    type: ClassVar[str] = "whistle.blown.v1"

    problem: str | None = None


class Dispatched(_About):
    """Tasks went to the units; their clocks run."""

    type: ClassVar[str] = "whistle.dispatched.v1"

    lead: Code


class Arrived(_About):
    """The lead has come."""

    type: ClassVar[str] = "whistle.arrived.v1"

    at: Instant


class DeadlineMissed(_About):
    """A unit's deadline has passed: once per unit and deadline, whatever happens after."""

    type: ClassVar[str] = "whistle.deadline_missed.v1"

    unit: Code
    deadline: Literal["arrival", "handling"]
    due: Instant


class UnitRecord(BaseModel):
    """One unit's times (seconds by the wall and in working time), punctuality, returns and score
    (hundredths of a point)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    unit: Code
    lead: bool = False
    outcome: str
    arrival_wall_seconds: int
    arrival_working_seconds: int
    arrived_on_time: bool
    handling_wall_seconds: int
    handling_working_seconds: int
    handled_on_time: bool
    returns: int
    score: int


class Closed(_About):
    """Answered: the loop is walked, and this is its account."""

    type: ClassVar[str] = "whistle.closed.v1"

    problem: str | None = None
    outcome: str
    closed_at: Instant
    records: tuple[UnitRecord, ...]
    returns: int
    satisfaction: int | None = None
    """The resident's rating of 1 to 5, where there is one."""
    score: int
    """Hundredths of a point: the mean of the units' scores."""


class Reopened(_About):
    type: ClassVar[str] = "whistle.reopened.v1"


class Rejected(_About):
    """Irregular: it costs the blowing unit points."""

    type: ClassVar[str] = "whistle.rejected.v1"

    problem: str | None = None


class Withdrawn(_About):
    type: ClassVar[str] = "whistle.withdrawn.v1"


class ProblemSettled(Event):
    """Settled in the community, without a whistle (小事不出社区)."""

    type: ClassVar[str] = "whistle.problem_settled.v1"

    category: Code
    channel: str


class UnitListed(Event):
    """A unit that can be summoned, as the register has it; `listed` says how many it holds."""

    type: ClassVar[str] = "whistle.unit_listed.v1"

    code: Code
    name: str
    kind: str
    valid_from: str
    valid_to: str | None = None
    listed: int
