"""O-17: joint meetings of the district and of streets: agenda, decision, who does what by when."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import end_of, local_date
from chassis.kernel.errors import OURS, Malformed, NotFound, RuleBroken
from chassis.kernel.required import required, required_by

from .resettling import Resettled
from .rules import RULES


class MeetingLevel(StrEnum):
    DISTRICT = "district"
    STREET = "street"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """`who`: an office; `by` its last day."""

    id: str
    what: str
    who: str
    by: date
    done_on: date | None = None
    report: str | None = None
    missed: bool = False

    @property
    def awaited(self) -> bool:
        return self.done_on is None and not self.missed


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingCalled:
    """`needs`: of procurement's lists, which are what it is about."""

    id: str
    level: MeetingLevel
    street: str | None = None
    on: date
    agenda: tuple[str, ...]
    needs: tuple[str, ...] = ()
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingDecided:
    decision: str
    tasks: tuple[Task, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingCalledOff:
    """It isn't held, on that day or at all: another is called in its place."""

    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDone:
    task: str
    on: date
    report: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskMissed:
    task: str
    at: datetime


MeetingEvent = MeetingCalled | MeetingDecided | MeetingCalledOff | TaskDone | TaskMissed | Resettled


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    id: str
    level: MeetingLevel
    street: str | None = None
    on: date
    agenda: tuple[str, ...]
    needs: tuple[str, ...] = ()
    called_at: datetime
    decision: str | None = None
    called_off: str | None = None
    """Why, of one that wasn't held."""
    tasks: tuple[Task, ...] = ()

    def task(self, id: str) -> Task:
        found = next((one for one in self.tasks if one.id == id), None)
        if found is None:
            raise NotFound
        return found

    @property
    def next_due(self) -> datetime | None:
        return min((end_of(one.by) for one in self.tasks if one.awaited), default=None)

    def of(self, office: str) -> "Meeting":
        """What an office that isn't shown the meeting has to do: neither what others have, nor what it was about."""
        own = tuple(one for one in self.tasks if one.who == office)
        return replace(self, agenda=(), needs=(), decision=None, tasks=own)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    what: str
    who: str
    by: date


def call(called: MeetingCalled) -> MeetingCalled:
    if not [one for one in called.agenda if one.strip()]:
        raise RuleBroken(RULES["O-17"], "须写明议程。", field="agenda")
    if (called.level is MeetingLevel.STREET) != (called.street is not None):
        raise Malformed("街道联席会写明街道，区联席会不写。", field="street")
    return called


def may_call_off(meeting: Meeting) -> None:
    if meeting.decision is not None:
        raise RuleBroken(RULES["O-17"], "该次联席会已有决定。")
    if meeting.called_off is not None:
        raise RuleBroken(RULES["O-17"], "该次联席会已经取消。")


def call_off(meeting: Meeting, *, reason: str, now: datetime) -> MeetingCalledOff:
    """Before anything was decided (ours)."""
    may_call_off(meeting)
    required_by(RULES["O-17"], reason, "reason", "取消会议须写明理由。", OURS)
    return MeetingCalledOff(reason=reason, at=now)


def may_decide(meeting: Meeting, now: datetime) -> None:
    may_call_off(meeting)
    if local_date(now) < meeting.on:
        raise RuleBroken(RULES["O-17"], f"会议定于 {meeting.on}，召开后记录决定。")


def decide(
    meeting: Meeting, *, decision: str, assigned: tuple[Assigned, ...], now: datetime
) -> MeetingDecided:
    may_decide(meeting, now)
    required_by(RULES["O-17"], decision, "decision", "须写明会议决定。")
    tasks = []
    for place, one in enumerate(assigned):
        required(one.what, f"tasks.{place}.what")
        if one.by < local_date(now):
            raise Malformed("完成期限不得早于今天。", field=f"tasks.{place}.by")
        tasks.append(Task(id=f"t{place + 1}", what=one.what, who=one.who, by=one.by))
    return MeetingDecided(decision=decision, tasks=tuple(tasks), at=now)


def may_do(meeting: Meeting, id: str) -> None:
    """Late as well; that it was missed stays."""
    if meeting.task(id).done_on is not None:
        raise RuleBroken(RULES["O-17"], "该项任务已经完成。")


def do(
    meeting: Meeting, id: str, *, report: str, now: datetime
) -> tuple[TaskMissed | TaskDone, ...]:
    """After its last day it was missed first, whether the clock has come for it yet or not."""
    may_do(meeting, id)
    required_by(RULES["O-17"], report, "report", "须写明完成情况。")
    return (*missed(meeting, now), TaskDone(task=id, on=local_date(now), report=report))


def missed(meeting: Meeting, now: datetime) -> tuple[TaskMissed, ...]:
    return tuple(
        TaskMissed(task=one.id, at=now)
        for one in meeting.tasks
        if one.awaited and now >= end_of(one.by)
    )


def resettle(meeting: Meeting, to: Resettled) -> tuple[Resettled, ...]:
    """What a community has still to do, whoever it is now."""
    return (to,) if _resettled(meeting, to) != meeting else ()


def _resettled(meeting: Meeting, to: Resettled) -> Meeting:
    tasks = tuple(
        replace(one, who=to.follows(one.who)) if one.done_on is None else one
        for one in meeting.tasks
    )
    return replace(meeting, tasks=tasks)


def evolve(meeting: Meeting | None, event: MeetingEvent) -> Meeting:
    if isinstance(event, MeetingCalled):
        return Meeting(
            id=event.id,
            level=event.level,
            street=event.street,
            on=event.on,
            agenda=event.agenda,
            needs=event.needs,
            called_at=event.at,
        )
    if meeting is None:
        raise ValueError("a meeting is called first")
    match event:
        case MeetingDecided():
            return replace(meeting, decision=event.decision, tasks=event.tasks)
        case MeetingCalledOff():
            return replace(meeting, called_off=event.reason)
        case TaskDone():
            found = meeting.task(event.task)
            after = replace(found, done_on=event.on, report=event.report)
        case TaskMissed():
            after = replace(meeting.task(event.task), missed=True)
        case Resettled():
            return _resettled(meeting, event)
        case _:
            assert_never(event)
    tasks = tuple(after if one.id == after.id else one for one in meeting.tasks)
    return replace(meeting, tasks=tasks)
