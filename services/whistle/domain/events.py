"""What can happen to a whistle. Past tense, immutable, private to this service."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.kernel.clock import Budget, Deadline

from .task import Outcome, Result, Which


class Kind(StrEnum):
    """问题哨, 服务哨, 攻坚哨 and 应急哨."""

    PROBLEM = "problem"
    SERVICE = "service"
    TACKLE = "tackle"
    EMERGENCY = "emergency"


class Level(StrEnum):
    COMMUNITY = "community"
    STREET = "street"


class Manner(StrEnum):
    """Slow, perfunctory or rude handling."""

    SLOW = "slow"
    PERFUNCTORY = "perfunctory"
    RUDE = "rude"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was wrong with a unit's handling, said by name."""

    unit: str
    manner: Manner


class Marker(StrEnum):
    """Who marks: the command centre (网格评价) and the street (街道评价)."""

    GRID = "grid"
    STREET = "street"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A task as dispatched: the unit and its two running deadlines."""

    unit: str
    lead: bool
    arrival: Deadline
    handling: Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitScore:
    """One unit's score of this whistle, in hundredths of a point, and what was taken off (points)."""

    unit: str
    score: int
    taken_off: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleBlown:
    """`spot` is the same for the same place and category, as far as a problem's place is known."""

    level: Level
    kind: Kind
    blower: str
    street: str
    community: str | None = None
    category: str
    title: str
    problem: str | None = None
    summoned: tuple[str, ...]
    lead: str
    origin: str | None = None
    spot: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleRegistered:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleRejected:
    reason: str
    cost: int
    policy: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleWithdrawn:
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleEscalated:
    """Raised to the street, and back to blown: what the community can't settle is never dropped."""

    reason: str
    rated_anew: bool = False
    """As of a return: what was rated is the community's handling, and no department's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetSolves:
    """The street settles it itself: who is responsible, and which office."""

    leader: str
    office: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetBlew:
    """The street blows what came up to it: kind, units and lead anew, and its own points at stake."""

    by: str
    kind: Kind
    summoned: tuple[str, ...]
    lead: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDispatched:
    tasks: tuple[Assignment, ...]
    policy: int
    calendar: str
    """Until when the working days were known."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitArrived:
    """`place` is where to, `proofs` are ids of files; neither leaves this service."""

    unit: str
    place: str | None = None
    proofs: tuple[str, ...] = ()
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFiled:
    unit: str
    outcome: Outcome
    summary: str
    ground: str | None = None
    who_can: str | None = None
    whose: str | None = None
    proofs: tuple[str, ...] = ()
    at: datetime

    @property
    def result(self) -> Result:
        return Result(
            outcome=self.outcome,
            summary=self.summary,
            ground=self.ground,
            who_can=self.who_can,
            whose=self.whose,
            proofs=self.proofs,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetenceDeclined:
    """A unit says whose it is. That one is called in beside it, or the centre's clock starts."""

    unit: str
    whose: str
    ground: str
    call: Assignment | None = None
    decision: Deadline | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetenceDecided:
    """The command centre says whose it is: that unit leads, who declined is released.

    `ended`: those that the register no longer has, and that are released with it; where none of them leads and nobody
    disputes whose it is, the lead stays.
    """

    unit: str
    reason: str
    call: Assignment | None = None
    ended: tuple[str, ...] = ()
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineMissed:
    unit: str
    which: Which
    due: datetime
    next_rung: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissEscalated:
    unit: str
    which: Which
    to: str
    next_rung: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionAsked:
    unit: str
    which: Which
    budget: Budget
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineMoved:
    """Extended, paused or resumed: `why` says which. `next_rung` where a miss on record goes on.

    `was`: when it was due before; not said in those of before it was.
    """

    unit: str
    which: Which
    why: str
    deadline: Deadline
    was: datetime | None = None
    next_rung: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Projected:
    """One running deadline as computed again."""

    unit: str
    which: Which
    deadline: Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class RungMoved:
    """The next rung of a miss on record, as computed again."""

    unit: str
    which: Which
    next_rung: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRenewed:
    """A new year's notice has come: what was provisional is computed again."""

    calendar: str
    moved: tuple[Projected, ...] = ()
    rungs: tuple[RungMoved, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WordGiven:
    done: bool
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleReturned:
    units: tuple[str, ...]
    reason: str
    handling: tuple[Deadline, ...]
    rated_anew: bool = False
    """Whether a rating from before ends with it: those of before December 2026 left it standing."""
    unruled: bool = False
    """Whether a ruling ends with it that wasn't given before every unit had filed: those of before left it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingVerified:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkGiven:
    by: Marker
    points: int
    findings: tuple[Finding, ...] = ()
    policy: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleEvaluated:
    """`calendar`: until when the working days were known when late days were counted."""

    scores: tuple[UnitScore, ...]
    policy: int
    calendar: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentRated:
    """1 to 5, and the scores as they are with it, where they stood already.

    They are counted under the policy and the calendar of the evaluation, so neither is said again.
    """

    rating: int
    scores: tuple[UnitScore, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleAnswered:
    answer: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleReopened:
    """`unruled`: as of a return."""

    reason: str
    handling: tuple[Deadline, ...]
    unruled: bool = False
    keeps: bool = False
    """Whether what was settled stays its unit's own whatever comes of it: with those of before the last result said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """News that bears on it, for whoever decides next."""

    what: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Urged:
    """Who blew asks whom it waits on to hurry."""

    whom: tuple[str, ...]
    at: datetime


WhistleEvent = (
    WhistleBlown
    | WhistleRegistered
    | WhistleRejected
    | WhistleWithdrawn
    | WhistleEscalated
    | StreetSolves
    | StreetBlew
    | TaskDispatched
    | UnitArrived
    | ResultFiled
    | CompetenceDeclined
    | CompetenceDecided
    | DeadlineMissed
    | MissEscalated
    | ExtensionAsked
    | DeadlineMoved
    | CalendarRenewed
    | WordGiven
    | WhistleReturned
    | ClosingVerified
    | MarkGiven
    | WhistleEvaluated
    | ResidentRated
    | WhistleAnswered
    | WhistleReopened
    | Noted
    | Urged
)
