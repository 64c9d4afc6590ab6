"""What a published edition asks (以评促建、找准短板, I-24): weak points, what their departments do, and how that went.

    asked → answered → looked_at

The form is the platform's: the points asked about are the binding ones that miss their goal and the lowest.
"""

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.errors import RuleBroken
from chassis.kernel.required import required_by

from .computing import Result
from .rules import RULES, SYSTEM

FULL = 10_000


class Why(StrEnum):
    BINDING = "binding"
    LOWEST = "lowest"


class Course(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    LOOKED_AT = "looked_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A weak point; `score` in hundredths."""

    point: int
    name: str
    why: Why
    score: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImprovementAsked:
    """Of the year's edition in force when its department first answered."""

    year: int
    edition: str
    ask: Ask
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImprovementAnswered:
    """What the department does about it."""

    what: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ImprovementLookedAt:
    """What became of it, a year later."""

    found: str
    done: bool
    by: str
    at: datetime


ImprovementEvent = ImprovementAsked | ImprovementAnswered | ImprovementLookedAt


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement:
    """The last answer counts; none after it was looked at."""

    asked: ImprovementAsked
    answers: tuple[ImprovementAnswered, ...] = ()
    looked_at: ImprovementLookedAt | None = None

    @property
    def course(self) -> Course:
        if self.looked_at is not None:
            return Course.LOOKED_AT
        return Course.ANSWERED if self.answers else Course.ASKED

    def may_answer(self) -> None:
        if self.looked_at is not None:
            raise _refused("已经回看，不再答复。")

    def answer(self, *, what: str, by: str, now: datetime) -> ImprovementAnswered:
        self.may_answer()
        required_by(RULES["I-24"], what, "what", clause=SYSTEM)
        return ImprovementAnswered(what=what, by=by, at=now)

    def may_look(self, *, next_year: bool) -> None:
        """I-24: once, at what was answered; `next_year`: whether the figures of the year after are being collected."""
        if self.looked_at is not None:
            raise _refused("已经回看。")
        if not self.answers:
            raise _refused("数据来源部门尚未答复。")
        if not next_year:
            raise _refused("次年开始报送之后回看。")

    def look(self, looked_at: ImprovementLookedAt, *, next_year: bool) -> ImprovementLookedAt:
        self.may_look(next_year=next_year)
        required_by(RULES["I-24"], looked_at.found, "found", clause=SYSTEM)
        return looked_at


def with_level(result: Result, lowest: int) -> int:
    """How many of the lowest are asked about: so many, and who is level with the last of them (ours), lest the
    print's numbering decides."""
    scores = [line.score for line in result.points if line.score is not None]
    scores = sorted(score for score in scores if score < FULL)
    return bisect_right(scores, scores[lowest - 1]) if 0 < lowest < len(scores) else lowest


def asks(result: Result, lowest: int) -> tuple[Ask, ...]:
    """Binding points that miss their goal, and the `lowest` scores that aren't full, in the points' order."""
    missed = set(result.binding_missed)
    scored = [
        (line.score, line.point)
        for line in result.points
        if line.score is not None and line.score < FULL
    ]
    low = {point for _, point in sorted(scored)[:lowest]}
    return tuple(
        Ask(
            point=line.point,
            name=line.name,
            why=Why.BINDING if line.point in missed else Why.LOWEST,
            score=line.score,
        )
        for line in result.points
        if line.point in missed | low
    )


def evolve(improvement: Improvement | None, event: ImprovementEvent) -> Improvement:
    if isinstance(event, ImprovementAsked):
        return Improvement(asked=event)
    if improvement is None:
        raise ValueError("an improvement begins by being asked for")
    match event:
        case ImprovementAnswered():
            return replace(improvement, answers=(*improvement.answers, event))
        case ImprovementLookedAt():
            return replace(improvement, looked_at=event)
        case _:
            assert_never(event)


def _refused(detail: str) -> RuleBroken:
    return RuleBroken(RULES["I-24"], detail, clause=SYSTEM)
