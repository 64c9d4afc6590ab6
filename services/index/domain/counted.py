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

    def told(in_year: int) -> bool:
        return any(one.on(date(in_year, 12, 31)) is not None for one in every)

    if not told(year) or (feed is Feed.GROWTH and not told(year - 1)):
        return None
    parts = [alone(feed, one, year) for one in every]
    of = sum(one.of or 0 for one in parts) if feed is Feed.GROWTH else None
    return Figure(feed=feed, part=sum(one.part for one in parts), of=of)


def alone(feed: Feed, known: Counted, year: int) -> Figure:
    """What one community adds to it."""
    now, before = (known.on(date(of, 12, 31)) or 0 for of in (year, year - 1))
    return Figure(feed=feed, part=now, of=before if feed is Feed.GROWTH else None)
