"""A-10: how a piece of work leaves a community again: it falls short, or its unit gives it up."""

from datetime import date, datetime

from chassis.kernel.errors import OURS, RuleBroken
from chassis.kernel.required import required_by

from .admission import (
    Admission,
    Assessed,
    AssessmentSetAside,
    End,
    Ended,
    ShortConfirmed,
    Status,
    TermShortened,
)
from .admitting import only_at
from .free import to_come
from .rules import EXIT, RULES


def may_assess(known: Admission) -> None:
    only_at(known, "A-10", "承接之后由社区评估。", Status.ENTERED)


def assess(known: Admission, assessed: Assessed, least: int) -> Assessed:
    """Less than the `least` recognition is not enough (ours)."""
    may_assess(known)
    for field, wanting in (("effect", "效果"), ("funds", "经费情况")):
        text = getattr(assessed, field)
        required_by(RULES["A-10"], text, field, f"评估须写明{wanting}。", EXIT)
    if not 0 <= assessed.recognition <= 100:
        raise RuleBroken(RULES["A-10"], "居民认可度为 0 到 100。", field="recognition")
    if assessed.enough and assessed.recognition < least:
        detail = f"居民认可度不足 {least} 的，评估为达不到。"
        raise RuleBroken(RULES["A-10"], detail, clause=OURS, field="enough")
    return assessed


def may_confirm(known: Admission) -> None:
    only_at(known, "A-10", "社区评估达不到的，由街道核实上报。", Status.FALLING_SHORT)


def confirm(known: Admission, opinion: str, now: datetime) -> ShortConfirmed:
    may_confirm(known)
    required_by(RULES["A-10"], opinion, "opinion", "街道须写明意见。", EXIT)
    return ShortConfirmed(opinion=opinion, at=now)


def may_set_aside(known: Admission) -> None:
    detail = "评估为达不到之后、退出之前可撤销评估。"
    only_at(known, "A-10", detail, Status.FALLING_SHORT, Status.CONFIRMED_SHORT, clause=OURS)


def set_aside(known: Admission, reason: str, now: datetime) -> AssessmentSetAside:
    """A-10 (ours): a slip, or what the street or the group finds otherwise: it is assessed anew, and doesn't end."""
    may_set_aside(known)
    required_by(RULES["A-10"], reason, "reason", "撤销评估须写明理由。", OURS)
    return AssessmentSetAside(reason=reason, at=now)


def may_end(known: Admission) -> None:
    only_at(known, "A-10", "社区评估、街道上报之后由领导小组决定退出。", Status.CONFIRMED_SHORT)


def end(known: Admission, reason: str, now: datetime) -> Ended:
    may_end(known)
    required_by(RULES["A-10"], reason, "reason", "退出须写明理由。", EXIT)
    return Ended(how=End.FELL_SHORT, reason=reason, at=now)


def may_shorten(known: Admission) -> None:
    detail = "准入之后、评估达不到或退出之前，由申请单位提前结束。"
    only_at(known, "A-10", detail, Status.ADMITTED, Status.ARRANGED, Status.ENTERED, clause=OURS)


def shorten(known: Admission, until: date, reason: str, now: datetime) -> TermShortened:
    """A-10 (ours): what its unit gives up, begun or not, ends by itself, today or on a day to come."""
    may_shorten(known)
    to_come(until, now)
    if known.until is not None and until >= known.until:
        detail = f"提前结束须早于原期限（{known.until}）；延长须重新申请。"
        raise RuleBroken(RULES["A-10"], detail, clause=OURS, field="until")
    required_by(RULES["A-10"], reason, "reason", "提前结束须写明理由。", OURS)
    return TermShortened(until=until, reason=reason, at=now)
