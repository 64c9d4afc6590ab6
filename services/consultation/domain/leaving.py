"""C-03: absences counted from the sessions' rolls, and the end of a seat within its term."""

from collections.abc import Collection
from datetime import datetime

from chassis.kernel.errors import RuleBroken

from .appointing import WARNED_AT, member_of
from .committee import Committee
from .members import (
    AbsencesCounted,
    AbsenceWarned,
    Ended,
    MemberEvent,
    SeatEnded,
)
from .rules import DISMISSING, RULES

ABSENT_AT = 3


def count(committee: Committee, session: str, seats: Collection[str]) -> tuple[MemberEvent, ...]:
    """Once per session, and again without who was excused since; a seat's second absence is warned of."""
    before = next((one for one in committee.absences if one.session == session), None)
    if before is not None:
        still = tuple(seat for seat in before.seats if seat in seats)
        return (AbsencesCounted(session=session, seats=still),) if still != before.seats else ()
    sitting = {member.seat for member in committee.members}
    absent = tuple(seat for seat in seats if seat in sitting)
    warned = tuple(
        AbsenceWarned(seat=seat) for seat in absent if committee.missed(seat) + 1 == WARNED_AT
    )
    return (AbsencesCounted(session=session, seats=absent), *warned)


def dismiss(committee: Committee, seat: str, why: Ended, note: str, now: datetime) -> SeatEnded:
    member_of(committee, seat)
    if why is Ended.DISQUALIFIED:
        raise RuleBroken(
            RULES["C-03"], "不得担任的情形由街道审核终止。", clause=DISMISSING, field="why"
        )
    if why is Ended.ABSENT and committee.missed(seat) < ABSENT_AT:
        detail = f"无故缺席 {committee.missed(seat)} 次，未满 {ABSENT_AT} 次。"
        raise RuleBroken(RULES["C-03"], detail, clause=DISMISSING, field="why")
    if not note.strip():
        raise RuleBroken(RULES["C-03"], "解聘须写明事由。", clause=DISMISSING, field="note")
    return SeatEnded(seat=seat, why=why, note=note, at=now)
