"""A committee's plan of a year, and what can happen to it."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTopic:
    """Under its subject head of the catalogue."""

    head: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`topics` for topical sessions, and how many `regular` meetings."""

    year: int
    topics: tuple[PlannedTopic, ...]
    regular: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFiled:
    plan: Plan
    publicised_on: date
    late: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMissed:
    """There was none by the end of February."""

    year: int
    due: datetime


PlanEvent = PlanFiled | PlanMissed
