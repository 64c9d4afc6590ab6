"""M-04, M-07: what follows an agreement: its performance, the return visit, and the force of the law."""

from dataclasses import replace
from datetime import date, datetime

from chassis.kernel.clock import end_of, local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required_by

from .case import Case
from .clocks import Clocks, late, until
from .course import Happened
from .dispute import Awaited, Effect, How, Word
from .events import (
    Agreement,
    AgreementCorrected,
    AgreementPerformed,
    CaseEnded,
    CaseVisited,
    ClockStarted,
    EffectNoted,
    PerformanceStruck,
)
from .mediating import come, dated, may_end
from .rules import COURSE, FORCE, RULES

OF_MONEY = frozenset({Effect.PAYMENT_ORDER, Effect.NOTARISATION})


def may_correct(case: Case) -> None:
    case.may("correct")
    if case.effects:
        detail = "已就协议申请确认、支付令或公证，登记不再更正。"
        raise RuleBroken(RULES["M-04"], detail, clause=OURS)


def correct(
    case: Case,
    *,
    signed_on: date,
    perform_by: date,
    amount: int | None,
    reason: str,
    now: datetime,
) -> Happened:
    """M-04 (ours): as the paper has it that the parties signed; what was late by then stays so."""
    may_correct(case)
    before = _agreed(case)
    right = replace(before, signed_on=signed_on, perform_by=perform_by, amount=amount)
    dated(case, right, now)
    if right == before:
        raise Malformed("与已登记的协议相同。", field="perform_by")
    required_by(RULES["M-04"], reason, "reason", "更正须写明理由。", OURS)
    corrected = AgreementCorrected(agreement=right, reason=reason, at=now)
    performing = until(Awaited.PERFORMANCE, perform_by)
    return (*late(case, now, Awaited.PERFORMANCE), corrected, performing)


def perform(case: Case, on: date, clocks: Clocks, now: datetime) -> Happened:
    case.may("perform")
    come(on, now)
    if on < _agreed(case).signed_on:
        raise RuleBroken(RULES["M-04"], "履行不得早于签字。", clause=COURSE, field="on")
    performed = AgreementPerformed(on=on, at=now)
    return (*late(case, now, Awaited.PERFORMANCE), performed, clocks.visit(on))


def strike(case: Case, reason: str, now: datetime) -> Happened:
    """M-04 (ours): until the visit; it is awaited again, and what was late by then stays so."""
    case.may("strike_performance")
    required_by(RULES["M-04"], reason, "reason", "撤销履行登记须写明理由。", OURS)
    struck = PerformanceStruck(reason=reason, at=now)
    performing = ClockStarted(awaited=Awaited.PERFORMANCE, due=_again(case, now))
    return (*late(case, now, Awaited.VISIT), struck, performing)


def _again(case: Case, now: datetime) -> datetime:
    """As it was late, where it was; else by the agreement's date, though not before today is over: by then a day that
    was only mistyped is entered anew, and nothing was late.
    """
    by = end_of(_agreed(case).perform_by)
    performing = (one for one in case.missed if one.awaited is Awaited.PERFORMANCE)
    missed = (one.due for one in performing if one.due >= by)
    return max(missed, default=max(by, end_of(local_date(now))))


def visit(
    case: Case, *, on: date, settled: bool, heard: str, box: str, clocks: Clocks, now: datetime
) -> Happened:
    """It ends a case that is settled still; what is open again goes back to mediation. What was `heard` is kept in its
    `box`.
    """
    case.may("visit")
    required_by(RULES["M-04"], heard, "heard", "须写明回访所听到的情况。", COURSE)
    come(on, now)
    if case.performed is not None and on < case.performed.on:
        raise RuleBroken(RULES["M-04"], "回访不得早于履行。", clause=COURSE, field="on")
    visited = CaseVisited(on=on, settled=settled, box=box, at=now)
    if not settled:
        return (*late(case, now, Awaited.VISIT), visited, clocks.mediation(now))
    may_end(case, "settled")
    return (*late(case, now), visited, CaseEnded(how=How.SETTLED, at=now))


def may_effect(case: Case) -> None:
    """M-07: of an agreement."""
    case.may("effect")
    if case.agreement is None:
        raise RuleBroken(RULES["M-07"], "没有调解协议，无从赋予效力。", clause=FORCE)


def effect(case: Case, effect: Effect, word: Word, on: date, now: datetime) -> EffectNoted:
    """M-07: asked first, then granted or refused, each with its date."""
    may_effect(case)
    come(on, now)
    if effect in OF_MONEY and _agreed(case).amount is None:
        detail = "支付令和债权文书公证只用于有给付金额的协议。"
        raise RuleBroken(RULES["M-07"], detail, clause=FORCE, field="effect")
    said = [one for one in case.effects if one.effect is effect]
    last = said[-1] if said else None
    pending = last is not None and last.word is Word.ASKED
    if (word is Word.ASKED) is pending or (last is not None and last.word is Word.GRANTED):
        detail = "须先申请；申请后记录准许或不准，准许的不再申请。"
        raise RuleBroken(RULES["M-07"], detail, clause=FORCE, field="word")
    if on < max(_agreed(case).signed_on, last.on if last else on):
        raise RuleBroken(RULES["M-07"], "日期不得早于上一步。", clause=FORCE, field="on")
    return EffectNoted(effect=effect, word=word, on=on, at=now)


def _agreed(case: Case) -> Agreement:
    if case.agreement is None:
        raise ValueError("what follows an agreement has one")
    return case.agreement
