"""C-14, C-17: a regular meeting that was held on paper is entered with its day, its minutes and who was there."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required_by

from . import attendance
from .committee import Committee, fixed_of, term_end
from .regular_events import RegularMeetingCorrected, RegularMeetingEntered, RegularMeetingStruck
from .rules import RULES


def enter(
    committee: Committee, meeting: RegularMeetingEntered, here: Collection[date]
) -> RegularMeetingEntered:
    """Once for a day, of the term, with a quorum of the fixed seats that there are today; not of a day of one that was
    held here (ours).
    """
    seats = _seats(committee)
    return _sound(committee, replace(meeting, fixed=len(seats), seats=seats), here, seats)


def _seats(committee: Committee) -> tuple[str, ...]:
    return tuple(member.seat for member in fixed_of(committee.members))


def correct(
    committee: Committee,
    day: str,
    meeting: RegularMeetingEntered,
    reason: str,
    here: Collection[date],
) -> RegularMeetingCorrected:
    """As if it hadn't been entered, but of the members that there were when it was; where they weren't kept, of those
    on its roll and of today."""
    before = entered(committee, day)
    required_by(RULES["C-14"], reason, "reason", "更正须写明理由。", OURS)
    others = tuple(one for one in committee.meetings if one is not before)
    seats = before.seats or tuple(dict.fromkeys((*_seats(committee), *before.present)))
    as_it_was = replace(meeting, fixed=before.fixed, seats=before.seats)
    put_right = _sound(replace(committee, meetings=others), as_it_was, here, seats)
    return RegularMeetingCorrected(day=before.on, meeting=put_right, reason=reason)


def strike(committee: Committee, day: str, reason: str, now: datetime) -> RegularMeetingStruck:
    """Entered by mistake: it counts for nothing, and its day is free; the trail has it."""
    before = entered(committee, day)
    required_by(RULES["C-14"], reason, "reason", "撤销须写明理由。", OURS)
    return RegularMeetingStruck(day=before.on, reason=reason, at=now)


def entered(committee: Committee, day: str) -> RegularMeetingEntered:
    found = [one for one in committee.meetings if one.on.isoformat() == day]
    if not found:
        raise RuleBroken(RULES["C-14"], "这一天没有补登的工作例会。", clause=OURS)
    return found[0]


def _sound(
    committee: Committee,
    meeting: RegularMeetingEntered,
    here: Collection[date],
    fixed: Collection[str],
) -> RegularMeetingEntered:
    """`fixed`: who may be on its roll."""
    _dated(committee, meeting.on, meeting.at)
    if meeting.on in here:
        detail = "这一天的工作例会已按会议流程登记，不得再补登为线下会议。"
        raise RuleBroken(RULES["C-14"], detail, clause=OURS, field="on")
    for field, lacking in (
        ("minutes", "须写明会议纪要的名称或编号。"),
        ("summary", "须写明会议内容。"),
    ):
        if not getattr(meeting, field).strip():
            raise RuleBroken(RULES["C-14"], lacking, clause=OURS, field=field)
    there = attendance.checked(meeting.present, fixed, "present")
    attendance.quorum(there, fixed, meeting.fixed, "present")
    return meeting


def _dated(committee: Committee, on: date, now: datetime) -> None:
    if on > local_date(now):
        raise Malformed("会议日期不得晚于今天。", field="on")
    ends = committee.term_ends
    if committee.dissolved_at is not None:
        ends = min(ends, local_date(committee.dissolved_at))
    if on >= ends or term_end(on) < committee.term_ends:
        raise RuleBroken(RULES["C-14"], "会议日期不在本届任期内。", clause=OURS, field="on")
    if any(one.on == on for one in committee.meetings):
        raise RuleBroken(RULES["C-14"], "这一天的工作例会已补登。", clause=OURS, field="on")
