"""C-11, C-12: what becomes of an outcome, each step with its clock, each missed date recorded once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from chassis.kernel.clock import (
    Budget,
    WorkTime,
    begin_of,
    due_after,
    end_of,
    local_date,
    recounted,
)
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required_by
from chassis.vocabulary import word_of
from services.consultation.vocabulary import WORDS

from . import watching
from .committee import Level
from .events import Conclusion, MatterEvent, OutcomeSetAside, Procedure
from .evolution import evolve
from .following_events import (
    Awaited,
    ClockRenewed,
    ClockStarted,
    DateMissed,
    DecidedElsewhere,
    Decision,
    MatterClosed,
    MatterReopened,
    MembersToldBack,
    OutcomeDecided,
    OutcomeFiled,
    OutcomePublished,
    OutcomeSentUp,
    ProgressReported,
)
from .matter import Matter
from .policy import ConsultationPolicy
from .rules import BEFORE_ALL, BEFORE_OTHERS, CONVERTING, CORRECTING, DECIDING, RULES
from .watching_events import Fault, MatterCorrected, Stage

Happened = tuple[MatterEvent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """The days in force, and which of them are worked."""

    policy: ConsultationPolicy
    work: WorkTime

    def started(self, awaited: Awaited, now: datetime) -> ClockStarted:
        days = self.policy.follow_up
        if awaited is Awaited.PROGRESS:
            due = end_of(local_date(now) + timedelta(days=days.progress_days))
            return ClockStarted(awaited=awaited, due=due, provisional=False)
        amount: int = getattr(days, f"{awaited}_days")
        due, assumed = due_after(Budget.working_days(amount), now, self.work)
        return ClockStarted(awaited=awaited, due=due, provisional=assumed, since=now, days=amount)


def concluded(
    matter: Matter, happened: Iterable[MatterEvent], clocks: Clocks, now: datetime
) -> Happened:
    """With the first clock of its way, from the day of its session on, whenever one on paper is entered; the procedure
    of 2016 names no times."""
    events, after = tuple(happened), matter
    for event in events:
        after = evolve(after, event)
    if after.procedure is Procedure.SIX_STEPS_2016 or after.awaited is None:
        return events
    return (*events, clocks.started(after.awaited, _since(after.held_on, now)))


def _since(on: date | None, now: datetime) -> datetime:
    """From a day that is over, or from now."""
    return begin_of(on) if on is not None and on < local_date(now) else now


def heard(
    matter: Matter, outcome: Conclusion, session: str, members: int, clocks: Clocks, now: datetime
) -> Happened:
    """C-09: as its session came to it. Where another outcome came first, this one stands aside (ours)."""
    if "outcome" not in matter.next_steps():
        return (OutcomeSetAside(session=session, outcome=outcome.outcome, at=now),)
    taken = replace(outcome, session=session)
    return concluded(matter, matter.deliberated(taken, members=members, now=now), clocks, now)


def late(matter: Matter, now: datetime) -> tuple[DateMissed, ...]:
    """What is due and wasn't recorded as missed: by the timer, or by an act that comes late."""
    awaits = matter.awaits
    if awaits is None or awaits.missed or now <= awaits.due:
        return ()
    return (DateMissed(awaited=awaits.awaited, due=awaits.due),)


def renew(matter: Matter, work: WorkTime, now: datetime) -> tuple[ClockRenewed, ...]:
    """What is awaited, where that is counted in working days."""
    clock = matter.awaits.counted if matter.awaits else None
    again = recounted(clock, work, now)
    return (ClockRenewed(due=again.due, provisional=again.provisional),) if again else ()


def report(matter: Matter, clocks: Clocks, now: datetime) -> Happened:
    matter.may("report")
    street = matter.level is Level.STREET
    following = Awaited.DECISION if street else Awaited.PUBLICATION
    return (*late(matter, now), OutcomeSentUp(at=now), clocks.started(following, now))


def file(matter: Matter, clocks: Clocks, now: datetime) -> Happened:
    """C-21: a quarter's or building's outcome, with the community's party organisation; C-12: what was entrusted is
    reported back as well."""
    matter.may("file")
    following = Awaited.REPORT if matter.entrusted else Awaited.PUBLICATION
    return (*late(matter, now), OutcomeFiled(at=now), clocks.started(following, now))


def elsewhere(matter: Matter, adopted: bool, result: str, now: datetime) -> DecidedElsewhere:
    """C-21: what came of it at the congress, or by the four discussions."""
    matter.may("elsewhere")
    _said(result, "result", BEFORE_OTHERS, "C-21")
    return DecidedElsewhere(adopted=adopted, result=result, at=now)


