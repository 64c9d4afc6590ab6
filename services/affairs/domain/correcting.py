"""A-17 (ours): what is found to be wrong on a form that stands isn't altered there: it is put right by a line of its
own on one that isn't submitted yet, which says of whom and which month it is, and why, and is approved with it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from chassis.kernel.errors import OURS, RuleBroken
from chassis.kernel.required import required_by

from .arrears import STANDS
from .lines import Line
from .months import months_of
from .rules import RULES
from .scale import yuan
from .sheet import LineCorrected, PaySheet, Sheet


def may_correct(known: PaySheet) -> None:
    if known.status is not Sheet.OPEN or known.of_nobody:
        raise RuleBroken(RULES["A-17"], "更正列入尚未报送的审批表。", clause=OURS)


def correct(
    known: PaySheet,
    others: Iterable[PaySheet],
    worker: str,
    month: str,
    fen: int,
    reason: str,
    now: datetime,
    paper: str = "",
    *,
    of_extra: bool = False,
) -> LineCorrected:
    """In the place of what was said on this form before of the same month of his; none takes that back, whatever has
    come since. What was paid twice is taken back with the `paper` of the other time, or it is paid after again to who
    was in post; where that was wrong, it is given back with the same paper, or it would count as had for ever.
    `of_extra`: of awards and excellence, which stand on a month's line but aren't its pay.

    `others`: every other form of the street. Who is on none of them that month is entered in his post, and paid after;
    what isn't paid yet is not to be taken back.
    """
    may_correct(known)
    required_by(RULES["A-17"], reason, "reason", "更正须写明理由。", OURS)
    before = next(
        (one for one in known.corrections if one.about == (worker, month, of_extra)), None
    )
    if not fen and before is not None:
        return LineCorrected(line=replace(before, correction=0, reason=reason, paper=""), at=now)
    if not fen:
        raise RuleBroken(
            RULES["A-17"], "须写明多发（负数）或少发（正数）的金额。", clause=OURS, field="fen"
        )
    others = tuple(others)
    lines = _said(others, worker, month)
    wrong = next((one for one in lines if not one.correction), None)
    if wrong is None:
        raise RuleBroken(RULES["A-17"], _why_not(others, worker, month), clause=OURS, field="month")
    _no_more(fen, lines, of_extra=of_extra)
    line = Line(worker=worker, month=month, post=wrong.post, level=wrong.level, base=0, allowance=0)
    with_ = months_of(known.quarter)[0]
    line = replace(line, paid_with=with_, correction=fen, of_extra=of_extra)
    line = replace(line, reason=reason, paper=paper.strip())
    _taken_by_it(others, line)
    return LineCorrected(line=line, at=now)


def _taken_by_it(others: tuple[PaySheet, ...], line: Line) -> None:
    """What is given back with a paper was taken back with it, and is given back by no other form."""
    if not line.paper or line.correction < 0:
        return
    fen = -sum(
        each.correction
        for one in others
        for each in one.settled
        if (each.about, each.paper) == (line.about, line.paper)
        and (each.correction > 0 or (one.status in STANDS and each in one.given))
    )
    if fen <= 0:
        detail = (
            "凭证号在追回已另行发放的款项时填写；补发的，不填，"
            "只有退还误凭该凭证号追回、追回已执行且尚未退还的款项，才填原凭证号。"
        )
        raise RuleBroken(RULES["A-17"], detail, clause=OURS, field="paper")
    if line.correction > fen:
        detail = f"凭该凭证号追回、尚未退还的为 {yuan(fen)} 元；另有少发的，不填凭证号，另作更正。"
        raise RuleBroken(RULES["A-17"], detail, clause=OURS, field="fen")


def _no_more(fen: int, lines: Iterable[Line], *, of_extra: bool) -> None:
    """Than he was paid of it."""
    of_it, of_all = zip(
        *((one.of_awards if of_extra else one.of_month, one.total) for one in lines), strict=True
    )
    most = max(min(sum(of_it), sum(of_all)), 0)
    if fen < -most:
        what, other = ("表彰和优秀", "月补贴") if of_extra else ("月补贴", "表彰和优秀")
        detail = (
            f"追回不得超过该人员随该月已发放、尚未追回的{what} {yuan(most)} 元；{other}另作更正。"
        )
        raise RuleBroken(RULES["A-17"], detail, clause=OURS, field="fen")


def _said(others: Iterable[PaySheet], worker: str, month: str) -> list[Line]:
    """Of him and that month: what was paid by forms that stand, and what any other form is to take back."""
    return [
        line
        for one in others
        for line in one.settled
        if line.key == (worker, month)
        and (line.correction < 0 or (one.status in STANDS and line in one.given))
    ]


def _why_not(others: Iterable[PaySheet], worker: str, month: str) -> str:
    stand = (line for one in others if one.status in STANDS for line in one.settled)
    if any(one.key == (worker, month) and not one.correction for one in stand):
        return "该月尚未发放：已离任的，先登记离任，发放时不再发给；其他有误的，发放之后更正。"
    return "该人员该月没有按已审批的以前季度审批表发放的补贴；漏列的，登记其岗位后自动列入补发。"
