"""What happens in a supervision (督导), and in whose words."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from .figures import Averages, Figures
from .resettling import Resettled


class What(StrEnum):
    """What can be missed: two group sessions in a month, the month's report, three visits by the end."""

    SESSIONS = "sessions"
    REPORT = "report"
    VISITS = "visits"


class Manner(StrEnum):
    """集体 written by the supplier, 现场 and 远程 by the supervisor."""

    GROUP = "group"
    VISIT = "visit"
    REMOTE = "remote"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commissioned:
    """From `first` to `last` month, each named by its first day; `qualified` people have both the rank of
    lecturer and the intermediate certificate. `since`: what was due by then is found missed of nobody. `begun`: the
    first month of any supervisor, from which this one goes on with the records and reports of those before."""

    contract: str
    supplier: str
    supervisor: str
    purchaser: str
    street: str
    community: str | None = None
    first: date
    last: date
    qualified: int
    since: datetime | None = None
    begun: date | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """`minutes` of a group session; `late` where the record came after its day; `entered_at`, by which the day that it
    is corrected to is judged."""

    way: Manner
    held_on: date
    minutes: int
    summary: str
    late: bool
    entered_at: datetime | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Countersigned:
    """The supervisor, under the supplier's record of a group session."""

    record: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCorrected:
    """What its writer wrote wrongly, as it was in truth, by its place from 1; `late` where it came after that day. That
    it came late stays."""

    record: int
    held_on: date
    minutes: int
    summary: str
    reason: str
    late: bool = False
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """The supplier's report of a month, its figures counted from the beginning, on average by `workers`; `enclosed`
    are the numbers of the ledger's entries that go with it."""

    month: date
    figures: Figures
    workers: int = 0
    averages: Averages | None = None
    events: str
    reason: str
    enclosed: tuple[int, ...] = ()
    late: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StageReported:
    """The supervisor's, made from the month's records, to the purchaser."""

    month: date
    opinion: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissionDecided:
    """By who commissioned it, from the last stage report: whether it goes on."""

    month: date
    goes_on: bool
    opinion: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsAwaited:
    """`month` is over and lacks sessions, or the project visits; the record of one of its last day may come until
    `due`."""

    what: What
    month: date
    due: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionMissed:
    """Of `month`, found once; of the visits that a project lacks, its last."""

    what: What
    month: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """The supervisor's records are with the purchaser, with its report; `by` whom, since there may be another."""

    report: str
    by: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionEnded:
    """Handed over with its records, or the contract is over."""

    at: datetime


SupervisionEvent = (
    Commissioned
    | Recorded
    | Countersigned
    | RecordCorrected
    | Reported
    | StageReported
    | CommissionDecided
    | RecordsAwaited
    | SupervisionMissed
    | HandedOver
    | Resettled
    | SupervisionEnded
)
