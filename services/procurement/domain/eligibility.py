"""Eligibility (承接资格): the evaluations and breaches heard about a supplier; what they mean stands in `standing`.

The facts are kept sorted by when the evaluation was made, so neither the order of arrival nor
repetition shows in them; everything else follows from the facts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar, assert_never

from .days import bid_years
from .evaluation import Band, Stage
from .integrity import IntegrityHeard, counting, in_order
from .rules import CONDITIONS, DISHONEST, LISTED


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

    @property
    def counts_in(self) -> tuple[int, ...]:
        return bid_years(self.year, self.at)

    def restricts_in(self, project: str, year: int) -> bool:
        """P-07: the same project, in the year after."""
        return self.restricts and self.project == project and year in self.counts_in


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachHeard:
    """P-13: a contract of its that ended because it was passed on."""

    event: str
    supplier: str
    contract: str
    project: str
    year: int
    at: datetime

    @property
    def counts_in(self) -> tuple[int, ...]:
        return bid_years(self.year, self.at)

    def restricts_in(self, project: str, year: int) -> bool:
        """P-13 (ours): as a failed evaluation does."""
        return self.project == project and year in self.counts_in


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

    @property
    def until(self) -> date | None:
        return self.blacklisted_until if self.blacklisted else self.abnormal_until


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingTold:
    """Noted for the telling: what it may do by what registers say of it has changed."""

    state: State
    until: date | None = None
    clause: str = LISTED


@dataclass(frozen=True, slots=True, kw_only=True)
class EligibilityChanged:
    """Noted for the telling: what it says follows from the facts."""

    state: State
    project: str
    year: int
    rule: str = "P-07"


EligibilityEvent = (
    ResultHeard
    | BreachHeard
    | EligibilityChanged
    | OrganisationHeard
    | IntegrityHeard
    | StandingTold
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """All that was heard about one supplier, in the order in which it was evaluated."""

    supplier: str
    heard: tuple[ResultHeard, ...] = ()
    breaches: tuple[BreachHeard, ...] = ()
    integrity: tuple[IntegrityHeard, ...] = ()
    organisation: OrganisationHeard | None = None
    """As the register of social organisations told it last."""

    @property
    def events(self) -> frozenset[str]:
        """By which an evaluation or a breach is recognised when it is heard again."""
        heard = {one.event for one in self.heard}
        return frozenset(heard | {one.event for one in self.breaches})

    @property
    def restricted(self) -> frozenset[tuple[str, int]]:
        """Projects with each year it may not bid for: of what failed, and what was passed on."""
        against: list[ResultHeard | BreachHeard] = [one for one in self.heard if one.restricts]
        against += self.breaches
        return frozenset((one.project, year) for one in against for year in one.counts_in)

    def by_registers(self, day: date) -> StandingTold:
        """What registers say that it may do on a day, the worst of it, until when at the latest, by which clause."""
        found = []
        if self.organisation is not None and self.organisation.state is not State.ELIGIBLE:
            found.append(StandingTold(state=self.organisation.state, until=self.organisation.until))
        for one in counting(self.integrity, day):
            if one.bars:
                found.append(StandingTold(state=State.BARRED, until=one.until, clause=DISHONEST))
            elif one.restricts:
                found.append(
                    StandingTold(state=State.RESTRICTED, until=one.until, clause=CONDITIONS)
                )
        barred = [one for one in found if one.state is State.BARRED]
        lasting = max(barred or found, key=lambda one: one.until or date.max, default=None)
        return lasting or StandingTold(state=State.ELIGIBLE)


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


def hear_organisation(
    eligibility: Eligibility | None, told: OrganisationHeard, today: date
) -> Iterable[EligibilityEvent]:
    """P-06, P-07: the latest wins, and a change of what it may do today is told, however late the news comes."""
    last = eligibility.organisation if eligibility else None
    if last is not None and last.sequence >= told.sequence:
        return []
    return [told, *_changed(eligibility, told, today)]


def hear_integrity(
    eligibility: Eligibility | None, told: IntegrityHeard, today: date
) -> Iterable[EligibilityEvent]:
    """P-06, P-07: an entry counts once, and a change of what it may do today is told."""
    if eligibility and any(one.event == told.event for one in eligibility.integrity):
        return []
    return [told, *_changed(eligibility, told, today)]


def _changed(
    eligibility: Eligibility | None, told: OrganisationHeard | IntegrityHeard, today: date
) -> Iterable[StandingTold]:
    known = eligibility or Eligibility(supplier=told.supplier)
    before, after = known.by_registers(today), evolve(known, told).by_registers(today)
    return [] if after == before else [after]


def evolve(eligibility: Eligibility | None, event: EligibilityEvent) -> Eligibility:
    if isinstance(event, EligibilityChanged | StandingTold):
        if eligibility is None:
            raise ValueError("eligibility begins with what was heard")
        return eligibility
    known = eligibility or Eligibility(supplier=event.supplier)
    match event:
        case ResultHeard():
            return replace(known, heard=_in_order((*known.heard, event)))
        case BreachHeard():
            return replace(known, breaches=_in_order((*known.breaches, event)))
        case IntegrityHeard():
            return replace(known, integrity=in_order((*known.integrity, event)))
        case OrganisationHeard():
            return replace(known, organisation=event)
        case _:
            assert_never(event)


Timed = TypeVar("Timed", ResultHeard, BreachHeard)


def _in_order(heard: tuple[Timed, ...]) -> tuple[Timed, ...]:
    return tuple(sorted(heard, key=lambda one: (one.at, one.event)))
