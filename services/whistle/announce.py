"""Our private events in the words we have promised others. Silence is a decision too."""

from collections.abc import Callable
from typing import assert_never

from chassis.kernel.clock import WorkTime, local_date
from contracts import whistle as published
from contracts.event import Event

from .domain import accountability, dealing, problem, spot, unit, unplaced, yearly
from .domain.blowing import HOUSING
from .domain.course import Status
from .domain.events import (
    CalendarRenewed,
    ClosingVerified,
    CompetenceDecided,
    CompetenceDeclined,
    DeadlineMissed,
    DeadlineMoved,
    ExtensionAsked,
    MarkGiven,
    MissEscalated,
    Noted,
    ResidentRated,
    ResultFiled,
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
from .domain.task import Outcome, Task, took
from .domain.whistle import Whistle
from .spots import Spots


def of_whistles(work: WorkTime) -> Callable[[WhistleEvent, Whistle], Event | None]:
    def announce(event: WhistleEvent, after: Whistle) -> Event | None:
        match event:
            case UnitArrived():
                lead = after.task(event.unit).lead
                return published.Arrived(**_about(after), at=event.at) if lead else None
            case DeadlineMissed():
                return published.DeadlineMissed(
                    **_about(after), unit=event.unit, deadline=event.which.value, due=event.due
                )
            case ResultFiled() | CompetenceDecided() if after.status is Status.HANDLED:
                return published.Handled(
                    **_about(after), outcome=_ended(after.outcome), at=event.at
                )
            case WhistleReturned():
                return published.Returned(**_about(after), returned=event.units)
            case ClosingVerified():
                return published.Verified(**_about(after), outcome=_ended(after.outcome))
            case WhistleAnswered():
                return _closed(after, work)
            case ResidentRated():
                # After the answer the account changes, and is told again.
                return _closed(after, work) if after.status is Status.ANSWERED else None
            case _:
                return _turned(event, after)

    return announce


Turning = (
    WhistleBlown
    | StreetBlew
    | TaskDispatched
    | CompetenceDeclined
    | CompetenceDecided
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
    | MarkGiven
    | WhistleEvaluated
    | Noted
    | Urged
)


def _turned(event: Turning, after: Whistle) -> Event | None:
    match event:
        case WhistleBlown() | StreetBlew():
            return published.Blown(**_about(after), problem=after.problem)
        case CompetenceDeclined() if event.call is None:
            return None
        case TaskDispatched() | CompetenceDeclined() | CompetenceDecided():
            return published.Dispatched(**_about(after), lead=after.lead)
        case WhistleReopened():
            return published.Reopened(**_about(after))
        case WhistleRejected():
            automatic = after.origin is not None
            return published.Rejected(**_about(after), problem=after.problem, automatic=automatic)
        case WhistleWithdrawn():
            return published.Withdrawn(**_about(after), problem=after.problem)
        case Urged():
            return published.Urged(**_about(after))
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


def _closed(after: Whistle, work: WorkTime) -> published.Closed:
    if after.answered_at is None or after.score is None:
        raise ValueError("a closed whistle has been evaluated and answered")
    scores = {score.unit: score.score for score in after.scores}
    return published.Closed(
        **_about(after),
        problem=after.problem,
        outcome=_ended(after.outcome),
        closed_at=after.answered_at,
        records=tuple(_record(task, scores[task.unit], work) for task in after.tasks),
        returns=after.returns,
        satisfaction=after.rating,
        score=after.score,
    )


def _record(task: Task, score: int, work: WorkTime) -> published.UnitRecord:
    arrival = took([task.arrival], work)
    handling = took([round.clock for round in task.rounds], work)
    return published.UnitRecord(
        unit=task.unit,
        lead=task.lead,
        outcome=_ended(task.outcome),
        whose=task.whose,
        settled_before=task.settled_before,
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


def of_unplaced(event: unplaced.UnplacedEvent, after: unplaced.Unplaced) -> Event | None:
    match event:
        case unplaced.UnplacedPlaced():
            return published.ReportPlaced(
                street=event.street, community=event.community, category=after.category
            )
        case unplaced.UnplacedTaken() | unplaced.UnplacedTurnedAway():
            return None
        case _:
            assert_never(event)


def of_problems(
    spots: Spots,
) -> Callable[[problem.ProblemEvent, problem.Problem], Event | None]:
    def announce(event: problem.ProblemEvent, after: problem.Problem) -> Event | None:
        match event:
            case problem.ProblemSettled():
                return published.ProblemSettled(
                    street=after.street,
                    community=after.community,
                    category=after.category,
                    channel=after.channel.value,
                )
            case problem.ProblemCollected():
                return published.ProblemCollected(
                    street=after.street,
                    community=after.community,
                    category=after.category,
                    channel=after.channel.value,
                    spot=spots.of(after),
                    collected_at=after.collected_at,
                )
            case problem.ProblemTriaged() | problem.ProblemCorrected():
                return None
            case problem.WhistleFollowed() | problem.WhistleDropped() | problem.ReporterRead():
                return None
            case _:
                assert_never(event)

    return announce


def of_spots(event: spot.SpotEvent, after: spot.Spot) -> Event | None:
    match event:
        case spot.ReportCounted() | spot.SpotLookedAt():
            return None
        case spot.SpotRepeated():
            return published.ProblemRepeated(
                street=after.street,
                community=after.community,
                category=after.category,
                count=len(event.problems),
                first=local_date(event.first).isoformat(),
                last=local_date(event.last).isoformat(),
            )
        case _:
            assert_never(event)


def of_cases(event: accountability.CaseEvent, after: accountability.Case) -> Event | None:
    match event:
        case accountability.CaseOpened():
            kind, _, code = event.holder.partition(":")
            return published.AccountabilityOpened(
                street=event.street,
                community=event.community,
                units=(code,) if kind == "department" else (),
                category=event.category,
                holder=event.holder,
                count=len(event.problems),
                first=local_date(event.first).isoformat(),
                last=local_date(event.last).isoformat(),
            )
        case (
            accountability.CaseAnswered()
            | accountability.CaseClosed()
            | accountability.AnswerRenewed()
        ):
            return None
        case _:
            assert_never(event)


def of_dealings(event: dealing.WhistleConcerned, after: dealing.Dealing) -> Event | None:
    return published.AgreementNoted(
        street=after.street,
        community=after.community,
        units=(HOUSING,),
        agreement=after.agreement,
        due=event.due,
        change=event.change,
    )


def of_years(event: yearly.YearEvent, after: yearly.Year) -> Event | None:
    match event:
        case yearly.YearAssessed():
            return published.DepartmentAssessed(
                units=(after.unit,),
                unit=after.unit,
                year=after.year,
                result=event.result,
                whistles=event.whistles,
                excluded=event.excluded,
                weight_percent=event.weight,
                policy=event.policy,
            )
        case yearly.AppealOverdue():
            return published.AppealOverdue(
                units=(after.unit,), unit=after.unit, year=after.year, due=event.due
            )
        case yearly.YearBegun() | yearly.ExclusionAsked() | yearly.ExclusionApproved():
            return None
        case yearly.AppealFiled() | yearly.AppealRenewed() | yearly.AppealDecided():
            return None
        case _:
            assert_never(event)


def of_units(event: unit.UnitEntered, after: unit.Unit) -> Event | None:
    return published.UnitListed(
        units=(after.code,),
        code=after.code,
        name=after.name,
        kind=after.kind.value,
        valid_from=after.valid_from.isoformat(),
        valid_to=after.valid_to.isoformat() if after.valid_to else None,
        listed=after.listed,
    )
