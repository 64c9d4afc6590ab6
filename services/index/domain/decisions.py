"""What the district decides about an indicator system: each decision makes its next version."""

from dataclasses import dataclass
from datetime import datetime


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

    `goals` left out stay, an empty list is a point without any.
    """

    point: int | None = None
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


Decision = DoubtSettled | WeightsSet
SystemEvent = SystemShipped | Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemBook:
    """A system's decisions in their order."""

    version: str
    document: str
    decisions: tuple[Decision, ...] = ()

    @property
    def versions(self) -> tuple[str, ...]:
        """As printed first, the one that holds last."""
        later = (f"{self.version}.{n}" for n in range(1, len(self.decisions) + 1))
        return (self.version, *later)


def evolve(book: SystemBook | None, event: SystemEvent) -> SystemBook:
    if isinstance(event, SystemShipped):
        return SystemBook(version=event.version, document=event.document)
    if book is None:
        raise ValueError("a system begins by being shipped")
    return SystemBook(
        version=book.version, document=book.document, decisions=(*book.decisions, event)
    )
