"""`evolve`: the only place where a whistle changes. Total over its events; it refuses nothing."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, assert_never

from .course import Status
from .events import (
    Assignment,
    CalendarRenewed,
    ClosingVerified,
    CompetenceDecided,
    CompetenceDeclined,
    DeadlineMissed,
    DeadlineMoved,
    ExtensionAsked,
    Level,
    MarkGiven,
    MissEscalated,
    Noted,
    Projected,
    ResidentRated,
    ResultFiled,
    RungMoved,
    StreetBlew,
    StreetSolves,
    TaskDispatched,
    UnitArrived,
    Urged,
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
from .marks import Declined, Mark
from .task import Clock, Outcome, Result, Round, Task, Which, running
from .whistle import Whistle


def evolve(whistle: Whistle | None, event: WhistleEvent) -> Whistle:
    if isinstance(event, WhistleBlown):
        return _blown(event)
    if whistle is None:
        raise ValueError("a whistle begins by being blown")
    match event:
        case (
            TaskDispatched()
            | UnitArrived()
            | ResultFiled()
            | WhistleReturned()
            | CompetenceDeclined()
            | CompetenceDecided()
        ):
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


Working = (
    TaskDispatched
    | UnitArrived
    | ResultFiled
    | WhistleReturned
    | CompetenceDeclined
    | CompetenceDecided
)
Timed = DeadlineMissed | MissEscalated | ExtensionAsked | DeadlineMoved | CalendarRenewed
Judged = (
    WhistleRegistered
    | WhistleRejected
    | WhistleWithdrawn
    | WhistleEscalated
    | StreetSolves
    | StreetBlew
    | WordGiven
    | ClosingVerified
    | MarkGiven
    | WhistleEvaluated
    | ResidentRated
    | WhistleAnswered
    | WhistleReopened
    | Noted
    | Urged
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
        spot=event.spot,
        blown_at=event.at,
    )


def _working(whistle: Whistle, event: Working) -> Whistle:
    match event:
        case TaskDispatched():
            tasks = tuple(_task(one) for one in event.tasks)
            return replace(
                whistle,
                status=Status.DISPATCHED,
                summoned=tuple(task.unit for task in tasks),
                tasks=tasks,
                calendar=event.calendar,
            )
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
                rating=None if event.rated_anew else whistle.rating,
                decision=None if event.unruled else whistle.decision,
                tasks=tasks,
                word=None,
                returns=whistle.returns + len(event.units),
            )
        case CompetenceDeclined():
            return _declined(whistle, event)
        case CompetenceDecided():
            return _decided(whistle, event)
        case _:
            assert_never(event)


def _task(assigned: Assignment) -> Task:
    return Task(
        unit=assigned.unit,
        lead=assigned.lead,
        arrival=running(assigned.arrival),
        rounds=(Round(clock=running(assigned.handling)),),
    )


def _arrived(whistle: Whistle, event: UnitArrived) -> Whistle:
    def came(task: Task) -> Task:
        arrival = replace(task.arrival, met_at=event.at)
        return replace(task, arrival=arrival, place=event.place, proofs=event.proofs)

    after = _with(whistle, event.unit, came)
    return replace(after, status=Status.ARRIVED) if after.task(event.unit).lead else after


def _filed(whistle: Whistle, event: ResultFiled) -> Whistle:
    def settled(task: Task) -> Task:
        clock = replace(task.handling, met_at=event.at)
        return task.with_round(Round(clock=clock, result=event.result))

    after = _with(whistle, event.unit, settled)
    if event.outcome is Outcome.NOT_OURS and event.whose and whistle.lead == event.unit:
        after = _led_by(after, event.whose)
    return _standing(after)


def _declined(whistle: Whistle, event: CompetenceDeclined) -> Whistle:
    declined = Declined(unit=event.unit, whose=event.whose, ground=event.ground)
    decision = running(event.decision) if event.decision else whistle.decision
    known = replace(whistle, declined=(*whistle.declined, declined), decision=decision)
    return _called_in(known, event.call)


def _decided(whistle: Whistle, event: CompetenceDecided) -> Whistle:
    """That unit leads; who declined and was right is released, with its own word for a result, and so is who ended."""
    ruled = whistle.ruled(event.ended)
    whistle = _called_in(whistle, event.call)
    for task in whistle.let_go(event.unit, event.ended):
        why = "单位已撤销，由其他单位接办" if task.unit in event.ended else "经裁定不属本单位"
        let_go = partial(_released, why=why, to=event.unit, at=event.at)
        whistle = _with(whistle, task.unit, let_go)
    if not ruled:
        return _standing(whistle)
    decision = whistle.decision
    if decision is not None and decision.running:
        decision = replace(decision, met_at=event.at)
    decided = replace(whistle, decision=decision, competent=event.unit, decided_at=event.at)
    return _standing(_led_by(decided, event.unit))


def _released(task: Task, why: str, to: str, at: datetime) -> Task:
    result = Result(outcome=Outcome.NOT_OURS, summary=why, whose=to)
    return task.with_round(Round(clock=replace(task.handling, met_at=at), result=result))


def _called_in(whistle: Whistle, call: Assignment | None) -> Whistle:
    if call is None:
        return whistle
    return replace(
        whistle,
        summoned=(*whistle.summoned, call.unit),
        tasks=(*whistle.tasks, _task(call)),
    )


def _led_by(whistle: Whistle, unit: str) -> Whistle:
    tasks = tuple(replace(task, lead=task.unit == unit) for task in whistle.tasks)
    return replace(whistle, lead=unit, tasks=tasks)


def _standing(whistle: Whistle) -> Whistle:
    """Handled when every unit has filed, arrived when the lead has come."""
    if all(task.filed for task in whistle.tasks):
        return replace(whistle, status=Status.HANDLED)
    arrived = whistle.task(whistle.lead).arrived
    return replace(whistle, status=Status.ARRIVED if arrived else Status.DISPATCHED)


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
            granted = _clocked(whistle, event, partial(_on, moved=event))
            if event.why != "extended":
                return granted
            return _clocked(granted, event, lambda c: replace(c, asked=None, asked_why=None))
        case CalendarRenewed():
            for moved in event.moved:
                whistle = _clocked(whistle, moved, partial(_on, moved=moved))
            for rung in event.rungs:
                whistle = _clocked(whistle, rung, partial(_at_rung, at=rung.next_rung))
            return replace(whistle, calendar=event.calendar)
        case _:
            assert_never(event)


def _on(clock: Clock, moved: DeadlineMoved | Projected) -> Clock:
    """A clock that was missed climbs on from where it is; any other wakes when it is due."""
    deadline = moved.deadline
    if clock.missed:
        following = moved.next_rung if isinstance(moved, DeadlineMoved) else clock.next_rung
        return replace(clock, deadline=deadline, next_rung=following)
    return replace(clock, deadline=deadline, next_rung=deadline.due)


def _at_rung(clock: Clock, at: datetime) -> Clock:
    return replace(clock, next_rung=at)


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
        case WhistleEscalated() | StreetSolves() | StreetBlew():
            return _raised(whistle, event)
        case WordGiven():
            return {"word": event.done}
        case MarkGiven():
            mark = Mark(
                by=event.by, points=event.points, findings=event.findings, policy=event.policy
            )
            return {"marks": (*whistle.marks, mark)}
        case WhistleEvaluated():
            return {
                "scores": event.scores,
                "scored_under": event.policy,
                "scored_calendar": event.calendar,
            }
        case ResidentRated():
            return {"rating": event.rating, "scores": event.scores or whistle.scores}
        case WhistleAnswered():
            return {
                "answer_given": event.answer,
                "answered_at": event.at,
                "first_answered_at": whistle.closed_at or event.at,
            }
        case WhistleReopened():
            return _handled_again(whistle, event)
        case Noted():
            return {"notes": (*whistle.notes, event.what)}
        case Urged():
            return {"urged": event.whom, "urged_at": event.at}
        case _:
            assert_never(event)


def _raised(
    whistle: Whistle, event: WhistleEscalated | StreetSolves | StreetBlew
) -> dict[str, Any]:
    """What comes up from a community waits for the street, which is its blower from then on."""
    match event:
        case WhistleEscalated():
            return {
                "level": Level.STREET,
                "undecided": True,
                "tasks": (),
                "earlier": whistle.tasks,
                "returns": 0,
                "answered_at": None,
                "first_answered_at": None,
                "word": None,
                "rating": None if event.rated_anew else whistle.rating,
                "calendar": None,
            }
        case StreetSolves():
            return {
                "undecided": False,
                "blower": event.by,
                "solver": event.leader,
                "summoned": (event.office,),
                "lead": event.office,
            }
        case StreetBlew():
            return {
                "undecided": False,
                "blower": event.by,
                "kind": event.kind,
                "summoned": event.summoned,
                "lead": event.lead,
            }
        case _:
            assert_never(event)


def _handled_again(whistle: Whistle, event: WhistleReopened) -> dict[str, Any]:
    """By every unit that settled it; one that a build of before had released goes on as it was."""
    theirs = (task.unit for task in whistle.tasks if task.settled)
    again = dict(zip(theirs, event.handling, strict=False))
    tasks = tuple(
        replace(
            task,
            rounds=(*task.rounds, Round(clock=running(again[task.unit]))),
            settled_before=task.settled_before or event.keeps,
        )
        if task.unit in again
        else task
        for task in whistle.tasks
    )
    decision = None if event.unruled else whistle.decision
    anew = {"word": None, "marks": (), "rating": None, "scores": ()}
    return {"tasks": tasks, "decision": decision, **anew}


def _with(whistle: Whistle, unit: str, change: Callable[[Task], Task]) -> Whistle:
    tasks = tuple(change(task) if task.unit == unit else task for task in whistle.tasks)
    return replace(whistle, tasks=tasks)


def _clocked(
    whistle: Whistle,
    of: DeadlineMissed | MissEscalated | ExtensionAsked | DeadlineMoved | Projected | RungMoved,
    change: Callable[[Clock], Clock],
) -> Whistle:
    if of.which is Which.COMPETENCE:
        decision = change(whistle.decision) if whistle.decision else None
        return replace(whistle, decision=decision)

    def timed(task: Task) -> Task:
        return task.with_clock(of.which, change(task.clock(of.which)))

    return _with(whistle, of.unit, timed)
