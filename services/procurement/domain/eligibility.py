"""Eligibility (承接资格): the evaluations and breaches heard about a supplier; what they mean stands in `standing`.

The facts are kept sorted by when the evaluation was made, so neither the order of arrival nor
repetition shows in them; everything else follows from the facts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar, assert_never

from .evaluation import Band, Stage
from .integrity import IntegrityHeard, counting, in_order


class State(StrEnum):
    """What a supplier may do about a project: from the best to the worst, `eligible` in between."""

    ELIGIBLE = "eligible"
    PREFERRED = "preferred"
    RESTRICTED = "restricted"
    BARRED = "barred"


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

    def restricts_in(self, project: str, year: int) -> bool:
        """P-07: the same project, in the year after."""
        return self.restricts and (self.project, self.year + 1) == (project, year)


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachHeard:
    """P-13: a contract of its that ended because it was passed on."""

    event: str
    supplier: str
    contract: str
    project: str
    year: int
    at: datetime

    def restricts_in(self, project: str, year: int) -> bool:
        """P-13 (ours): as a failed evaluation does."""
        return (self.project, self.year + 1) == (project, year)


@dataclass(frozen=True, slots=True, kw_only=True)
class EligibilityChanged:
    """Noted for the telling: what it says follows from the facts."""

    state: State
    project: str
    year: int
    rule: str = "P-07"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrityTold:
    """Noted for the telling: by what registers say of it, it may now bid for nothing, or again."""

    state: State
    until: date | None = None


EligibilityEvent = ResultHeard | BreachHeard | EligibilityChanged | IntegrityHeard | IntegrityTold


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """All that was heard about one supplier, in the order in which it was evaluated."""

    supplier: str
    heard: tuple[ResultHeard, ...] = ()
    breaches: tuple[BreachHeard, ...] = ()
    integrity: tuple[IntegrityHeard, ...] = ()

    @property
    def events(self) -> frozenset[str]:
        """By which an evaluation or a breach is recognised when it is heard again."""
        heard = {one.event for one in self.heard}
        return frozenset(heard | {one.event for one in self.breaches})

    @property
    def restricted(self) -> frozenset[tuple[str, int]]:
        """Projects with the year it may not bid for: the one after the evaluated one."""
        failed = {(one.project, one.year + 1) for one in self.heard if one.restricts}
        return frozenset(failed | {(one.project, one.year + 1) for one in self.breaches})

    def barred_by(self, day: date) -> tuple[State, date | None]:
        """What registers say that it may do on a day, and until when."""
        against = counting(self.integrity, day)
        for state, entries in (
            (State.BARRED, [one for one in against if one.bars]),
            (State.RESTRICTED, [one for one in against if one.restricts]),
        ):
            if entries:
                return state, entries[-1].until
        return State.ELIGIBLE, None


def hear(
    eligibility: Eligibility | None, result: ResultHeard | BreachHeard
) -> Iterable[EligibilityEvent]:
    """P-08, P-13: it counts once, and a restriction is told when it begins to follow."""
    if eligibility and result.event in eligibility.events:
        return []
    before = eligibility.restricted if eligibility else frozenset()
    begun = sorted(evolve(eligibility, result).restricted - before)
    rule = "P-13" if isinstance(result, BreachHeard) else "P-07"
    return [
        result,
        *(
            EligibilityChanged(state=State.RESTRICTED, project=project, year=year, rule=rule)
            for project, year in begun
        ),
    ]


def hear_integrity(
    eligibility: Eligibility | None, told: IntegrityHeard, today: date
) -> Iterable[EligibilityEvent]:
    """P-06, P-07: an entry counts once, and what it changes today is told."""
    known = eligibility or Eligibility(supplier=told.supplier)
    if any(one.event == told.event for one in known.integrity):
        return []
    after = evolve(known, told).barred_by(today)
    if after == known.barred_by(today):
        return [told]
    return [told, IntegrityTold(state=after[0], until=after[1])]


def evolve(eligibility: Eligibility | None, event: EligibilityEvent) -> Eligibility:
    if isinstance(event, ResultHeard):
        known = eligibility or Eligibility(supplier=event.supplier)
        return replace(known, heard=_in_order((*known.heard, event)))
    if isinstance(event, BreachHeard):
        known = eligibility or Eligibility(supplier=event.supplier)
        return replace(known, breaches=_in_order((*known.breaches, event)))
    if isinstance(event, IntegrityHeard):
        known = eligibility or Eligibility(supplier=event.supplier)
        return replace(known, integrity=in_order((*known.integrity, event)))
    if eligibility is None:
        raise ValueError("eligibility begins with what was heard")
    match event:
        case EligibilityChanged() | IntegrityTold():
            return eligibility
        case _:
            assert_never(event)


Timed = TypeVar("Timed", ResultHeard, BreachHeard)


def _in_order(heard: tuple[Timed, ...]) -> tuple[Timed, ...]:
    return tuple(sorted(heard, key=lambda one: (one.at, one.event)))
