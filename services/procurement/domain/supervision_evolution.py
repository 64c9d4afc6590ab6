"""The only place where a supervision changes."""

from dataclasses import replace
from typing import assert_never

from .resettling import Resettled
from .supervision import Record, Supervision
from .supervision_events import (
    CommissionDecided,
    Commissioned,
    Countersigned,
    HandedOver,
    RecordCorrected,
    Recorded,
    RecordsAwaited,
    Reported,
    StageReported,
    SupervisionEnded,
    SupervisionEvent,
    SupervisionMissed,
)


def evolve(supervision: Supervision | None, event: SupervisionEvent) -> Supervision:
    if isinstance(event, Commissioned):
        return _commissioned(supervision, event)
    if supervision is None:
        raise ValueError("a supervision begins by being commissioned")
    match event:
        case Recorded():
            record = Record(
                way=event.way,
                held_on=event.held_on,
                minutes=event.minutes,
                summary=event.summary,
                late=event.late,
                entered_at=event.entered_at,
            )
            return replace(supervision, records=(*supervision.records, record))
        case Countersigned() | RecordCorrected():
            return _written(supervision, event)
        case Reported():
            return replace(supervision, reports=(*supervision.reports, event))
        case StageReported() | CommissionDecided():
            return _staged(supervision, event)
        case RecordsAwaited():
            others = (one for one in supervision.awaited if one.what is not event.what)
            return replace(supervision, awaited=(*others, event))
        case SupervisionMissed():
            return replace(supervision, missed=(*supervision.missed, event))
        case HandedOver():
            return _handed_over(supervision, event)
        case Resettled():
            return replace(supervision, successor=event.community)
        case SupervisionEnded():
            return replace(supervision, ended_at=event.at)
        case _:
            assert_never(event)


def _written(supervision: Supervision, event: Countersigned | RecordCorrected) -> Supervision:
    """What is corrected is countersigned anew."""
    records = list(supervision.records)
    record = records[event.record - 1]
    if isinstance(event, Countersigned):
        records[event.record - 1] = replace(record, countersigned_at=event.at)
    else:
        records[event.record - 1] = replace(
            record,
            held_on=event.held_on,
            minutes=event.minutes,
            summary=event.summary,
            late=record.late or event.late,
            countersigned_at=None,
        )
    return replace(supervision, records=tuple(records))


def _commissioned(before: Supervision | None, event: Commissioned) -> Supervision:
    anew = Supervision(
        contract=event.contract,
        supplier=event.supplier,
        supervisor=event.supervisor,
        purchaser=event.purchaser,
        street=event.street,
        community=event.community,
        first=event.first,
        last=event.last,
        since=event.since,
        begun=event.begun,
        missed=before.missed if before else (),
        declined=before.declined if before else (),
    )
    return _going_on(before, anew) if before and event.begun else anew


def _going_on(before: Supervision, anew: Supervision) -> Supervision:
    """P-15, P-21: with what was recorded and reported under the one before, whose stages and decisions were its own."""
    owes = before.handed_over is None
    owing = (*before.former, *((before.supervisor,) if owes else ()))
    relieved = (*before.relieved, *(() if owes else (before.supervisor,)))
    return replace(
        anew,
        records=tuple(
            replace(one, supervisor=one.supervisor or before.supervisor) for one in before.records
        ),
        reports=before.reports,
        former=tuple(one for one in owing if one != anew.supervisor),
        relieved=tuple(one for one in relieved if one != anew.supervisor),
    )


def _staged(supervision: Supervision, event: StageReported | CommissionDecided) -> Supervision:
    if isinstance(event, StageReported):
        return replace(supervision, stages=(*supervision.stages, event))
    declined = () if event.goes_on else (supervision.supervisor,)
    return replace(
        supervision,
        decided=(*supervision.decided, event),
        declined=(*supervision.declined, *declined),
    )


def _handed_over(supervision: Supervision, event: HandedOver) -> Supervision:
    if event.by not in supervision.former:
        return replace(supervision, handed_over=event.report)
    left = tuple(one for one in supervision.former if one != event.by)
    return replace(supervision, former=left, relieved=(*supervision.relieved, event.by))
