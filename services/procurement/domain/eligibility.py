"""Eligibility (承接资格): the evaluations heard about a supplier; what they mean stands in `standing`.

The facts are kept sorted by when the evaluation was made, so neither the order of arrival nor
repetition shows in them; everything else follows from the facts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from .evaluation import Band, Stage


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
class OrganisationHeard:
    """How the register of social organisations says that it stands, whole.

    `abnormal` and `blacklisted` are the grounds of its listings, `ended` how it ended.
    """

    event: str
    sequence: int
    supplier: str
    grade: int | None = None
    grade_until: date | None = None
    abnormal: tuple[str, ...] = ()
    abnormal_until: date | None = None
    blacklisted: tuple[str, ...] = ()
    blacklisted_until: date | None = None
    ended: str | None = None
    at: datetime

    @property
    def state(self) -> State:
        """P-06, P-07: for every project, whatever the year."""
        if self.blacklisted:
            return State.BARRED
        return State.RESTRICTED if self.abnormal or self.ended else State.ELIGIBLE


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingTold:
    """Noted for the telling: what it may do by the register of social organisations has changed."""

    state: State
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EligibilityChanged:
    """Noted for the telling: what it says follows from the facts."""

    state: State
    project: str
    year: int


EligibilityEvent = ResultHeard | EligibilityChanged | OrganisationHeard | StandingTold


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """All that was heard about one supplier, in the order in which it was evaluated."""

    supplier: str
    heard: tuple[ResultHeard, ...] = ()
    organisation: OrganisationHeard | None = None
    """As the register of social organisations told it last."""

    @property
    def restricted(self) -> frozenset[tuple[str, int]]:
        """Projects with the year it may not bid for: the one after the evaluated one."""
        return frozenset((one.project, one.year + 1) for one in self.heard if one.restricts)


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


def hear_organisation(
    eligibility: Eligibility | None, told: OrganisationHeard
) -> Iterable[EligibilityEvent]:
    """P-06, P-07: the latest wins, and a change of what it may do is told."""
    last = eligibility.organisation if eligibility else None
    if last is not None and last.sequence >= told.sequence:
        return []
    before = last.state if last else State.ELIGIBLE
    if told.state is before:
        return [told]
    until = told.blacklisted_until if told.state is State.BARRED else told.abnormal_until
    return [told, StandingTold(state=told.state, until=until)]


def evolve(eligibility: Eligibility | None, event: EligibilityEvent) -> Eligibility:
    if isinstance(event, ResultHeard):
        known = eligibility or Eligibility(supplier=event.supplier)
        return replace(known, heard=_in_order((*known.heard, event)))
    if isinstance(event, OrganisationHeard):
        known = eligibility or Eligibility(supplier=event.supplier)
        return replace(known, organisation=event)
    if eligibility is None:
        raise ValueError("eligibility begins with what was heard")
    match event:
        case EligibilityChanged() | StandingTold():
            return eligibility
        case _:
            assert_never(event)


def _in_order(heard: tuple[ResultHeard, ...]) -> tuple[ResultHeard, ...]:
    return tuple(sorted(heard, key=lambda one: (one.at, one.event)))
