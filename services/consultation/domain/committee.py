"""A committee (议事委员会) is an anonymous roll of seats: who sits on one is kept elsewhere, on paper."""

from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required

from .members import AbsencesCounted, MemberAssessed, MemberClass, Nomination, SeatEnded
from .plans import PlanFiled
from .policy import ConsultationPolicy, Size
from .regular_events import RegularMeetingEntered
from .rules import COMPOSITION, RULES

COMMUNITY_SIZE = Size(least=20, most=30)
NON_PARTY_PERCENT = 60
TERM_YEARS = 3


class Level(StrEnum):
    """街道, 社区, 居民小区/小组 and 楼栋."""

    STREET = "street"
    COMMUNITY = "community"
    QUARTER = "quarter"
    BUILDING = "building"


class SeatKind(StrEnum):
    """固定委员, and 机动委员 who are invited for a topic."""

    FIXED = "fixed"
    ADHOC = "adhoc"


def led_below(level: Level, community: str | None) -> str | None:
    """Which community leads it: what is of a committee is led by its place, so a street's is no community's to lead."""
    return None if level is Level.STREET else community


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A seat by its code, and what is known of who sits there: `non_party` (党外人士) and a class."""

    seat: str
    kind: SeatKind
    non_party: bool
    member_class: MemberClass | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitteeSeated:
    """`seated_on`: the day, where it was before this, on paper; `term_ends`: the first day it no longer sits."""

    level: Level
    street: str
    community: str | None = None
    name: str
    members: tuple[Member, ...]
    policy: int
    seated_on: date | None = None
    term_ends: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Committee:
    level: Level
    street: str
    community: str | None = None
    name: str
    members: tuple[Member, ...]
    policy: int
    term_ends: date
    seated_at: datetime
    seated_on: date | None = None
    nominations: tuple[Nomination, ...] = ()
    ended: tuple[SeatEnded, ...] = ()
    absences: tuple[AbsencesCounted, ...] = ()
    warned: tuple[str, ...] = ()
    assessed: tuple[MemberAssessed, ...] = ()
    named: tuple[str, ...] = ()
    name_days: Mapping[str, int] = field(default_factory=dict)
    allocated: Mapping[MemberClass, int] = field(default_factory=dict)
    dissolved_at: datetime | None = None
    plans: tuple[PlanFiled, ...] = ()
    plan_year: int | None = None
    plans_missed: tuple[int, ...] = ()
    meetings: tuple[RegularMeetingEntered, ...] = ()

    @property
    def planned(self) -> frozenset[int]:
        """The years it filed a plan for."""
        return frozenset(filed.plan.year for filed in self.plans)

    def missed(self, seat: str) -> int:
        """C-03: its absences without reason, after notice, over the term."""
        return sum(seat in counted.seats for counted in self.absences)

    def sits(self, now: datetime) -> bool:
        """C-01: neither dissolved nor past its term."""
        return self.dissolved_at is None and local_date(now) < self.term_ends

    def in_office(self, now: datetime) -> None:
        """C-01: a committee takes up nothing new after its term, or once it was dissolved."""
        if self.dissolved_at is not None:
            detail = "该议事委员会已撤销，不再受理新的事项。"
            raise RuleBroken(RULES["C-01"], detail, clause=OURS, field="committee")
        if local_date(now) >= self.term_ends:
            detail = f"本届任期已于 {self.term_ends} 届满，不再受理新的事项。"
            raise RuleBroken(RULES["C-01"], detail, clause=COMPOSITION, field="committee")


def seat(seated: CommitteeSeated, policy: ConsultationPolicy) -> CommitteeSeated:
    """C-01: enough fixed members, and enough of them from outside the party."""
    required(seated.name, "name", "议事委员会须有名称。")
    seats = [member.seat for member in seated.members]
    if not seats or len(set(seats)) != len(seats):
        raise Malformed("须至少有一个席位，席位代码不得重复。", field="members")
    fixed = fixed_of(seated.members)
    _sized(seated.level, len(fixed), policy)
    _non_party(fixed, "members")
    return seated


def room_for(committee: Committee, member: Member, policy: ConsultationPolicy) -> None:
    """C-01: with one more it isn't too large, and one of the party leaves enough from outside it.

    It may have become too small, or the share too low, by seats that ended: filling up is never refused.
    """
    after = fixed_of((*committee.members, member))
    size, note, clause = _size(committee.level, policy)
    if len(after) > size.most:
        detail = f"固定委员不超过 {size.most} 人{note}，聘任后为 {len(after)} 人。"
        raise RuleBroken(RULES["C-01"], detail, clause=clause, field="seat")
    if not member.non_party:
        _non_party(after, "seat")


def enough(level: Level, fixed: Sized, policy: ConsultationPolicy) -> None:
    """C-01: fewer fixed members than it may be seated with hold no session, until seats are filled (ours)."""
    size, note, _ = _size(level, policy)
    if len(fixed) < size.least:
        detail = f"固定委员不足 {size.least} 人{note}，现为 {len(fixed)} 人，补足后方可议事。"
        raise RuleBroken(RULES["C-01"], detail, clause=OURS)


def fixed_of(members: Sequence[Member]) -> tuple[Member, ...]:
    """Who makes up the committee; the others are invited to it for a topic."""
    return tuple(member for member in members if member.kind is SeatKind.FIXED)


def size_of(level: Level, policy: ConsultationPolicy) -> Size:
    return _size(level, policy)[0]


def term(seated_on: date | None, now: datetime) -> date:
    """C-01: the day it ends, from the day the committee was seated: today, or on paper before."""
    today = local_date(now)
    ends = term_end(seated_on or today)
    if seated_on is not None and seated_on > today:
        raise Malformed("成立日期不得晚于今天。", field="seated_on")
    if ends <= today:
        detail = f"自 {seated_on} 起的任期已于 {ends} 届满；请设立新一届。"
        raise RuleBroken(RULES["C-01"], detail, clause=COMPOSITION, field="seated_on")
    return ends


def term_end(day: date) -> date:
    """The same day three years on; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + TERM_YEARS)
    except ValueError:
        return date(day.year + TERM_YEARS, 3, 1)


