"""What is kept of a matter's steps (C-18), how members watch it (C-20, C-25), and what a major decision rests
on (C-32)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from chassis.kernel.clock import Budget, WorkTime, due_after, in_working_days, local_date, recounted
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required_by
from chassis.vocabulary import word_of
from services.consultation.vocabulary import WORDS

from .committee import Member
from .events import Procedure
from .following_events import Awaited, DateMissed
from .matter import Matter, Status
from .membership import members_only
from .policy import ConsultationPolicy
from .rules import INSPECTING, KEEPING, MEMBERS_RIGHTS, RISKS, RULES
from .watching_events import (
    AnswerRenewed,
    InspectionAnswered,
    Mark,
    MatterInspected,
    RiskAssessed,
    Stage,
    StageKept,
)

BACK_TO: Mapping[Procedure, Mapping[Stage, Status]] = {
    Procedure.SIX_STEPS_2018: {
        Stage.SETTLING: Status.PROPOSED,
        Stage.RESEARCH: Status.ACCEPTED,
        Stage.DELIBERATION: Status.RESEARCHED,
    },
    Procedure.SIX_STEPS_2016: {
        Stage.INFORMING: Status.PROPOSED,
        Stage.DELIBERATION: Status.INFORMED,
    },
}
"""Where a matter stands again whose step was broken."""


# C-18


def gone_through(matter: Matter) -> Mapping[Stage, bool]:
    """Its steps so far, and whether what was said at each is a text."""
    said = matter.conclusion
    gone = {Stage.TOPIC: bool(matter.subject)}
    if matter.procedure is Procedure.SIX_STEPS_2016:
        gone |= _with(Stage.INFORMING, matter.told)
    elif matter.status not in (Status.PROPOSED, Status.REFUSED):
        gone[Stage.SETTLING] = matter.settled is not None
    gone |= _with(Stage.RESEARCH, matter.findings)
    if said is not None:
        gone[Stage.DELIBERATION] = bool(said.session or said.explanation or said.guidance)
    gone |= _with(Stage.FEEDBACK, matter.feedback or matter.notice)
    gone |= _with(Stage.CARRYING_OUT, matter.result or matter.done)
    if matter.progress:
        gone[Stage.CARRYING_OUT] = True
    return gone | _with(Stage.SUPERVISION, matter.supervision)


def _with(stage: Stage, text: str | None) -> dict[Stage, bool]:
    return {} if text is None else {stage: bool(text)}


def whole(matter: Matter) -> None:
    """C-18: nothing ends while a step it went through has neither text nor photograph."""
    kept = {one.stage for one in matter.kept}
    wanting = [s for s, text in gone_through(matter).items() if not text and s not in kept]
    if wanting:
        detail = f"“{word_of(wanting[0], WORDS)}”步骤既无文字也无照片，补充后方可办结。"
        raise RuleBroken(RULES["C-18"], detail, clause=KEEPING, field="stage")


def may_keep(matter: Matter) -> None:
    if matter.status is Status.REFUSED:
        raise RuleBroken(RULES["C-18"], "不予受理的事项没有步骤可记。", clause=KEEPING)


def keep(
    matter: Matter, stage: Stage, on: date, text: str | None, photos: tuple[str, ...], now: datetime
) -> StageKept:
    may_keep(matter)
    if stage not in gone_through(matter):
        raise RuleBroken(RULES["C-18"], "该步骤尚未进行。", clause=KEEPING, field="stage")
    if not photos:
        required_by(RULES["C-18"], text, "text", "每一步须有文字或照片。", KEEPING)
    _not_after_today(on, now)
    return StageKept(stage=stage, on=on, text=text, photos=photos, at=now)


# C-20, C-25


def inspect(
    matter: Matter,
    found: MatterInspected,
    members: Iterable[Member],
    policy: ConsultationPolicy,
    work: WorkTime,
) -> MatterInspected:
    """How an outcome is carried out: answered by a date unless it is well."""
    matter.may("inspect")
    members_only((found.seat,), members, "seat")
    required_by(RULES["C-25"], found.finding, "finding", "请写明监督情况。", MEMBERS_RIGHTS)
    if found.mark in (None, Mark.WELL):
        return found
    days = policy.follow_up.answer_days
    due, assumed = due_after(Budget.working_days(days), found.at, work)
    return replace(found, due=due, days=days, provisional=assumed)


def unanswered(matter: Matter) -> Mapping[int, datetime]:
    """Which inspections wait for an answer, and until when."""
    answered = {one.inspection for one in matter.answered}
    waiting = enumerate(matter.inspected)
    return {n: one.due for n, one in waiting if one.due is not None and n not in answered}


def unsure(matter: Matter) -> bool:
    """Whether a date may still move by which one is answered."""
    return any(matter.inspected[n].provisional for n in unanswered(matter))


def provisional(matter: Matter) -> bool:
    """Likewise of any that runs."""
    return unsure(matter) or (matter.awaits is not None and matter.awaits.provisional)


def renew(matter: Matter, work: WorkTime, now: datetime) -> tuple[AnswerRenewed, ...]:
    """Each answer that is still to come."""
    renewed = []
    for n, due in unanswered(matter).items():
        found = matter.inspected[n]
        clock = in_working_days(found.at, found.days, due, provisional=found.provisional)
        again = recounted(clock, work, now)
        if again:
            renewed.append(
                AnswerRenewed(inspection=n, due=again.due, provisional=again.provisional)
            )
    return tuple(renewed)


def answerable(matter: Matter, inspection: int) -> None:
    if inspection not in unanswered(matter):
        detail = "没有这次监督，或无须整改，或已经答复。"
        raise RuleBroken(RULES["C-20"], detail, clause=INSPECTING)


def answer(
    matter: Matter, inspection: int, what: str, now: datetime
) -> tuple[DateMissed | InspectionAnswered, ...]:
    """What was put right."""
    answerable(matter, inspection)
    required_by(RULES["C-20"], what, "answer", "请写明整改情况。", INSPECTING)
    missed = (one for one in late(matter, now) if one.inspection == inspection)
    return (*missed, InspectionAnswered(inspection=inspection, answer=what, at=now))


def late(matter: Matter, now: datetime) -> tuple[DateMissed, ...]:
    """Each answer that didn't come by its date, once."""
    return tuple(
        DateMissed(awaited=Awaited.ANSWER, due=due, inspection=n)
        for n, due in _running(matter).items()
        if now > due
    )


