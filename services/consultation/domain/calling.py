"""C-06: who calls a session, C-09: for which matter, C-05: by which plan."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.holding import HELD_FOR
from chassis.kernel.required import required

from . import attendance
from .committee import Level
from .events import SessionReserved
from .matter import Matter
from .rules import MEETING, RULES
from .session import Session
from .session_course import Setting, Status
from .session_events import Calling, SessionCalled, SessionKind


def call(called: SessionCalled, setting: Setting) -> SessionCalled:
    """C-06 who calls it, C-09 for one matter, which has come to its session; with the members of that day."""
    if called.held_at < called.at:
        raise Malformed("开会时间已过。", field="held_at")
    required(called.place, "place", "请写明开会地点。")
    _called_for(called, setting.fixed)
    if called.called_by is Calling.PLAN and local_date(called.held_at).year not in setting.planned:
        detail = "该年度计划尚未报送；临时会议由党（工）委或委员联名召集。"
        raise RuleBroken(RULES["C-05"], detail, clause=OURS, field="called_by")
    topical = called.kind is SessionKind.TOPICAL
    if topical is not (setting.matter is not None):
        detail = "专题会议一事一议，须写明事项。" if topical else "例会不写事项。"
        raise RuleBroken(RULES["C-09"], detail, field="matter")
    if setting.matter is not None:
        if setting.matter.committee != called.committee:
            raise Malformed("该事项不属于本议事委员会。", field="matter")
        setting.matter.may("outcome")
    return replace(called, fixed=setting.fixed)


def reserve(matter: Matter, session: str, now: datetime) -> tuple[SessionReserved, ...]:
    """C-09, C-16: while its outcome may still come of a session."""
    matter.may("outcome")
    again = awaited(matter, now) == session
    return () if again else (SessionReserved(session=session, at=now),)


def awaited(matter: Matter, now: datetime) -> str | None:
    """The session that it was reserved for a moment ago, whether or not that is there yet."""
    held = matter.reserved
    return held.session if held is not None and now - held.at < HELD_FOR else None


def over(id: str, session: Session, matter: Matter) -> bool:
    """C-09: adjourned, or its outcome is one that the matter has gone past: another may be called."""
    return session.status is Status.ADJOURNED or matter.gone_past(id)


def alone(standing: Session | None) -> None:
    """C-09: while a session for its matter isn't over there is no second one (ours)."""
    if standing is not None:
        detail = "一事一议：会议已经召集，未休会的不得另行召集；已有结果的，再协商后方可召集。"
        raise RuleBroken(RULES["C-09"], detail, clause=OURS, field="matter")


def _called_for(called: SessionCalled, fixed: Collection[str]) -> None:
    if called.called_by is not Calling.MEMBERS:
        if called.joined:
            raise Malformed("由委员联名召集的才写明席位。", field="joined")
        return
    joined = attendance.checked(called.joined, fixed, "joined")
    if len(joined) * 3 < len(fixed):
        detail = f"临时会议须三分之一以上委员联名，现为 {len(fixed)} 人中的 {len(joined)} 人。"
        clause = MEETING if called.level is Level.STREET else OURS
        raise RuleBroken(RULES["C-06"], detail, clause=clause, field="joined")
