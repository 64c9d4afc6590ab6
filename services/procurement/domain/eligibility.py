"""Eligibility (承接资格): what a supplier may bid for, derived from the evaluations heard about it.

The facts are kept sorted by when the evaluation was made, so neither the order of arrival nor
repetition shows in them; everything else follows from the facts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from .evaluation import Band, Stage
from .rules import UNQUALIFIED


class State(StrEnum):
    """`preferred` and `barred` need ratings and bars, which nobody tells yet."""

    ELIGIBLE = "eligible"
    PREFERRED = "preferred"
    RESTRICTED = "restricted"
    BARRED = "barred"


MAY_BID = frozenset({State.ELIGIBLE, State.PREFERRED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultHeard:
    """One evaluation of one of its projects."""

    event: str
    supplier: str
    contract: str
    project: str
    year: int
    stage: Stage
    points: int
    band: Band
    at: datetime

    @property
    def restricts(self) -> bool:
        """P-07: only a final evaluation does."""
        return self.stage is Stage.FINAL and self.band is Band.UNQUALIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class EligibilityChanged:
    """Noted for the telling: what it says follows from the facts."""

    state: State
    project: str
    year: int


EligibilityEvent = ResultHeard | EligibilityChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why: the rule, its clause, and the evaluation it rests on."""

    rule: str
    clause: str
    text: str
    until: date
    contract: str
    points: int
    evaluated_at: datetime
    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a supplier may do about one project in one bid year, with every reason."""

    supplier: str
    project: str
    year: int
    state: State
    reasons: tuple[Reason, ...] = ()

    @property
    def may_bid(self) -> bool:
        return self.state in MAY_BID


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """All that was heard about one supplier, in the order in which it was evaluated."""

    supplier: str
    heard: tuple[ResultHeard, ...]

    @property
    def restricted(self) -> frozenset[tuple[str, int]]:
        """Projects with the year it may not bid for: the one after the evaluated one."""
        return frozenset((one.project, one.year + 1) for one in self.heard if one.restricts)

    def reasons(self, project: str, year: int) -> tuple[Reason, ...]:
        return tuple(
            _reason(one, year)
            for one in self.heard
            if one.restricts and (one.project, one.year + 1) == (project, year)
        )


def standing(
    eligibility: Eligibility | None, *, supplier: str, project: str, year: int
) -> Standing:
    """A supplier of whom nothing was heard is eligible."""
    reasons = eligibility.reasons(project, year) if eligibility else ()
    return Standing(
        supplier=supplier,
        project=project,
        year=year,
        state=State.RESTRICTED if reasons else State.ELIGIBLE,
        reasons=reasons,
    )


def hear(eligibility: Eligibility | None, result: ResultHeard) -> Iterable[EligibilityEvent]:
    """P-08: an evaluation counts once, and a restriction is told when it begins to follow."""
    if eligibility and any(one.event == result.event for one in eligibility.heard):
        return []
    before = eligibility.restricted if eligibility else frozenset()
    begun = sorted(evolve(eligibility, result).restricted - before)
    return [
        result,
        *(
            EligibilityChanged(state=State.RESTRICTED, project=project, year=year)
            for project, year in begun
        ),
    ]


def last_day(year: int) -> date:
    return date(year, 12, 31)


def evolve(eligibility: Eligibility | None, event: EligibilityEvent) -> Eligibility:
    if isinstance(event, ResultHeard):
        known = eligibility.heard if eligibility else ()
        return Eligibility(supplier=event.supplier, heard=_in_order((*known, event)))
    if eligibility is None:
        raise ValueError("eligibility begins with an evaluation")
    match event:
        case EligibilityChanged():
            return eligibility
        case _:
            assert_never(event)


def _in_order(heard: tuple[ResultHeard, ...]) -> tuple[ResultHeard, ...]:
    return tuple(sorted(heard, key=lambda one: (one.at, one.event)))


def _reason(result: ResultHeard, year: int) -> Reason:
    return Reason(
        rule="P-07",
        clause=UNQUALIFIED,
        text=f"{result.year} 年度末期评估 {result.points} 分，低于合格。",
        until=last_day(year),
        contract=result.contract,
        points=result.points,
        evaluated_at=result.at,
        event=result.event,
    )