def _running(matter: Matter) -> Mapping[int, datetime]:
    missed = {one.inspection for one in matter.missed}
    return {n: due for n, due in unanswered(matter).items() if n not in missed}


def next_due(matter: Matter) -> datetime | None:
    """Of what is awaited of it, and of the answers to its inspections."""
    awaits = matter.awaits
    following = [awaits.due] if awaits is not None and not awaits.missed else []
    return min([*following, *_running(matter).values()], default=None)


def awaited_by(matter: Matter) -> datetime | None:
    """The first of those dates, also one that has passed: what was missed is awaited still."""
    following = [matter.awaits.due] if matter.awaits is not None else []
    return min([*following, *unanswered(matter).values()], default=None)


# C-32


def assess_risk(
    matter: Matter, made_by: str, on: date, document: str, now: datetime
) -> RiskAssessed:
    """That it was made, by whom and when; what it rests on is the street's."""
    may_assess_risk(matter)
    for field, text in (("made_by", made_by), ("document", document)):
        required_by(RULES["C-32"], text, field, "须写明评估单位和评估报告。", OURS)
    _not_after_today(on, now)
    return RiskAssessed(made_by=made_by, on=on, document=document, at=now)


def may_assess_risk(matter: Matter) -> None:
    if matter.settled is None or not matter.settled.major or matter.conclusion is not None:
        detail = "风险评估在重大决策事项协商之前提交。"
        raise RuleBroken(RULES["C-32"], detail, clause=RISKS)


def risk_assessed(matter: Matter) -> None:
    """Before a major decision is deliberated and decided."""
    major = matter.settled is not None and matter.settled.major
    if major and matter.risk is None:
        detail = "重大决策事项的材料中须有社会稳定风险评估。"
        raise RuleBroken(RULES["C-32"], detail, clause=RISKS)


def _not_after_today(on: date, now: datetime) -> None:
    if on > local_date(now):
        raise Malformed("日期不得晚于今天。", field="on")
