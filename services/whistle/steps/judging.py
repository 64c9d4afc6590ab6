"""Word, verification, marks, scores, the answer, and opening again."""

from typing import Annotated

from pydantic import Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.identity import kinds
from chassis.words import Flag, Passage, Several, Whole
from contracts.event import Code
from services.whistle.access import CENTRE, SECRETARIES
from services.whistle.desk.known import Known
from services.whistle.domain import judging
from services.whistle.domain.events import Finding, Manner, WhistleEvent
from services.whistle.domain.whistle import Whistle

from .calling import STREET
from .whistles import WHISTLES
from .work import AUTHORITIES

MARKERS = CENTRE | kinds("street")


class WordIn(Asked):
    done: Flag
    said: Passage = ""


@WHISTLES.step("确认处理情况", who=SECRETARIES, rules="W-17")
def confirm(w: Whistle, at: At[Known], body: WordIn) -> WhistleEvent:
    return w.give_word(by=at.by, done=body.done, what=body.said)


@WHISTLES.step(
    "核实结项", who=AUTHORITIES, rules="W-02 W-03 W-17", opens=lambda w, at: w.may_verify(at.by)
)
def verify(w: Whistle, at: At[Known]) -> WhistleEvent:
    return w.verify(by=at.by)


CALLED = Field(json_schema_extra={"x-own": "summoned"})
"""Of the whistle itself: a form offers no other unit, and none is accepted."""


class ReturnIn(Asked):
    units: Annotated[tuple[Code, ...], Several, CALLED]
    reason: Passage


@WHISTLES.step(
    "退回",
    "/whistles/{id}/return",
    name="return",
    who=AUTHORITIES,
    rules="W-17",
    opens=lambda w, at: w.may("return", at.by),
)
def send_back(w: Whistle, at: At[Known], body: ReturnIn) -> WhistleEvent:
    return w.send_back(
        by=at.by, units=body.units, reason=body.reason, now=at.now, work=at.known.work
    )


class FindingIn(Asked):
    unit: Annotated[Code, CALLED]
    manner: Manner


class MarkIn(Asked):
    points: Whole
    findings: Annotated[tuple[FindingIn, ...], Field(max_length=30)] = ()


@WHISTLES.step(
    "评分", who=MARKERS, rules="W-08 W-09 W-11 W-17", opens=lambda w, at: judging.may_mark(w, at.by)
)
def marks(w: Whistle, at: At[Known], body: MarkIn) -> WhistleEvent:
    findings = tuple(Finding(unit=one.unit, manner=one.manner) for one in body.findings)
    return judging.mark(w, by=at.by, points=body.points, findings=findings, policy=at.known.number)


@WHISTLES.step(
    "综合评价",
    who=MARKERS,
    rules="W-03 W-09 W-17",
    opens=lambda w, at: judging.may_evaluate(w, at.by),
)
def evaluate(w: Whistle, at: At[Known]) -> WhistleEvent:
    return judging.evaluate(w, by=at.by, policy=at.known.edition, work=at.known.work)


class AnswerIn(Asked):
    answer: Passage


@WHISTLES.step(
    "答复反馈",
    who=SECRETARIES,
    rules="W-02 W-17",
    opens=lambda w, at: w.may_for_blower("answer", at.by, at.known.over),
)
def answer(w: Whistle, at: At[Known], body: AnswerIn) -> WhistleEvent:
    """By who blew, or by its street where that is a community that has ended."""
    return w.answer(by=at.by, answer=body.answer, now=at.now, over=at.known.over)


@WHISTLES.step(
    "重开",
    who=STREET,
    rules="W-17",
    opens=lambda w, at: w.may_reopen(at.by, at.known.policy.reopening.days, at.now),
)
def reopen(w: Whistle, at: At[Known], body: ReasonIn) -> WhistleEvent:
    known = at.known
    return w.reopen(by=at.by, reason=body.reason, policy=known.policy, now=at.now, work=known.work)


STEPS = (confirm, verify, send_back, marks, evaluate, answer, reopen)