def _size(level: Level, policy: ConsultationPolicy) -> tuple[Size, str, str]:
    """With what is to be said of it, and its clause.

    Below the community the documents give no size: what is asked for there is the policy's.
    """
    match level:
        case Level.STREET:
            return policy.street_size, "（“50人左右”的平台默认）", OURS
        case Level.COMMUNITY:
            return COMMUNITY_SIZE, "", COMPOSITION
        case Level.QUARTER | Level.BUILDING:
            return policy.small_size, "（平台默认，文件未规定人数）", OURS
        case _:
            assert_never(level)


def _sized(level: Level, count: int, policy: ConsultationPolicy) -> None:
    size, note, clause = _size(level, policy)
    if not size.least <= count <= size.most:
        detail = f"固定委员须为 {size.least}—{size.most} 人{note}，现为 {count} 人。"
        raise RuleBroken(RULES["C-01"], detail, clause=clause, field="members")


def _non_party(fixed: Sequence[Member], field: str) -> None:
    outside = sum(member.non_party for member in fixed)
    if outside * 100 < NON_PARTY_PERCENT * len(fixed):
        detail = f"固定委员中党外人士不少于 {NON_PARTY_PERCENT}%，现为 {len(fixed)} 人中的 {outside} 人。"
        raise RuleBroken(RULES["C-01"], detail, clause=COMPOSITION, field=field)


def begin(event: CommitteeSeated) -> Committee:
    """Its first plan is that of the year it was seated in, where that isn't due yet."""
    day = local_date(event.at)
    return Committee(
        level=event.level,
        street=event.street,
        community=event.community,
        name=event.name,
        members=event.members,
        policy=event.policy,
        term_ends=event.term_ends,
        seated_at=event.at,
        seated_on=event.seated_on,
        plan_year=day.year if day.month < 3 else day.year + 1,
    )
