"""What happens in a call (征集), and in whose words."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chassis.kernel.clock import Deadline

from .application import Application
from .item import Item
from .panel import ExpertRecused, PanelDrawn, PanelListed
from .programme import ProgrammeApproved, ProgrammeConfirmed, ProgrammeRevised
from .ranking import Ranked


class ScreeningStage(StrEnum):
    """资格审查, 专家初筛, 提升培训, 路演: of 社区营造, in this order, before the review."""

    QUALIFICATION = "qualification"
    SCREENING = "screening"
    TRAINING = "training"
    ROADSHOW = "roadshow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """What is scored, and how many points at most."""

    code: str
    text: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """A member's points for one application by one criterion."""

    supplier: str
    criterion: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A member's scores as nobody can read them until the panel closes."""

    expert: str
    box: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOpened:
    call: str
    plan: str
    item: Item
    project: str
    year: int
    purchaser: str
    title: str
    category: str = ""
    closes: date
    criteria: tuple[Criterion, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """Before applications lay sealed until their call was closed (1 December 2026) they stood in it at once; again by
    the same supplier, it took the place of its first one."""

    application: Application


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationsClosed:
    """The closing day is over: nobody applies any more; `unopened` while what lies sealed isn't opened. Again where an
    earlier build found it, which knew of none."""

    unopened: bool = False
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationsOpened:
    """Who applied, all at once and in the order they were filed: from now on it waits for who reviews it."""

    applications: tuple[Application, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StagePassed:
    """Who goes on; the others are out."""

    stage: ScreeningStage
    passed: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    sealed: Sealed
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelClosed:
    """The scores are opened, and what follows from them; the result is owed to the public by `publish_by`, as it was
    counted by `clock`."""

    scores: tuple[tuple[str, tuple[Points, ...]], ...]
    ranking: tuple[Ranked, ...]
    publish_by: datetime | None = None
    clock: Deadline | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRenewed:
    """The same days to publish it, counted on a calendar that is known better."""

    clock: Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class Awarded:
    """`amount` in fen, to be contracted by `sign_by`; `suggestions` are the panel's, `passed_over` who was ranked
    before and may not have it any more."""

    supplier: str
    amount: int
    sign_by: datetime | None = None
    suggestions: str = ""
    passed_over: tuple[str, ...] = ()
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultMissed:
    """Nothing was awarded, and so announced, by `due`: found once."""

    due: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningChecked:
    """Whether the award was contracted by its day; it may still be, later."""

    signed: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCancelled:
    reason: str
    at: datetime


CallEvent = (
    CallOpened
    | Applied
    | ApplicationsClosed
    | ApplicationsOpened
    | StagePassed
    | PanelListed
    | PanelDrawn
    | ExpertRecused
    | Scored
    | PanelClosed
    | Awarded
    | ResultMissed
    | ResultRenewed
    | SigningChecked
    | ProgrammeRevised
    | ProgrammeConfirmed
    | ProgrammeApproved
    | CallCancelled
)
