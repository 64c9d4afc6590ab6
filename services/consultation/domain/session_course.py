"""In which order a session goes, and what it is held in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.kernel.clock import WorkTime

from .committee import Level, Member, fixed_of
from .matter import Matter
from .policy import ConsultationPolicy
from .session_events import Chair, Side


class Status(StrEnum):
    CALLED = "called"
    NOTICED = "noticed"
    OPEN = "open"
    ADJOURNED = "adjourned"
    CLOSED = "closed"


BEFORE = frozenset({Status.CALLED, Status.NOTICED})
ALLOWED: Mapping[str, frozenset[Status]] = {
    "notice": frozenset({Status.CALLED}),
    "urgent": BEFORE,
    "opinion": BEFORE | {Status.OPEN},
    "arrive": BEFORE | {Status.OPEN},
    "leave": BEFORE | {Status.OPEN},
    "excuse": BEFORE | {Status.OPEN},
    "interest": frozenset({Status.OPEN}),
    "open": BEFORE,
    "ask": frozenset({Status.OPEN}),
    "speak": frozenset({Status.OPEN}),
    "record": frozenset({Status.OPEN}),
    "item": frozenset({Status.OPEN}),
    "adjourn": BEFORE | {Status.OPEN},
    "close": frozenset({Status.OPEN}),
    "sign": frozenset({Status.CLOSED}),
    "annex": frozenset({Status.CLOSED}),
}
OPPOSITE = {Side.IN_FAVOUR: Side.AGAINST, Side.AGAINST: Side.IN_FAVOUR}
PRINCIPAL = {Level.STREET: Chair.DEPUTY_SECRETARY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a session is held in: who may attend it, its matter, the numbers, the working days, and the
    years that have a plan."""

    members: tuple[Member, ...]
    matter: Matter | None
    policy: ConsultationPolicy
    work: WorkTime
    planned: frozenset[int] = frozenset()

    @property
    def fixed(self) -> tuple[str, ...]:
        return tuple(member.seat for member in fixed_of(self.members))

    @property
    def seats(self) -> frozenset[str]:
        invited = self.matter.invited if self.matter else ()
        return frozenset(m.seat for m in self.members) | {one.seat for one in invited}


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Somebody came or left."""

    seat: str
    came: bool
    at: datetime
