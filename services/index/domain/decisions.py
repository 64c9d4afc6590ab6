"""What the district decides about an indicator system: each decision makes its next version."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class Measures(StrEnum):
    """What a system measures: the district, or each street or community."""

    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalRead:
    """A goal as it is to be read: decimal text in the point's unit, and how a value meets it."""

    value: str
    sense: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemShipped:
    """The version as printed, which nothing changes."""

    version: str
    document: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtSettled:
    """`reading` in words, and what of the point it changes; `point` is empty for a doubt of the whole.

    `longer` names a longer goal, whose doubt it then is.

    `goals` left out stay, an empty list is a point without any.
    """

    point: int | None = None
    longer: str | None = None
    doubt: str
    reading: str
    reason: str
    name: str | None = None
    unit: str | None = None
    baseline: str | None = None
    baseline_year: int | None = None
    goals: tuple[GoalRead, ...] | None = None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """Of a child within its parent, in ten-thousandths."""

    name: str
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightsSet:
    """For every child of `parent`, which is the path of names to it; empty is the top."""

    parent: tuple[str, ...]
    weights: tuple[Weight, ...]
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PointRow:
    """A measuring point of a brought system; figures are decimal text, `units` the codes of its sources.

    `satisfaction`: it is residents' own; `veto`: missing it undoes all the rest; `doubts` are those of the
    point before, which nobody has settled.
    """

    level1: str
    level2: str
    level3: str
    name: str
    unit: str
    attribute: str
    data_source: str
    units: tuple[str, ...]
    baseline: str | None = None
    goals: tuple[GoalRead, ...] = ()
    graded: bool = False
    satisfaction: bool = False
    veto: bool = False
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemBrought:
    """A system from a table. `owner`: the department whose own it is, with the `law` that asks for it."""

    version: str
    document: str
    measures: Measures
    owner: str | None = None
    law: str | None = None
    rows: tuple[PointRow, ...]
    weights: tuple[WeightsSet, ...] = ()
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemAdopted:
    """From the figures of `year` on, this system is the district's."""

    year: int
    reason: str
    by: str
    at: datetime


Decision = DoubtSettled | WeightsSet
SystemEvent = SystemShipped | SystemBrought | SystemAdopted | Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemBook:
    """A system's decisions in their order; `brought` where it came as a table, `adopted` from which years."""

    version: str
    document: str
    decisions: tuple[Decision, ...] = ()
    brought: SystemBrought | None = None
    adopted: tuple[SystemAdopted, ...] = ()

    @property
    def versions(self) -> tuple[str, ...]:
        """As printed first, the one that holds last."""
        later = (f"{self.version}.{n}" for n in range(1, len(self.decisions) + 1))
        return (self.version, *later)


def evolve(book: SystemBook | None, event: SystemEvent) -> SystemBook:
    if isinstance(event, SystemShipped):
        return SystemBook(version=event.version, document=event.document)
    if isinstance(event, SystemBrought):
        return SystemBook(version=event.version, document=event.document, brought=event)
    if book is None:
        raise ValueError("a system begins by being shipped or brought")
    if isinstance(event, SystemAdopted):
        return replace(book, adopted=(*book.adopted, event))
    return replace(book, decisions=(*book.decisions, event))
