"""P-15 (ours): who wrote the record of a session or visit wrongly puts it right."""

from datetime import date, datetime

from chassis.kernel.clock import WorkTime
from chassis.kernel.errors import OURS, RuleBroken
from chassis.kernel.required import required

from .rules import RULES
from .supervision import Supervision, record_due
from .supervision_events import RecordCorrected, SupervisionEvent


def may_correct(one: Supervision, record: int) -> None:
    """While it goes on, and who supervised then is there to countersign it anew."""
    one.goes_on()
    known = one.record_of(record)
    if known is None or known.supervisor not in (None, one.supervisor):
        detail = "没有这次督导记录，或由前一督导方负责。"
        raise RuleBroken(RULES["P-15"], detail, clause=OURS)


def correct(
    one: Supervision,
    record: int,
    *,
    held_on: date,
    minutes: int,
    summary: str,
    reason: str,
    now: datetime,
    work: WorkTime,
) -> tuple[SupervisionEvent, ...]:
    """Held to what any record is, also to the time that its right day gave; what is missed by now is found first, so
    that it makes up for nothing."""
    may_correct(one, record)
    known = one.records[record - 1]
    if (known.held_on, known.minutes, known.summary) == (held_on, minutes, summary):
        raise RuleBroken(RULES["P-15"], "与原记录相同。", clause=OURS, field="held_on")
    one.held(known.way, held_on, minutes, summary, now)
    required(reason, "reason")
    entered = known.entered_at
    corrected = RecordCorrected(
        record=record,
        held_on=held_on,
        minutes=minutes,
        summary=summary,
        reason=reason,
        late=entered is not None and entered >= record_due(known.way, held_on, work),
        at=now,
    )
    return *one.missed_of(known.way, now, work), corrected
