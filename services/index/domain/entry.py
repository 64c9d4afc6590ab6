"""A scorecard entry: what is known of one whistle, folded from the events heard about it.

The fold sorts by the teller's sequence, so neither the order of arrival nor repetition shows in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.kernel.clock import quarter_of


class Turn(StrEnum):
    """The kinds of news about a whistle."""

    CLOSED = "closed"
    REOPENED = "reopened"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    MISSED = "missed"


class Standing(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


STANDING = {
    Turn.CLOSED: Standing.CLOSED,
    Turn.REOPENED: Standing.OPEN,
    Turn.REJECTED: Standing.REJECTED,
    Turn.WITHDRAWN: Standing.WITHDRAWN,
}
ENDINGS = frozenset({Turn.REJECTED, Turn.WITHDRAWN})
OVER = ENDINGS | {Turn.CLOSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a closing counts: units' arrivals and handlings, in time and in all; score in hundredths."""

    arrivals: int
    arrivals_on_time: int
    handlings: int
    handlings_on_time: int
    returns: int
    score: int
    satisfaction: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnHeard:
    """One event about the whistle; `level`: whose it was then, the community's or the street's."""

    event: str
    type: str
    sequence: int
    turn: Turn
    at: datetime
    street: str
    community: str | None = None
    category: str | None = None
    level: str | None = None
    account: Account | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """All that was heard, in the teller's order; everything else follows from it."""

    heard: tuple[TurnHeard, ...]

    @property
    def street(self) -> str:
        return self.heard[-1].street

    @property
    def community(self) -> str | None:
        return self.heard[-1].community

    @property
    def category(self) -> str | None:
        """What it was about, as last told."""
        return self.heard[-1].category

    @property
    def standing(self) -> Standing:
        turned = [STANDING[heard.turn] for heard in self.heard if heard.turn in STANDING]
        return turned[-1] if turned else Standing.OPEN

    @property
    def account(self) -> Account | None:
        """Of the latest closing, while the whistle stands closed."""
        if self.standing is not Standing.CLOSED:
            return None
        return [heard.account for heard in self.heard if heard.turn is Turn.CLOSED][-1]

    @property
    def alarms(self) -> int:
        """Deadlines missed since it was opened or reopened; never added to the on-time figures."""
        if self.standing is not Standing.OPEN:
            return 0
        reopened = [n for n, heard in enumerate(self.heard) if heard.turn is Turn.REOPENED]
        since = reopened[-1] if reopened else 0
        return sum(heard.turn is Turn.MISSED for heard in self.heard[since:])

    @property
    def quarter(self) -> str:
        """That of the first closing, of what came up to the street after one of the street's first, as whistle has
        it (W-10); without one, of the rejection, withdrawal or first alarm.
        """
        over = [heard for heard in self.heard if heard.turn in OVER]
        came_up = bool(over) and over[-1].level == "street"
        closings = [
            heard.at
            for heard in over
            if heard.turn is Turn.CLOSED and not (came_up and heard.level == "community")
        ]
        endings = [heard.at for heard in over if heard.turn in ENDINGS]
        return quarter_of((closings or endings or [self.heard[0].at])[0])


def evolve(entry: Entry | None, event: TurnHeard) -> Entry:
    known = entry.heard if entry else ()
    return Entry(heard=_in_order((*known, event)))


def hear(entry: Entry | None, event: TurnHeard) -> Iterable[TurnHeard]:
    """I-12: an event counts once."""
    known = {heard.event for heard in entry.heard} if entry else set()
    return [] if event.event in known else [event]


def _in_order(heard: tuple[TurnHeard, ...]) -> tuple[TurnHeard, ...]:
    return tuple(sorted(heard, key=lambda one: (one.sequence, one.event)))
