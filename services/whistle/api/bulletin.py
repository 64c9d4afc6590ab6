"""What a bulletin holds (W-14), as it is published; the dispatch sheet by the quarter alone, the rest by the year."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from contracts.index import Points
from services.whistle.domain.figures import Blown, Closed, Department, Street, Whistler
from services.whistle.domain.period import Rhythm
from services.whistle.domain.task import Which


class CollectedProblems(BaseModel):
    """Nothing where so few could point at a person."""

    collected: int | None
    by_community: dict[str, int | None]


class OpenedCases(BaseModel):
    opened: int
    upheld: int


class LateNow(BaseModel):
    whistle: str
    number: str | None
    street: str
    unit: str
    which: Which


class FoundWeak(BaseModel):
    theme: str
    level: Points
    before: Points | None
    why: str


class Bulletin(BaseModel):
    period: str
    rhythm: Rhythm
    first: date = Field(alias="from")
    to: date
    at: datetime
    scope: str
    least: int
    blown: Blown
    closed: Closed
    streets: list[Street]
    departments: list[Department]
    problems: CollectedProblems
    accountability: OpenedCases
    overdue_now: list[LateNow] | None = None
    weaknesses: dict[str, list[FoundWeak]] | None = None
    whistlers: list[Whistler] | None = None
    assessed: dict[str, int] | None = None
