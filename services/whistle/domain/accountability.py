"""An accountability case (W-12): reported again and again, and whoever held it did nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import Deadline, WorkTime, local_minute, recounted
from chassis.kernel.errors import NotAllowed, OutOfOrder, RuleBroken
from chassis.kernel.required import required
from chassis.vocabulary import word_of
from services.whistle.vocabulary import WORDS

from .problem import Problem, ProblemStatus
from .rules import RULES
from .whistle import Whistle


class CaseStatus(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


ALLOWED: Mapping[str, frozenset[CaseStatus]] = {
    "answer": frozenset({CaseStatus.OPEN}),
    "close": frozenset({CaseStatus.OPEN, CaseStatus.ANSWERED}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened:
    """`holder` as a subject acts: `department:<code>` or `community:<code>`."""

    holder: str
    street: str
    community: str
    category: str
    problems: tuple[str, ...]
    first: datetime
    last: datetime
    answer_by: Deadline
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAnswered:
    answer: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed:
    upheld: bool
    finding: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRenewed:
    """A new year's notice has come: what was provisional is computed again (W-06)."""

    answer_by: Deadline


CaseEvent = CaseOpened | CaseAnswered | CaseClosed | AnswerRenewed


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    status: CaseStatus
    holder: str
    street: str
    community: str
    category: str
    problems: tuple[str, ...]
    first: datetime
    last: datetime
    answer_by: Deadline
    opened_at: datetime
    answer_given: str | None = None
    upheld: bool | None = None
    finding: str | None = None

    def may_answer(self, by: str) -> None:
        self._walk("answer")
        if by != self.holder:
            raise NotAllowed("由责任单位答复。")

    def answer(self, *, by: str, answer: str, now: datetime) -> CaseAnswered:
        self.may_answer(by)
        required(answer, "answer")
        return CaseAnswered(answer=answer, by=by, at=now)

    def may_close(self, now: datetime) -> None:
        """Who holds it is heard first, or has let its time pass."""
        self._walk("close")
        if self.status is CaseStatus.OPEN and now <= self.answer_by.due:
            until = local_minute(self.answer_by.due)
            detail = f"责任单位答复期未满（至 {until}），须先听取答复。"
            raise RuleBroken(RULES["W-12"], detail)

    def close(self, *, by: str, upheld: bool, finding: str, now: datetime) -> CaseClosed:
        self.may_close(now)
        required(finding, "finding")
        return CaseClosed(upheld=upheld, finding=finding, by=by, at=now)

    def renew_calendar(self, work: WorkTime, now: datetime) -> tuple[AnswerRenewed, ...]:
        """W-06: while it is waited for."""
        waits = self.status is CaseStatus.OPEN
        again = recounted(self.answer_by, work, now) if waits else None
        return (AnswerRenewed(answer_by=again),) if again else ()

    def next_steps(self) -> list[str]:
        return [step for step, statuses in ALLOWED.items() if self.status in statuses]

    def _walk(self, step: str) -> None:
        if self.status not in ALLOWED[step]:
            raise OutOfOrder(RULES["W-12"], word_of(self.status, WORDS), step, self.next_steps())


def ignored(problem: Problem, whistle: Whistle | None) -> bool:
    """Nobody was called, or who was called has not come, or sits on it past its deadline."""
    if problem.status is ProblemStatus.SETTLED:
        return False
    lead = next((task for task in whistle.tasks if task.lead), None) if whistle else None
    return lead is None or not lead.arrived or lead.handling.alarming


def holder(problem: Problem, whistle: Whistle | None) -> str:
    """Whose it was to act: the lead that was called, else the community that had it."""
    if whistle is not None and whistle.tasks:
        return f"department:{whistle.lead}"
    return f"community:{problem.community}"


def evolve(case: Case | None, event: CaseEvent) -> Case:
    if isinstance(event, CaseOpened):
        return Case(
            status=CaseStatus.OPEN,
            holder=event.holder,
            street=event.street,
            community=event.community,
            category=event.category,
            problems=event.problems,
            first=event.first,
            last=event.last,
            answer_by=event.answer_by,
            opened_at=event.at,
        )
    if case is None:
        raise ValueError("a case is opened first")
    match event:
        case CaseAnswered():
            return replace(case, status=CaseStatus.ANSWERED, answer_given=event.answer)
        case CaseClosed():
            return replace(
                case, status=CaseStatus.CLOSED, upheld=event.upheld, finding=event.finding
            )
        case AnswerRenewed():
            return replace(case, answer_by=event.answer_by)
        case _:
            assert_never(event)
