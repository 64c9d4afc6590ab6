"""Events of whistle: who was called, whether they came in time, how it ended. Never the matter or a person."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from .event import Code, Day, Event, Id, Instant, Name

Kind = Literal["problem", "service", "tackle", "emergency"]
Level = Literal["community", "street"]
Outcome = Literal["resolved", "partly_resolved", "cannot_act", "not_ours", "invalid"]
"""Only `resolved` is resolved."""
Channel = Literal["secretary", "consultation", "digital", "visit", "petition"]
UnitKind = Literal[
    "department", "community_force", "street_office", "alliance", "river_chief", "linked_leader"
]


class _About(Event):
    """A whistle: its kind, who blew at which level, and what it is about."""

    kind: Kind
    level: Level
    category: Code


class ReportPlaced(Event):
    """The command centre knows where a resident's report belongs; it becomes a problem there."""

    type: ClassVar[str] = "whistle.report_placed.v1"

    category: Code


class Blown(_About):
    """A secretary has blown the whistle."""

    type: ClassVar[str] = "whistle.blown.v1"

    problem: Id | None = None


class Dispatched(_About):
    """Tasks went to the units; their clocks run."""

    type: ClassVar[str] = "whistle.dispatched.v1"

    lead: Code


class Arrived(_About):
    """The lead has come."""

    type: ClassVar[str] = "whistle.arrived.v1"

    at: Instant


class Handled(_About):
    """Every unit has filed its result; whether it holds is still to be verified. Again after a return."""

    type: ClassVar[str] = "whistle.handled.v1"

    outcome: Outcome
    """The lead's."""
    at: Instant


class Returned(_About):
    """What they filed does not do: these units handle it again."""

    type: ClassVar[str] = "whistle.returned.v1"

    returned: tuple[Code, ...]


class Verified(_About):
    """The result holds (核实结项)."""

    type: ClassVar[str] = "whistle.verified.v1"

    outcome: Outcome
    """The lead's."""


class DeadlineMissed(_About):
    """A unit's deadline has passed: once per unit and deadline, whatever happens after.

    `competence` is the command centre's own, for deciding whose a case is.
    """

    type: ClassVar[str] = "whistle.deadline_missed.v1"

    unit: Code
    deadline: Literal["arrival", "handling", "competence"]
    due: Instant


class UnitRecord(BaseModel):
    """One unit's times (seconds by the wall and in working time), punctuality, returns and score
    (hundredths of a point)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    unit: Code
    lead: bool = False
    outcome: Outcome
    arrival_wall_seconds: int
    arrival_working_seconds: int
    arrived_on_time: bool
    handling_wall_seconds: int
    handling_working_seconds: int
    handled_on_time: bool
    returns: int
    score: int
    whose: Code | None = None
    """The unit that it turned out to belong to."""
    settled_before: bool = False
    """In a handling that was answered before the case was opened again: it counts, also where it is another's now."""


class Closed(_About):
    """Answered: the loop is walked, and this is its account."""

    type: ClassVar[str] = "whistle.closed.v1"

    problem: Id | None = None
    outcome: Outcome
    closed_at: Instant
    records: tuple[UnitRecord, ...]
    returns: int
    satisfaction: Annotated[int, Field(ge=1, le=5)] | None = None
    """The resident's rating of 1 to 5, where there is one."""
    score: int
    """Hundredths of a point: the mean of the scores of the units whose it was."""


class Reopened(_About):
    """Answered, and open again: the handling goes on."""

    type: ClassVar[str] = "whistle.reopened.v1"


class Rejected(_About):
    """Irregular: it costs the blowing unit points."""

    type: ClassVar[str] = "whistle.rejected.v1"

    problem: Id | None = None
    automatic: bool = False
    """Whether the platform had blown it in the street's name, whom it then costs nothing."""


class Urged(_About):
    """Who blew asks whom it waits on to hurry (催办); no deadline moves."""

    type: ClassVar[str] = "whistle.urged.v1"


class Withdrawn(_About):
    """Taken back by who blew it, before any unit was called."""

    type: ClassVar[str] = "whistle.withdrawn.v1"

    problem: Id | None = None


class ProblemCollected(Event):
    """A need has come in. `spot` is the same for the same place and category; the place isn't told."""

    type: ClassVar[str] = "whistle.problem_collected.v1"

    category: Code
    channel: Channel
    spot: Id | None = None
    collected_at: Instant


class ProblemRepeated(Event):
    """The same trouble at the same place, reported often enough to ask who held it."""

    type: ClassVar[str] = "whistle.problem_repeated.v1"

    category: Code
    count: int
    first: Day
    last: Day


class AgreementNoted(Event):
    """A change of an agreement concerns the whistle of a date it missed: once per change and date."""

    type: ClassVar[str] = "whistle.agreement_noted.v1"

    agreement: Id
    due: Day
    """The missed date."""
    change: Literal["extended", "cancelled", "replaced", "fulfilled"]


class AccountabilityOpened(Event):
    """Reported again and again and not acted on: a case against who held it, as a subject acts."""

    type: ClassVar[str] = "whistle.accountability_opened.v1"

    category: Code
    holder: Annotated[str, Field(pattern=r"^(department|community):[a-z0-9][a-z0-9_-]{0,63}$")]
    count: int
    first: Day
    last: Day


class DepartmentAssessed(Event):
    """A department's year: the mean of its whistles in hundredths of a point, and what it weighs."""

    type: ClassVar[str] = "whistle.department_assessed.v1"

    unit: Code
    year: Annotated[int, Field(ge=2019)]
    result: int
    whistles: int
    excluded: int
    weight_percent: Annotated[int, Field(ge=20, le=100)]
    policy: int
    """The version of whistle's policy under which the year was assessed."""


class AppealOverdue(Event):
    """A department's appeal against its year was not decided in time: once for each appeal."""

    type: ClassVar[str] = "whistle.appeal_overdue.v1"

    unit: Code
    year: Annotated[int, Field(ge=2019)]
    due: Instant


class ProblemSettled(Event):
    """Settled in the community, without a whistle (小事不出社区)."""

    type: ClassVar[str] = "whistle.problem_settled.v1"

    category: Code
    channel: Channel


class UnitListed(Event):
    """A unit that can be summoned, as the register has it; `listed` says how many it holds."""

    type: ClassVar[str] = "whistle.unit_listed.v1"

    code: Code
    name: Name
    kind: UnitKind
    valid_from: Day
    valid_to: Day | None = None
    listed: int
