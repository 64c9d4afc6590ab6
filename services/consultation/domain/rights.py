"""C-25: what a member may do, by seat: propose, join the research, supervise; and what of it is counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.clock import local_date
from chassis.kernel.errors import Malformed, RuleBroken

from .committee import Member
from .following_events import MatterInspected
from .matter import Matter
from .rules import MEMBERS_RIGHTS, RULES
from .session import Session


def members_only(seats: Iterable[str], members: Iterable[Member], field: str) -> tuple[str, ...]:
    """The seats, all of them of the committee and each once."""
    asked = tuple(seats)
    strangers = sorted(set(asked) - {member.seat for member in members})
    if strangers:
        detail = f"由本会委员行使，没有这个席位：{strangers[0]}"
        raise RuleBroken(RULES["C-25"], detail, clause=MEMBERS_RIGHTS, field=field)
    if len(set(asked)) != len(asked):
        raise Malformed("同一席位只能出现一次。", field=field)
    return asked


def inspect(
    matter: Matter, seat: str, finding: str, members: Iterable[Member], now: datetime
) -> MatterInspected:
    """How an outcome is carried out."""
    matter.may("inspect")
    members_only((seat,), members, "seat")
    if not finding.strip():
        raise RuleBroken(RULES["C-25"], "请写明监督情况。", clause=MEMBERS_RIGHTS, field="finding")
    return MatterInspected(seat=seat, finding=finding, at=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What became of a matter that the member proposed."""

    matter: str
    title: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberYear:
    """Of one seat in one year (Asia/Shanghai): how often it did what it may and has to."""

    seat: str
    year: int
    sessions: int
    attended: int
    absent: int
    spoke: int
    researched: int
    inspected: int
    proposed: tuple[Came, ...]


def year_of(
    seat: str, year: int, sessions: Iterable[Session], matters: Iterable[Matter]
) -> MemberYear:
    """`sessions`: the committee's; `matters`: those before it."""
    held = [
        one
        for one in sessions
        if seat in one.fixed and one.opened_at and local_date(one.opened_at).year == year
    ]
    own = [one for one in matters if local_date(one.proposed_at).year == year]
    every = [inspected for one in matters for inspected in one.inspected]
    return MemberYear(
        seat=seat,
        year=year,
        sessions=len(held),
        attended=sum(any(m.came and m.seat == seat for m in one.movements) for one in held),
        absent=sum(seat in one.absent for one in held),
        spoke=sum(speech.seat == seat for one in held for speech in one.speeches),
        researched=sum(seat in one.researchers for one in own),
        inspected=sum(one.seat == seat and local_date(one.at).year == year for one in every),
        proposed=tuple(
            Came(matter=one.id, title=one.title, status=one.status.value)
            for one in own
            if one.by_seat == seat
        ),
    )
