"""Our private events in the words we have promised others. Silence is a decision too."""

from collections.abc import Callable
from typing import assert_never

from chassis.kernel.clock import WorkTime
from contracts import whistle as told
from contracts.event import Event

from .domain import problem, unit
from .domain.assessment import mean_score
from .domain.events import (
    CalendarRenewed,
    ClosingVerified,
    DeadlineMissed,
    DeadlineMoved,
    ExtensionAsked,
    MarkGiven,
    MissEscalated,
    Noted,
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
from .domain.task import Outcome, Task, took
from .domain.whistle import Whistle


def of_whistles(work: WorkTime) -> Callable[[WhistleEvent, Whistle], Event | None]:
    def announce(event: WhistleEvent, after: Whistle) -> Event | None:
        match event:
            case UnitArrived():
                lead = after.task(event.unit).lead
                return told.Arrived(**_about(after), at=event.at) if lead else None
            case DeadlineMissed():
                return told.DeadlineMissed(
                    **_about(after), unit=event.unit, deadline=event.which.value, due=event.due
                )
            case WhistleAnswered():
                return _closed(event, after, work)
            case _:
                return _turned(event, after)

    return announce


Turning = (
    WhistleBlown
    | TaskDispatched
    | WhistleReopened
    | WhistleRejected
    | WhistleWithdrawn
    | WhistleRegistered
    | WhistleEscalated
    | StreetSolves
    | ResultFiled
    | MissEscalated
    | ExtensionAsked
    | DeadlineMoved
    | CalendarRenewed
    | WordGiven
    | WhistleReturned
    | ClosingVerified
    | MarkGiven
    | WhistleEvaluated
    | Noted
)


def _turned(event: Turning, after: Whistle) -> Event | None:
    match event:
        case WhistleBlown():
            return told.Blown(**_about(after), problem=after.problem)
        case TaskDispatched():
            return told.Dispatched(**_about(after), lead=after.lead)
        case WhistleReopened():
            return told.Reopened(**_about(after))
        case WhistleRejected():
            return told.Rejected(**_about(after), problem=after.problem)
        case WhistleWithdrawn():
            return told.Withdrawn(**_about(after))
        case (
            WhistleRegistered()
            | WhistleEscalated()
            | StreetSolves()
            | ResultFiled()
            | MissEscalated()
            | ExtensionAsked()
            | DeadlineMoved()
            | CalendarRenewed()
            | WordGiven()
            | WhistleReturned()
            | ClosingVerified()
            | MarkGiven()
            | WhistleEvaluated()
            | Noted()
        ):
            return None
        case _:
            assert_never(event)


def _about(whistle: Whistle) -> dict[str, object]:
    return {
        "street": whistle.street,
        "community": whistle.community,
        "units": whistle.summoned,
        "kind": whistle.kind.value,
        "level": whistle.level.value,
        "category": whistle.category,
    }


def _closed(event: WhistleAnswered, after: Whistle, work: WorkTime) -> told.Closed:
    scores = {score.unit: score.score for score in after.scores}
    return told.Closed(
        **_about(after),
        problem=after.problem,
        outcome=_ended(after.outcome),
        closed_at=event.at,
        records=tuple(_record(task, scores[task.unit], work) for task in after.tasks),
        returns=after.returns,
        score=mean_score(after.scores),
    )


def _record(task: Task, score: int, work: WorkTime) -> told.UnitRecord:
    arrival = took([task.arrival], work)
    handling = took([round.clock for round in task.rounds], work)
    return told.UnitRecord(
        unit=task.unit,
        lead=task.lead,
        outcome=_ended(task.outcome),
        arrival_wall_seconds=arrival.wall,
        arrival_working_seconds=arrival.working,
        arrived_on_time=arrival.on_time,
        handling_wall_seconds=handling.wall,
        handling_working_seconds=handling.working,
        handled_on_time=handling.on_time,
        returns=task.returns,
        score=score,
    )


def _ended(outcome: Outcome | None) -> str:
    if outcome is None:
        raise ValueError("an answered whistle has a result from every unit")
    return outcome.value


def of_problems(event: problem.ProblemEvent, after: problem.Problem) -> Event | None:
    match event:
        case problem.ProblemSettled():
            return told.ProblemSettled(
                street=after.street,
                community=after.community,
                category=after.category,
                channel=after.channel.value,
            )
        case problem.ProblemCollected() | problem.ProblemTriaged():
            return None
        case problem.WhistleFollowed() | problem.ReporterRead():
            return None
        case _:
            assert_never(event)


def of_units(event: unit.UnitEntered, after: unit.Unit) -> Event | None:
    return told.UnitListed(
        units=(after.code,),
        code=after.code,
        name=after.name,
        kind=after.kind.value,
        valid_from=after.valid_from.isoformat(),
        valid_to=after.valid_to.isoformat() if after.valid_to else None,
        listed=after.listed,
    )
