"""A-11, A-23: what a check finds, until it is put right; of what points at a person only a number stays."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import end_of, local_date
from chassis.kernel.errors import RuleBroken
from chassis.kernel.required import required_by
from chassis.kernel.rule import Rule

from .admission import CIVIL_AFFAIRS
from .rules import REGISTER, RULES


class Checked(StrEnum):
    """What was checked: how admissions are kept, or how powers are exercised."""

    ADMISSION = "admission"
    POWER = "power"

    @property
    def rule(self) -> Rule:
        return RULES["A-11" if self is Checked.ADMISSION else "A-23"]


class CheckStatus(StrEnum):
    OPEN = "open"
    PUT_RIGHT = "put_right"
    HANDED_OVER = "handed_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemFound:
    """`office` is responsible, `until` when, by which `measure`; `unit`: its code, where it is one of the registers."""

    street: str
    community: str | None = None
    checked: Checked
    office: str
    unit: str | None = None
    what: str
    measure: str
    until: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """To discipline, because it points at a person."""

    street: str
    checked: Checked
    number: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemPutRight:
    result: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMissed:
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Criticised:
    document: str
    at: datetime


CheckEvent = ProblemFound | HandedOver | ProblemPutRight | DateMissed | Criticised


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    street: str
    community: str | None = None
    checked: Checked
    office: str = ""
    unit: str | None = None
    what: str = ""
    measure: str = ""
    until: date | None = None
    number: str | None = None
    found_at: datetime
    status: CheckStatus = CheckStatus.OPEN
    result: str = ""
    missed: bool = False
    criticised: Criticised | None = None

    @property
    def units(self) -> tuple[str, ...]:
        """The leading group's office, and who is responsible."""
        return tuple(dict.fromkeys((CIVIL_AFFAIRS, *((self.unit,) if self.unit else ()))))

    @property
    def next_due(self) -> datetime | None:
        running = self.status is CheckStatus.OPEN and not self.missed
        return end_of(self.until) if running and self.until else None


def find(found: ProblemFound) -> ProblemFound:
    rule = found.checked.rule
    for field, called in (("what", "问题"), ("office", "责任单位"), ("measure", "整改措施")):
        required_by(rule, getattr(found, field), field, f"须写明{called}。")
    if found.until <= local_date(found.at):
        raise RuleBroken(rule, "整改期限须晚于今天。", field="until")
    return found


def hand_over(handed: HandedOver) -> HandedOver:
    required_by(RULES["A-23"], handed.number, "number", "须写明移交编号。")
    return handed


def may_put_right(known: Check) -> None:
    if known.status is not CheckStatus.OPEN:
        raise RuleBroken(known.checked.rule, "已经销号或移交。")


def put_right(known: Check, result: str, now: datetime) -> list[CheckEvent]:
    may_put_right(known)
    required_by(known.checked.rule, result, "result", "须写明整改结果。")
    return [*late(known, now), ProblemPutRight(result=result, at=now)]


def may_criticise(known: Check) -> None:
    """A-11: a deadline first."""
    if known.status is not CheckStatus.OPEN or not known.missed or known.criticised is not None:
        raise RuleBroken(RULES["A-11"], "逾期未整改的，通报批评一次。", clause=REGISTER)


def criticise(known: Check, document: str, now: datetime) -> Criticised:
    may_criticise(known)
    required_by(RULES["A-11"], document, "document", "须写明通报文件。", REGISTER)
    return Criticised(document=document, at=now)


def late(known: Check, now: datetime) -> list[CheckEvent]:
    due = known.next_due
    return [DateMissed(due=due)] if due is not None and now >= due else []


def evolve(known: Check | None, event: CheckEvent) -> Check:
    if isinstance(event, ProblemFound):
        return Check(
            street=event.street,
            community=event.community,
            checked=event.checked,
            office=event.office,
            unit=event.unit,
            what=event.what,
            measure=event.measure,
            until=event.until,
            found_at=event.at,
        )
    if isinstance(event, HandedOver):
        return Check(
            street=event.street,
            checked=event.checked,
            number=event.number,
            status=CheckStatus.HANDED_OVER,
            found_at=event.at,
        )
    if known is None:
        raise ValueError("a finding begins by being found")
    match event:
        case ProblemPutRight():
            return replace(known, status=CheckStatus.PUT_RIGHT, result=event.result)
        case DateMissed():
            return replace(known, missed=True)
        case Criticised():
            return replace(known, criticised=event)
        case _:
            assert_never(event)
