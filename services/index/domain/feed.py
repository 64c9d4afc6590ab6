"""What the platform itself holds for a measuring point (I-10): a figure made of facts, each of which is shown.

It is no observation before the point's department has confirmed it. Figures are decimal text with two
decimals, half up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chassis.kernel.clock import local_date
from chassis.kernel.errors import RuleBroken
from chassis.kernel.measure import as_decimal, half_up

from .entry import Standing
from .rules import RULES


class Feed(StrEnum):
    """Complaints of food and drugs that were closed; organisations on the register, and their growth;
    disputes that people's mediation settled."""

    COMPLAINTS = "complaints"
    ORGANISATIONS = "organisations"
    GROWTH = "growth"
    MEDIATION = "mediation"


FED: Mapping[str, Feed] = {
    "食品药品投诉举报办结率": Feed.COMPLAINTS,
    "每万人拥有社会组织数": Feed.ORGANISATIONS,
    "登记备案社会组织年增长率": Feed.GROWTH,
    "人民调解调处成功率": Feed.MEDIATION,
}
"""By the point's printed name, which a later version of the system keeps or drops."""

COMPLAINTS_OF = "food_drug"
"""The whistles' category."""
PER = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`part` of `of`: of organisations per 10,000 the population is missing until somebody says it."""

    feed: Feed
    part: int
    of: int | None = None

    def value(self, population: int | None = None) -> str | None:
        """Decimal text; None where there is nothing to divide by: it is never guessed."""
        of = population if self.feed is Feed.ORGANISATIONS else self.of
        if not of:
            return None
        per = PER if self.feed is Feed.ORGANISATIONS else 100
        gone = self.part - of if self.feed is Feed.GROWTH else self.part
        return as_decimal(half_up(gone * per * 100, of))


def stated(figure: Figure | None, population: int | None) -> str:
    """I-10: the figure to be confirmed."""
    if figure is None:
        raise RuleBroken(RULES["I-10"], "平台没有这个测量点的数据，须直接报送。")
    asked = figure.feed is Feed.ORGANISATIONS
    if asked and not population:
        raise RuleBroken(RULES["I-10"], "须写明常住人口数。", field="population")
    if not asked and population is not None:
        raise RuleBroken(RULES["I-10"], "这个测量点不按人口计算。", field="population")
    value = figure.value(population)
    if value is None:
        raise RuleBroken(RULES["I-10"], "平台没有可供计算的记录，不推算。")
    return value


def complaints(counts: Mapping[Standing, int]) -> Figure:
    """Closed, of those closed and those known to be open; rejected and withdrawn ones were none."""
    closed = counts.get(Standing.CLOSED, 0)
    return Figure(feed=Feed.COMPLAINTS, part=closed, of=closed + counts.get(Standing.OPEN, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationHeard:
    """`counted`: it is a social organisation on the register."""

    event: str
    type: str
    sequence: int
    at: datetime
    counted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Of one supplier, in the teller's order."""

    heard: tuple[OrganisationHeard, ...]

    def counted_on(self, day: date) -> bool:
        """By what had happened when the day ended."""
        told = [one.counted for one in self.heard if local_date(one.at) <= day]
        return bool(told) and told[-1]


def hear(known: Organisation | None, event: OrganisationHeard) -> Iterable[OrganisationHeard]:
    """I-12: an event counts once."""
    heard = {one.event for one in known.heard} if known else set()
    return [] if event.event in heard else [event]


def evolve(known: Organisation | None, event: OrganisationHeard) -> Organisation:
    every = (*(known.heard if known else ()), event)
    return Organisation(heard=tuple(sorted(every, key=lambda one: (one.sequence, one.event))))


def organisations(feed: Feed, known: Iterable[Organisation], year: int) -> Figure:
    """How many there are at a year's end (or today, while it lasts), and of growth how many a year before."""
    every = tuple(known)

    def counted(in_year: int) -> int:
        return sum(one.counted_on(date(in_year, 12, 31)) for one in every)

    before = counted(year - 1) if feed is Feed.GROWTH else None
    return Figure(feed=feed, part=counted(year), of=before)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeHeard:
    """A case came to its end; `people`: by people's mediation."""

    event: str
    type: str
    sequence: int
    at: datetime
    people: bool
    settled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A case ends once."""

    heard: tuple[DisputeHeard, ...]

    @property
    def year(self) -> int:
        return local_date(self.heard[0].at).year


def hear_dispute(known: Dispute | None, event: DisputeHeard) -> Iterable[DisputeHeard]:
    """I-12: the first end counts, however often it is told."""
    return [] if known is not None else [event]


def evolve_dispute(_: Dispute | None, event: DisputeHeard) -> Dispute:
    return Dispute(heard=(event,))


def disputes(settled: int, ended: int) -> Figure:
    """Settled by people's mediation, of those that ended by it."""
    return Figure(feed=Feed.MEDIATION, part=settled, of=ended)
