"""C-14: who sits on a seat is sealed apart; the committee's record says that it is, and who read it and why."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from chassis.kernel.clock import begin_of, local_date
from chassis.kernel.errors import OURS, NotFound
from chassis.kernel.required import required, required_by

from .appointing import member_of
from .committee import Committee
from .members import MemberForgotten, MemberNamed, NameRead, NamingEvent
from .rules import RULES


def name(committee: Committee, seat: str, person: Mapping[str, str], days: int) -> MemberNamed:
    """`days`: how long it is kept after the seat's end, by the policy of today."""
    member_of(committee, seat)
    required(person.get("name", ""), "name", "请写明姓名。")
    return MemberNamed(seat=seat, days=days)


def named(committee: Committee, seat: str) -> None:
    if seat not in committee.named:
        raise NotFound("该席位没有登记姓名。")


def read(committee: Committee, seat: str, by: str, reason: str) -> NameRead:
    """Recorded before anything is shown."""
    named(committee, seat)
    required_by(RULES["C-14"], reason, "reason", "查看姓名、电话须写明理由。", OURS)
    return NameRead(seat=seat, by=by, reason=reason)


def forget(committee: Committee, seat: str) -> MemberForgotten:
    named(committee, seat)
    return MemberForgotten(seat=seat)


def next_due(committee: Committee) -> datetime | None:
    """When the next name is forgotten by itself."""
    return min((_kept_until(committee, seat) for seat in committee.named), default=None)


def lapsed(committee: Committee, now: datetime) -> tuple[MemberForgotten, ...]:
    """Whose seat, or whose committee's term, ended long enough ago."""
    return tuple(
        MemberForgotten(seat=seat)
        for seat in committee.named
        if _kept_until(committee, seat) <= now
    )


def _kept_until(committee: Committee, seat: str) -> datetime:
    ends = [committee.term_ends]
    if committee.dissolved_at is not None:
        ends.append(local_date(committee.dissolved_at))
    if seat not in {member.seat for member in committee.members}:
        ends += [local_date(one.at) for one in committee.ended if one.seat == seat]
    return begin_of(min(ends) + timedelta(days=committee.name_days[seat]))


def evolve(committee: Committee, event: NamingEvent) -> Committee:
    others = tuple(seat for seat in committee.named if seat != event.seat)
    match event:
        case MemberNamed():
            days = {**committee.name_days, event.seat: event.days}
            return replace(committee, named=(*others, event.seat), name_days=days)
        case MemberForgotten():
            return replace(committee, named=others)
        case NameRead():
            return committee
        case _:
            assert_never(event)
