"""`evolve`: the only place where a whistle changes. Total over its events; it refuses nothing."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, assert_never

from chassis.kernel.clock import Deadline

from .events import (
    CalendarRenewed,
    ClosingVerified,
    DeadlineMissed,
    DeadlineMoved,
    ExtensionAsked,
    Level,
    MarkGiven,
    MissEscalated,
    Noted,
    Projected,
    ResultFiled,
    StreetSolves,
    TaskDispatched,
    UnitArrived,
    WhistleAnswered,
    WhistleBlown,
    WhistleEscalated,
    WhistleEvaluated,
    WhistleEvent,
    WhistleRegistered,
    WhistleRejected,
    WhistleReopened,
    WhistleReturned,
    WhistleWithdrawn,
    WordGiven,
)
from .task import Clock, Round, Task, running
from .whistle import Mark, Status, Whistle


def evolve(whistle: Whistle | None, event: WhistleEvent) -> Whistle:
    if isinstance(event, WhistleBlown):
        return _blown(event)
    if whistle is None:
        raise ValueError("a whistle begins by being blown")
    match event:
        case TaskDispatched() | UnitArrived() | ResultFiled() | WhistleReturned():
            return _working(whistle, event)
        case (
            DeadlineMissed()
            | MissEscalated()
            | ExtensionAsked()
            | DeadlineMoved()
            | CalendarRenewed()
        ):
            return _timed(whistle, event)
        case _:
            return _judged(whistle, event)


Working = TaskDispatched | UnitArrived | ResultFiled | WhistleReturned
Timed = DeadlineMissed | MissEscalated | ExtensionAsked | DeadlineMoved | CalendarRenewed
Judged = (
    WhistleRegistered
    | WhistleRejected
    | WhistleWithdrawn
    | WhistleEscalated
    | StreetSolves
    | WordGiven
    | ClosingVerified
    | MarkGiven
    | WhistleEvaluated
    | WhistleAnswered
    | WhistleReopened
    | Noted
)


def _blown(event: WhistleBlown) -> Whistle:
    return Whistle(
        status=Status.BLOWN,
        level=event.level,
        kind=event.kind,
        blower=event.blower,
        street=event.street,
        community=event.community,
        category=event.category,
        title=event.title,
        problem=event.problem,
        summoned=event.summoned,
        lead=event.lead,
        origin=event.origin,
        blown_at=event.at,
    )


def _working(whistle: Whistle, event: Working) -> Whistle:
    match event:
        case TaskDispatched():
            tasks = tuple(
                Task(
                    unit=task.unit,
                    lead=task.lead,
                    arrival=running(task.arrival),
                    rounds=(Round(clock=running(task.handling)),),
                )
                for task in event.tasks
            )
            return replace(whistle, status=Status.DISPATCHED, tasks=tasks, calendar=event.calendar)
        case UnitArrived():
            return _arrived(whistle, event)
        case ResultFiled():
            return _filed(whistle, event)
        case WhistleReturned():
            again = dict(zip(event.units, event.handling, strict=True))
            tasks = tuple(
                replace(
                    task,
                    rounds=(*task.rounds, Round(clock=running(again[task.unit]))),
                    returns=task.returns + 1,
                )
                if task.unit in again
                else task
                for task in whistle.tasks
            )
            return replace(
                whistle,
                status=Status.DISPATCHED,
                tasks=tasks,
                word=None,
                returns=whistle.returns + len(event.units),
            )
        case _:
            assert_never(event)


def _arrived(whistle: Whistle, event: UnitArrived) -> Whistle:
    def came(task: Task) -> Task:
        return replace(task, arrival=replace(task.arrival, met_at=event.at))

    after = _with(whistle, event.unit, came)
    return replace(after, status=Status.ARRIVED) if after.task(event.unit).lead else after


def _filed(whistle: Whistle, event: ResultFiled) -> Whistle:
    def settled(task: Task) -> Task:
        clock = replace(task.handling, met_at=event.at)
        return task.with_round(Round(clock=clock, outcome=event.outcome, summary=event.summary))

    after = _with(whistle, event.unit, settled)
    if all(task.filed for task in after.tasks):
        return replace(after, status=Status.HANDLED)
    return after


def _timed(whistle: Whistle, event: Timed) -> Whistle:
    match event:
        case DeadlineMissed():
            return _clocked(
                whistle, event, lambda c: replace(c, rungs=1, next_rung=event.next_rung)
            )
        case MissEscalated():
            return _clocked(
                whistle,
                event,
                lambda c: replace(c, rungs=c.rungs + 1, next_rung=event.next_rung),
            )
        case ExtensionAsked():
            return _clocked(
                whistle, event, lambda c: replace(c, asked=event.budget, asked_why=event.reason)
            )
        case DeadlineMoved():
            granted = _clocked(whistle, event, partial(_on, deadline=event.deadline))
            if event.why != "extended":
                return granted
            return _clocked(granted, event, lambda c: replace(c, asked=None, asked_why=None))
        case CalendarRenewed():
            for moved in event.moved:
                whistle = _clocked(whistle, moved, partial(_on, deadline=moved.deadline))
            return replace(whistle, calendar=event.calendar)
        case _:
            assert_never(event)


def _on(clock: Clock, deadline: Deadline) -> Clock:
    return replace(clock, deadline=deadline, next_rung=deadline.due)


def _judged(whistle: Whistle, event: Judged) -> Whistle:
    status = REACHED.get(type(event), whistle.status)
    return replace(whistle, status=status, **_learnt(whistle, event))


REACHED: Mapping[type, Status] = {
    WhistleRegistered: Status.REGISTERED,
    WhistleRejected: Status.REJECTED,
    WhistleWithdrawn: Status.WITHDRAWN,
    WhistleEscalated: Status.BLOWN,
    ClosingVerified: Status.VERIFIED,
    WhistleEvaluated: Status.EVALUATED,
    WhistleAnswered: Status.ANSWERED,
    WhistleReopened: Status.DISPATCHED,
}


def _learnt(whistle: Whistle, event: Judged) -> dict[str, Any]:
    """What changes besides the status."""
    match event:
        case WhistleRegistered() | WhistleWithdrawn() | ClosingVerified():
            return {}
        case WhistleRejected():
            return {"cost": event.cost}
        case WhistleEscalated():
            return {"level": Level.STREET, "tasks": (), "word": None, "calendar": None}
        case StreetSolves():
            return {"solver": event.leader, "summoned": (event.office,), "lead": event.office}
        case WordGiven():
            return {"word": event.done}
        case MarkGiven():
            mark = Mark(
                by=event.by, points=event.points, findings=event.findings, policy=event.policy
            )
            return {"marks": (*whistle.marks, mark)}
        case WhistleEvaluated():
            return {"scores": event.scores}
        case WhistleAnswered():
            return {"answered_at": event.at}
        case WhistleReopened():
            return _handled_again(whistle, event)
        case Noted():
            return {"notes": (*whistle.notes, event.what)}
        case _:
            assert_never(event)


def _handled_again(whistle: Whistle, event: WhistleReopened) -> dict[str, Any]:
    tasks = tuple(
        replace(task, rounds=(*task.rounds, Round(clock=running(deadline))))
        for task, deadline in zip(whistle.tasks, event.handling, strict=True)
    )
    return {"tasks": tasks, "word": None, "marks": (), "scores": ()}


def _with(whistle: Whistle, unit: str, change: Callable[[Task], Task]) -> Whistle:
    tasks = tuple(change(task) if task.unit == unit else task for task in whistle.tasks)
    return replace(whistle, tasks=tasks)


def _clocked(
    whistle: Whistle,
    of: DeadlineMissed | MissEscalated | ExtensionAsked | DeadlineMoved | Projected,
    change: Callable[[Clock], Clock],
) -> Whistle:
    def timed(task: Task) -> Task:
        return task.with_clock(of.which, change(task.clock(of.which)))

    return _with(whistle, of.unit, timed)
