"""In which order a session goes, and what it is held in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from chassis.kernel.clock import WorkTime, local_minute
from chassis.kernel.errors import OURS, RuleBroken

from .committee import Level, Member, fixed_of
from .matter import Matter
from .policy import ConsultationPolicy
from .rules import RULES
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
    "excuse": frozenset(Status),
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
    """What a session is held in: who may attend it, its matter, the numbers, the working days, the years
    that have a plan, and the days of regular meetings that were entered as held on paper."""

    members: tuple[Member, ...]
    matter: Matter | None
    policy: ConsultationPolicy
    work: WorkTime
    planned: frozenset[int] = frozenset()
    on_paper: frozenset[date] = frozenset()

    @property
    def fixed(self) -> tuple[str, ...]:
        return tuple(member.seat for member in fixed_of(self.members))

    @property
    def seats(self) -> frozenset[str]:
        invited = self.matter.invited if self.matter else ()
        return frozenset(m.seat for m in self.members) | {one.seat for one in invited}


def in_time(held_at: datetime, setting: Setting, now: datetime) -> None:
    """C-07: who was told of a time isn't absent before it, nor who came then and found nothing, however
    urgent (ours)."""
    early, late = setting.policy.early_minutes, setting.policy.late_minutes
    told = f"会议通知于 {local_minute(held_at)} 召开"
    if now < held_at - timedelta(minutes=early):
        detail = f"{told}，至多提前 {early} 分钟；须更早开会的，休会后另行召集。"
        raise RuleBroken(RULES["C-07"], detail, clause=OURS)
    if now > held_at + timedelta(minutes=late):
        detail = f"{told}，至多推迟 {late} 分钟；未按时召开的，休会后另行召集和通知。"
        raise RuleBroken(RULES["C-07"], detail, clause=OURS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Somebody came or left."""

    seat: str
    came: bool
    at: datetime
