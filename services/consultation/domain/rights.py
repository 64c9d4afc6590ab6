"""C-25: what is counted of what a member did, by seat, in a year."""

from collections.abc import Iterable
from dataclasses import dataclass

from chassis.kernel.clock import local_date

from .matter import Matter, Status
from .session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What became of a matter that the member proposed."""

    matter: str
    title: str
    status: Status


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
            Came(matter=one.id, title=one.title, status=one.status)
            for one in own
            if one.by_seat == seat
        ),
    )
