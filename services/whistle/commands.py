"""What can be asked of the desk: one frozen record per command, already parsed."""

from dataclasses import dataclass
from datetime import date

from .domain.events import Finding, Kind, Level
from .domain.problem import Channel, Difficulty, Handling, Urgency
from .domain.task import Result, Which
from .domain.unit import UnitKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectProblem:
    channel: Channel
    community: str
    category: str
    title: str
    asked: str
    place: str | None = None
    reporter: dict[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    kind: Kind
    urgency: Urgency
    difficulty: Difficulty
    handling: Handling


@dataclass(frozen=True, slots=True, kw_only=True)
class Blow:
    """From a problem, or of the blowing unit's own accord in its own area."""

    level: Level
    kind: Kind
    units: tuple[str, ...]
    lead: str
    problem: str | None = None
    title: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BlowAtStreet:
    """By the street, of what came up to it from a community."""

    kind: Kind
    units: tuple[str, ...]
    lead: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrive:
    place: str | None = None
    proofs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    result: Result


@dataclass(frozen=True, slots=True, kw_only=True)
class AskExtension:
    which: Which
    days: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveMark:
    points: int
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListUnit:
    name: str
    kind: UnitKind
    serves: tuple[str, ...] = ()
    valid_from: date
    valid_to: date | None = None
