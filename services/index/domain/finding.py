"""Findings (督查发现, I-19): of talks and of checks, each with a date to put it right."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import end_of, local_date
from chassis.kernel.errors import RuleBroken
from chassis.kernel.required import required_by

from .rules import RULES


class Occasion(StrEnum):
    """约谈; and random, joint, cross and special checks."""

    TALK = "talk"
    RANDOM = "random"
    JOINT = "joint"
    CROSS = "cross"
    SPECIAL = "special"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingMade:
    """`held_on`: the day of the talk or check; `due`: by when it is put right."""

    street: str
    occasion: Occasion
    held_on: date
    what: str
    due: date
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PutRight:
    what: str
    evidence: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMissed:
    due: date


FindingEvent = FindingMade | PutRight | DateMissed


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    made: FindingMade
    put_right: PutRight | None = None
    missed: bool = False

    @property
    def lapses_at(self) -> datetime | None:
        """When its date is over and it isn't put right; None where that is known, or it is."""
        if self.put_right is not None or self.missed:
            return None
        return end_of(self.made.due)

    def lapse(self, now: datetime) -> tuple[DateMissed, ...]:
        """Once, by the timer or by what comes late."""
        lapses_at = self.lapses_at
        if lapses_at is None or now < lapses_at:
            return ()
        return (DateMissed(due=self.made.due),)

    def may_put_right(self) -> None:
        if self.put_right is not None:
            raise RuleBroken(RULES["I-19"], "已经整改。")

    def put(self, *, what: str, evidence: str, by: str, now: datetime) -> tuple[FindingEvent, ...]:
        """I-19: late or not, with what shows it; a missed date stays."""
        self.may_put_right()
        required_by(RULES["I-19"], what, "what")
        required_by(RULES["I-19"], evidence, "evidence")
        return (*self.lapse(now), PutRight(what=what, evidence=evidence, by=by, at=now))


def make(made: FindingMade) -> FindingMade:
    """I-19: of a day that has come, with a date that lies ahead."""
    required_by(RULES["I-19"], made.what, "what")
    if made.held_on > local_date(made.at):
        raise RuleBroken(RULES["I-19"], "日期不能晚于今天。", field="held_on")
    if made.due < local_date(made.at):
        raise RuleBroken(RULES["I-19"], "整改期限不能早于今天。", field="due")
    return made


def evolve(finding: Finding | None, event: FindingEvent) -> Finding:
    if isinstance(event, FindingMade):
        return Finding(made=event)
    if finding is None:
        raise ValueError("a finding begins by being made")
    match event:
        case PutRight():
            return replace(finding, put_right=event)
        case DateMissed():
            return replace(finding, missed=True)
        case _:
            assert_never(event)
