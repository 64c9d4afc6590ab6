"""A regular meeting (工作例会) that was held on paper."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RegularMeetingEntered:
    """`minutes`: the name or number of its paper; `present`: the roll, by seat; `fixed`: of how many members, and
    `seats` which ones, where it was kept."""

    on: date
    place: str
    minutes: str
    summary: str
    present: tuple[str, ...]
    fixed: int
    seats: tuple[str, ...] | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RegularMeetingCorrected:
    """What was entered for `day` is put right: as it was, and why."""

    day: date
    meeting: RegularMeetingEntered
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegularMeetingStruck:
    """What was entered for `day` by mistake counts no more."""

    day: date
    reason: str
    at: datetime
