"""The roll of a session as it stands: each seat, and whether those who are there may deliberate."""

from dataclasses import dataclass

from chassis.kernel.errors import RuleBroken

from . import attendance
from .committee import SeatKind
from .session import Session
from .session_course import Setting, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class RollLine:
    seat: str
    kind: SeatKind
    there: bool
    excused: bool
    interest: bool
    speeches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Roll:
    """`attending`: fixed members there, of the `entitled`; `short`: why they can't deliberate."""

    attending: int
    entitled: int
    quorate: bool
    short: str | None
    seats: tuple[RollLine, ...]


def roll(session: Session, setting: Setting) -> Roll:
    """C-08: the fixed members of the day it was opened, less who lost a seat in it, or of today; of how many,
    says the session."""
    fixed = session.fixed or setting.fixed
    if session.status is Status.OPEN:
        fixed = session.sitting(setting)
    entitled = session.entitled(session.fixed or setting.fixed)
    short = _short(session, fixed, entitled)
    kinds = {member.seat: member.kind for member in setting.members}
    kinds |= dict.fromkeys(fixed, SeatKind.FIXED)
    return Roll(
        attending=len(set(session.there) & set(fixed)),
        entitled=entitled,
        quorate=short is None,
        short=short,
        seats=tuple(
            RollLine(
                seat=seat,
                kind=kinds.get(seat, SeatKind.ADHOC),
                there=seat in session.there,
                excused=seat in session.excused,
                interest=seat in session.interested,
                speeches=sum(one.seat == seat for one in session.speeches),
            )
            for seat in (*fixed, *sorted(setting.seats - set(fixed)))
        ),
    )


def _short(session: Session, fixed: tuple[str, ...], entitled: int) -> str | None:
    try:
        attendance.quorum(session.there, fixed, entitled)
    except RuleBroken as broken:
        return broken.detail
    return None
