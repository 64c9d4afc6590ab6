"""M-13: a street or unit with many disputes is notified, talked to, listed, until it has put them right."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import begin_of, end_of, local_date, quarter_of
from chassis.kernel.errors import OURS, RuleBroken
from chassis.kernel.required import required_by

from .figures import days_of
from .resettling import Resettled
from .rules import LADDER, RULES


class Rung(StrEnum):
    """通报, 约谈, 挂牌督办: in this order."""

    NOTIFIED = "notified"
    TALKED = "talked"
    LISTED = "listed"


RUNGS = tuple(Rung)


class Standing(StrEnum):
    """The rung it stands on, until it is lifted or withdrawn: then it stands on none."""

    NOTIFIED = "notified"
    TALKED = "talked"
    LISTED = "listed"
    LIFTED = "lifted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeIssued:
    """`cases`: the disputes it had in `quarter`, as this service counts them."""

    office: str
    street: str | None = None
    quarter: str
    cases: int
    reason: str
    until: date
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeAnswered:
    causes: str
    measures: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeClimbed:
    """A rung, with a date of its own."""

    rung: Rung
    reason: str
    until: date
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeMissed:
    rung: Rung
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLifted:
    """It was put right."""

    result: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeWithdrawn:
    """It was issued by mistake, as to another office than was meant."""

    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Vetoed:
    """一票否决."""

    ground: str
    at: datetime


NoticeEvent = (
    NoticeIssued
    | NoticeAnswered
    | NoticeClimbed
    | NoticeMissed
    | NoticeLifted
    | NoticeWithdrawn
    | Vetoed
    | Resettled
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    office: str
    street: str | None = None
    quarter: str
    cases: int
    rung: Rung
    until: date
    issued_at: datetime
    answers: tuple[NoticeAnswered, ...] = ()
    climbed: tuple[NoticeClimbed, ...] = ()
    missed: tuple[NoticeMissed, ...] = ()
    lifted: NoticeLifted | None = None
    vetoed: Vetoed | None = None
    withdrawn: NoticeWithdrawn | None = None

    @property
    def over(self) -> bool:
        return self.lifted is not None or self.withdrawn is not None

    @property
    def next_due(self) -> datetime | None:
        told = any(one.rung is self.rung for one in self.missed)
        return None if told or self.over else end_of(self.until)

    @property
    def standing(self) -> Standing:
        if self.withdrawn is not None:
            return Standing.WITHDRAWN
        return Standing(self.rung) if self.lifted is None else Standing.LIFTED

    def open(self) -> None:
        if self.withdrawn is not None:
            raise RuleBroken(RULES["M-13"], "该通报已撤销。", clause=OURS)
        if self.lifted is not None:
            raise RuleBroken(RULES["M-13"], "已整改销号。", clause=LADDER)

    def may_climb(self) -> None:
        self.open()
        if self.rung is RUNGS[-1]:
            raise RuleBroken(RULES["M-13"], "已挂牌督办。", clause=LADDER)

    def may_lift(self) -> None:
        """What was answered with its causes and measures."""
        self.open()
        if not self.answers:
            raise RuleBroken(RULES["M-13"], "尚未报送原因和整改措施。", clause=LADDER)

    def may_withdraw(self) -> None:
        self.open()
        if self.answers or self.climbed or self.vetoed is not None:
            detail = "已报送原因和措施、升级督办或实行一票否决的，不得撤销，整改后销号。"
            raise RuleBroken(RULES["M-13"], detail, clause=OURS)

    def may_veto(self) -> None:
        self.open()
        if self.vetoed is not None:
            raise RuleBroken(RULES["M-13"], "已实行一票否决。", clause=LADDER)


def issue(issued: NoticeIssued) -> NoticeIssued:
    _reasoned(issued.reason)
    _to_come(issued.until, issued.at)
    _fresh(issued.quarter, quarter_of(issued.at))
    return issued


def answer(notice: Notice, causes: str, measures: str, now: datetime) -> NoticeAnswered:
    notice.open()
    required_by(RULES["M-13"], causes, "causes", "须写明原因。", LADDER)
    required_by(RULES["M-13"], measures, "measures", "须写明整改措施。", LADDER)
    return NoticeAnswered(causes=causes, measures=measures, at=now)


def climb(notice: Notice, reason: str, until: date, by: str, now: datetime) -> list[NoticeEvent]:
    """One rung at a time."""
    notice.may_climb()
    _reasoned(reason)
    _to_come(until, now)
    rung = RUNGS[RUNGS.index(notice.rung) + 1]
    climbed = NoticeClimbed(rung=rung, reason=reason, until=until, by=by, at=now)
    return [*late(notice, now), climbed]


def lift(notice: Notice, result: str, by: str, now: datetime) -> list[NoticeEvent]:
    notice.may_lift()
    required_by(RULES["M-13"], result, "result", "须写明整改结果。", LADDER)
    return [*late(notice, now), NoticeLifted(result=result, by=by, at=now)]


def withdraw(notice: Notice, reason: str, now: datetime) -> list[NoticeEvent]:
    """M-13 (ours): while nothing has come of it; what is late by then stays so."""
    notice.may_withdraw()
    required_by(RULES["M-13"], reason, "reason", "撤销通报须写明理由。", OURS)
    return [*late(notice, now), NoticeWithdrawn(reason=reason, at=now)]


def veto(notice: Notice, ground: str, now: datetime) -> Vetoed:
    notice.may_veto()
    required_by(RULES["M-13"], ground, "ground", "一票否决须写明依据。", LADDER)
    return Vetoed(ground=ground, at=now)


def resettle(notice: Notice, to: Resettled) -> tuple[Resettled, ...]:
    """A community's, once."""
    there = (to.before, notice.street) != (to.office, to.street)
    return (to,) if notice.office == to.before and there else ()


