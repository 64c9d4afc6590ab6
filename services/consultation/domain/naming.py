"""C-14: who sits on a seat is sealed apart; the committee's record says that it is, and who read it and why."""

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from chassis.kernel.errors import NotFound
from chassis.kernel.said import said, said_by

from .appointing import member_of
from .committee import Committee
from .members import MemberForgotten, MemberNamed, NameRead, NamingEvent
from .rules import RULES


def name(committee: Committee, seat: str, person: Mapping[str, str]) -> MemberNamed:
    member_of(committee, seat)
    said(person.get("name", ""), "name", "请写明姓名。")
    return MemberNamed(seat=seat)


def named(committee: Committee, seat: str) -> None:
    if seat not in committee.named:
        raise NotFound("该席位没有登记姓名。")


def read(committee: Committee, seat: str, by: str, reason: str) -> NameRead:
    """Recorded before anything is shown."""
    named(committee, seat)
    said_by(RULES["C-14"], reason, "reason", "查看姓名、电话须写明理由。")
    return NameRead(seat=seat, by=by, reason=reason)


def forget(committee: Committee, seat: str) -> MemberForgotten:
    named(committee, seat)
    return MemberForgotten(seat=seat)


def evolve(committee: Committee, event: NamingEvent) -> Committee:
    others = tuple(seat for seat in committee.named if seat != event.seat)
    match event:
        case MemberNamed():
            return replace(committee, named=(*others, event.seat))
        case MemberForgotten():
            return replace(committee, named=others)
        case NameRead():
            return committee
        case _:
            assert_never(event)