def decide(
    matter: Matter,
    decision: Decision,
    reasons: str | None,
    clocks: Clocks,
    now: datetime,
    on: date | None = None,
) -> Happened:
    """C-11: a decline or a deviation has its reasons; feedback is due from the day it was decided on, or from the
    session's, where that is later (ours).
    """
    matter.may("decide")
    if decision is not Decision.ADOPTED and not (reasons or "").strip():
        detail = "不采纳或部分采纳的，须说明理由。"
        raise RuleBroken(RULES["C-11"], detail, clause=DECIDING, field="reasons")
    _after_its_session(matter, on, now)
    decided = OutcomeDecided(decision=decision, reasons=reasons, on=on, at=now)
    since = max(on, matter.held_on or on) if on else None
    return (*late(matter, now), decided, clocks.started(Awaited.FEEDBACK, _since(since, now)))


def tell_back(
    matter: Matter, feedback: str, informed: int, written: int, clocks: Clocks, now: datetime
) -> Happened:
    """C-11: to the members, every one of them counted; then it is carried out, or there is nothing to."""
    may_close(matter, "feedback")
    _said(feedback, "feedback", DECIDING, "C-11")
    fixed = matter.members or 0
    if not 0 <= informed <= fixed:
        raise Malformed(f"已反馈的委员应在 0 到 {fixed} 之间。", field="informed")
    if not 0 <= written <= informed:
        raise Malformed("书面反馈不多于已反馈的委员。", field="written")
    told = MembersToldBack(feedback=feedback, informed=informed, written=written, at=now)
    return (*late(matter, now), told, _next(matter.goes_on, clocks, now))


def publish(matter: Matter, notice: str, clocks: Clocks, now: datetime) -> Happened:
    """C-12: on the notice board and online."""
    may_close(matter, "publish")
    _said(notice, "notice", CONVERTING, "C-12")
    published = OutcomePublished(notice=notice, at=now)
    return (*late(matter, now), published, _next(matter.goes_on, clocks, now))


def progress(matter: Matter, text: str, clocks: Clocks, now: datetime) -> Happened:
    matter.may("progress")
    _said(text, "progress", DECIDING, "C-11")
    reported = ProgressReported(progress=text, at=now)
    return (*late(matter, now), reported, clocks.started(Awaited.PROGRESS, now))


def complete(matter: Matter, result: str, now: datetime, on: date | None = None) -> Happened:
    may_close(matter, "complete")
    _said(result, "result", DECIDING, "C-11")
    _after_its_session(matter, on, now)
    return (*late(matter, now), MatterClosed(result=result, on=on, at=now))


def _after_its_session(matter: Matter, on: date | None, now: datetime) -> None:
    """C-22: what is important is deliberated before it is decided, resolved or carried out."""
    if on is None:
        return
    matter.dated(on, "on", now)
    important = matter.settled is not None and matter.settled.important
    if important and matter.held_on is not None and on < matter.held_on:
        detail = f"重要事项先协商后决策、先协商后决定、先协商后实施：会议在 {matter.held_on}，不得早于此日。"
        raise RuleBroken(RULES["C-22"], detail, clause=BEFORE_ALL, field="on")


def reopen(matter: Matter, reason: str, now: datetime) -> Happened:
    """C-12: to be deliberated again; what is late by then stays so."""
    matter.may("reopen")
    _said(reason, "reason", CONVERTING, "C-12")
    return (*late(matter, now), MatterReopened(reason=reason))


def may_correct(matter: Matter) -> None:
    if matter.conclusion is None:
        raise RuleBroken(RULES["C-20"], "尚无议事成果可以纠正。", clause=CORRECTING)


def correct(matter: Matter, fault: Fault, back_to: Stage, reason: str, now: datetime) -> Happened:
    """C-20: from above, back to the step that was broken, with the reason; what is late by then stays so."""
    may_correct(matter)
    required_by(RULES["C-20"], reason, "reason", "纠正须写明理由。", CORRECTING)
    if back_to not in watching.BACK_TO[matter.procedure]:
        allowed = "、".join(word_of(one, WORDS) for one in watching.BACK_TO[matter.procedure])
        detail = f"按其程序，事项退回的步骤为：{allowed}。"
        raise RuleBroken(RULES["C-20"], detail, clause=OURS, field="back_to")
    corrected = MatterCorrected(fault=fault, back_to=back_to, reason=reason, at=now)
    return (*late(matter, now), corrected)


def _next(goes_on: bool, clocks: Clocks, now: datetime) -> MatterEvent:
    return clocks.started(Awaited.PROGRESS, now) if goes_on else MatterClosed(at=now)


def may_close(matter: Matter, step: str) -> None:
    """In its order; and where it ends the matter, with something kept of every step (C-18)."""
    matter.may(step)
    last = matter.procedure is Procedure.SIX_STEPS_2016 or not matter.goes_on
    if step == "complete" or (step in ("feedback", "publish") and last):
        watching.whole(matter)


def _said(text: str, field: str, clause: str, rule: str) -> None:
    required_by(RULES[rule], text, field, "请写明内容。", clause)
