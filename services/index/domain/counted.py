"""I-10: social organisations as their register counts them, by community; the day's latest word counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from chassis.kernel.clock import local_date

from .feed import Feed, Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class CountHeard:
    event: str
    type: str
    sequence: int
    at: datetime
    organisations: int

    @property
    def day(self) -> date:
        return local_date(self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Of one community, or of what belongs to none: one word a day, in the teller's order."""

    heard: tuple[CountHeard, ...]

    def on(self, day: date) -> int | None:
        """By what had been told when the day ended; None before anything was."""
        told = [one.organisations for one in self.heard if one.day <= day]
        return told[-1] if told else None


def hear(known: Counted | None, event: CountHeard) -> Iterable[CountHeard]:
    """I-12: in whatever order they come, a day's last one stays."""
    heard = known.heard if known else ()
    beaten = any(one.day == event.day and one.sequence >= event.sequence for one in heard)
    return [] if beaten else [event]


def evolve(known: Counted | None, event: CountHeard) -> Counted:
    others = (one for one in (known.heard if known else ()) if one.day != event.day)
    return Counted(heard=tuple(sorted((*others, event), key=lambda one: one.sequence)))


def organisations(feed: Feed, known: Iterable[Counted], year: int) -> Figure | None:
    """At a year's end; None where the register hadn't told anything by then: another source stands in."""
    every = tuple(known)

    def counted(in_year: int) -> int | None:
        told = [one.on(date(in_year, 12, 31)) for one in every]
        there = [number for number in told if number is not None]
        return sum(there) if there else None

    now, before = counted(year), counted(year - 1)
    if now is None or (feed is Feed.GROWTH and before is None):
        return None
    return Figure(feed=feed, part=now, of=before if feed is Feed.GROWTH else None)
