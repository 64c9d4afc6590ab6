"""C-25: what is counted of what a member did, by seat, in a year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from chassis.kernel.clock import local_date

from .events import MatterEvent, MatterResearched, OutcomeRecorded
from .matter import Matter, Status
from .regular_events import RegularMeetingEntered
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
    seat: str,
    year: int,
    sessions: Sequence[Session],
    matters: Sequence[tuple[Matter, Sequence[MatterEvent]]],
    meetings: Iterable[RegularMeetingEntered],
) -> MemberYear:
    """`sessions`: the committee's, those too few came to only as missed; `matters`: those before it, with what happened
    to each, since who came or joined in did so also where the matter was taken up again or put right; `meetings`: those
    on paper. Of what was held on paper is known who was there: it counts for these, and as missed by nobody (ours).
    """
    held = [
        one
        for one in sessions
        if seat in one.fixed and one.opened_at and local_date(one.opened_at).year == year
    ]
    on_paper = sum(len(_days_on_paper(past, seat, year)) for _, past in matters)
    on_paper += sum(one.on.year == year and seat in one.present for one in meetings)
    own = [(one, past) for one, past in matters if local_date(one.proposed_at).year == year]
    every = [inspected for one, _ in matters for inspected in one.inspected]
    return MemberYear(
        seat=seat,
        year=year,
        sessions=len(held) + on_paper,
        attended=sum(_came(one, seat) for one in held) + on_paper,
        absent=sum(seat in one.absent and _day(one).year == year for one in sessions),
        spoke=sum(speech.seat == seat for one in held for speech in one.speeches),
        researched=sum(_joined(past, seat) for _, past in own),
        inspected=sum(one.seat == seat and local_date(one.at).year == year for one in every),
        proposed=tuple(
            Came(matter=one.id, title=one.title, status=one.status)
            for one, _ in own
            if one.by_seat == seat
        ),
    )


def _day(session: Session) -> date:
    """On which it was opened, or was to be."""
    return local_date(session.opened_at or session.called.held_at)


def _came(session: Session, seat: str) -> bool:
    return any(one.came and one.seat == seat for one in session.movements)


def _joined(past: Iterable[MatterEvent], seat: str) -> bool:
    return any(isinstance(one, MatterResearched) and seat in one.seats for one in past)


def _days_on_paper(past: Iterable[MatterEvent], seat: str, year: int) -> frozenset[date]:
    """On which days the member was there."""
    recorded = (one for one in past if isinstance(one, OutcomeRecorded) and one.on_paper)
    return frozenset(
        one.day for one in recorded if one.day.year == year and seat in one.conclusion.roll
    )
