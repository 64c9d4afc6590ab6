"""What others than whistles add to a street's scorecard: payments, evaluations, and premises at the standard.

Each is a fold over the events heard about it, in an order of their own, so that neither the order of
arrival nor repetition shows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chassis.kernel.clock import quarter_of


class Theme(StrEnum):
    PAYMENT = "payment"
    """One instalment of a contract."""
    EVALUATION = "evaluation"
    """One evaluation of a project, of 1000 points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactHeard:
    """`on_time` of a payment that was made or is overdue, `points` of an evaluation."""

    event: str
    type: str
    at: datetime
    street: str
    theme: Theme
    on_time: bool | None = None
    points: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A payment that was overdue once is late, also when it is made; it counts where it was first heard of."""

    heard: tuple[FactHeard, ...]

    @property
    def first(self) -> FactHeard:
        return self.heard[0]

    @property
    def quarter(self) -> str:
        return quarter_of(self.first.at)

    @property
    def on_time(self) -> bool:
        return all(one.on_time for one in self.heard)


def hear(fact: Fact | None, event: FactHeard) -> Iterable[FactHeard]:
    """I-12: an event counts once."""
    known = {one.event for one in fact.heard} if fact else set()
    return [] if event.event in known else [event]


def evolve(fact: Fact | None, event: FactHeard) -> Fact:
    every = (*(fact.heard if fact else ()), event)
    return Fact(heard=tuple(sorted(every, key=lambda one: (one.at, one.event))))


@dataclass(frozen=True, slots=True, kw_only=True)
class PremisesHeard:
    """What a community's rooms came to on a day; `met` is empty where no standard asks it.

    `area` in hundredths of m².
    """

    event: str
    sequence: int
    day: date
    street: str
    met: bool | None = None
    area: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """Of one community, in the teller's order."""

    heard: tuple[PremisesHeard, ...]

    def by(self, day: date) -> PremisesHeard | None:
        """The last answer of a day or before."""
        return next((one for one in reversed(self.heard) if one.day <= day), None)

    def stood(self, street: str, day: date) -> PremisesHeard | None:
        """That answer, if the community was that street's then: it may have moved since."""
        said = self.by(day)
        return said if said is not None and said.street == street else None


def ended(valid_to: str | None, day: date) -> bool:
    """Whether a community, by the last day that the register says of it, was none any more when that day was over."""
    return valid_to is not None and date.fromisoformat(valid_to) < day


def hear_premises(premises: Premises | None, event: PremisesHeard) -> Iterable[PremisesHeard]:
    known = {one.event for one in premises.heard} if premises else set()
    return [] if event.event in known else [event]


def evolve_premises(premises: Premises | None, event: PremisesHeard) -> Premises:
    every = (*(premises.heard if premises else ()), event)
    return Premises(heard=tuple(sorted(every, key=lambda one: (one.sequence, one.event))))