def late(notice: Notice, now: datetime) -> tuple[NoticeMissed, ...]:
    due = notice.next_due
    return (NoticeMissed(rung=notice.rung, due=due),) if due is not None and now >= due else ()


def _reasoned(reason: str) -> None:
    required_by(RULES["M-13"], reason, "reason", "须写明事由。", LADDER)


def _fresh(quarter: str, running: str) -> None:
    """What was many long ago is nothing to put right today (ours)."""
    before = quarter_of(begin_of(days_of(running)[0]) - timedelta(days=1))
    if quarter not in (running, before):
        detail = f"只就本季度（{running}）或上一季度（{before}）的纠纷通报（平台默认）。"
        raise RuleBroken(RULES["M-13"], detail, clause=OURS, field="quarter")


def _to_come(until: date, now: datetime) -> None:
    if until <= local_date(now):
        raise RuleBroken(RULES["M-13"], "整改期限须晚于今天。", clause=LADDER, field="until")


def evolve(notice: Notice | None, event: NoticeEvent) -> Notice:
    if isinstance(event, NoticeIssued):
        return Notice(
            office=event.office,
            street=event.street,
            quarter=event.quarter,
            cases=event.cases,
            rung=Rung.NOTIFIED,
            until=event.until,
            issued_at=event.at,
        )
    if notice is None:
        raise ValueError("a notice begins by being issued")
    match event:
        case Resettled():
            return replace(notice, office=event.office, street=event.street)
        case NoticeAnswered():
            return replace(notice, answers=(*notice.answers, event))
        case NoticeClimbed():
            climbed = (*notice.climbed, event)
            return replace(notice, rung=event.rung, until=event.until, climbed=climbed)
        case NoticeMissed():
            return replace(notice, missed=(*notice.missed, event))
        case NoticeLifted():
            return replace(notice, lifted=event)
        case NoticeWithdrawn():
            return replace(notice, withdrawn=event)
        case Vetoed():
            return replace(notice, vetoed=event)
        case _:
            assert_never(event)
