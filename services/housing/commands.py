"""What can be asked of the desk: one frozen record per command. Areas are still text (`"1200.50"`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from .domain.booking import Purpose
from .domain.boundaries import ChangeKind, Entry
from .domain.community import CommunityKind
from .domain.inspection import Point, Remedy
from .domain.premises import Obtained, RoomKind, Tenure, Use


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterCommunity:
    """The whole entry as it shall be, and why."""

    name: str
    street: str
    kind: CommunityKind | None = None
    households: int | None = None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignAgreement:
    project: str
    community: str
    developer: str
    households: int
    area: str
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspect:
    """What was seen; the two points about floors follow from the areas."""

    area: str
    first: str
    second: str
    seen: Mapping[Point, bool]
    photos: Mapping[Point, tuple[str, ...]]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    inspection: int
    remedies: tuple[Remedy, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyDone:
    inspection: int
    point: Point
    photos: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceAgreement:
    project: str
    developer: str
    households: int
    area: str
    due: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend:
    due: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomAs:
    """A room as it shall be listed."""

    name: str
    kind: RoomKind
    use: Use
    area: str
    floor: int
    own_use: bool
    obtained: Obtained
    tenure: Tenure


@dataclass(frozen=True, slots=True, kw_only=True)
class Redraw:
    kind: ChangeKind
    on: date
    ends: tuple[str, ...]
    entries: tuple[Entry, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookRoom:
    start: datetime
    end: datetime
    purpose: Purpose
