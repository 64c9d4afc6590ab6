"""Events of index: figures filed and missed, editions, tasks and duties missed, a street's weaknesses."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from .event import Code, Day, Event, Id

Quarter = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-Q[1-4]$")]
"""A quarter of Asia/Shanghai."""


Points = Annotated[int, Field(ge=0, le=10_000)]
"""Hundredths of a point, 100 points being full."""

Year = Annotated[int, Field(ge=2000, le=2099)]
Point = Annotated[int, Field(ge=1)]
"""The number of a measuring point in its indicator system."""


class ObservationFiled(Event):
    """A data source filed a measuring point's figure of a year; above 1 it is a correction."""

    type: ClassVar[str] = "index.observation_filed.v1"

    year: Year
    point: Point
    filing: Annotated[int, Field(ge=1)]


class ObservationMissed(Event):
    """The last day ended and nobody had filed it: `units` are its sources. Told once."""

    type: ClassVar[str] = "index.observation_missed.v1"

    year: Year
    point: Point
    due: Day


class EditionPublished(Event):
    """A yearly edition of the index, which never changes; another one of the year says why.

    Without enough observed there is no `score`. `binding_missed` are the binding points that miss
    their goal, whatever the score says. `hash` (SHA-256) is of all it was computed from.
    """

    type: ClassVar[str] = "index.edition_published.v1"

    year: Year
    edition: Id
    number: Annotated[int, Field(ge=1)]
    system: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}(\.[0-9]+)?$")]
    score: Points | None = None
    coverage: Annotated[int, Field(ge=0, le=10_000)]
    """Of the weight, in ten-thousandths."""
    binding_missed: tuple[Point, ...] = ()
    hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class TaskMissed(Event):
    """The last day of a task ended and its lead had reported nothing. Told once for each last day."""

    type: ClassVar[str] = "index.task_missed.v1"

    table: Code
    number: Annotated[int, Field(ge=1)]
    lead: Code | None = None
    """As which department it acts; none where the table names many."""
    due: Day


class DutyMissed(Event):
    """A duty by the calendar wasn't done often enough by its period's last day. Told once."""

    type: ClassVar[str] = "index.duty_missed.v1"

    duty: Code
    period: Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}(-H[12])?$")]
    """A year or half of one."""
    done: Annotated[int, Field(ge=0)]
    times: Annotated[int, Field(ge=1)]
    due: Day


class WeaknessFlagged(Event):
    """A theme of a street's scorecard was weak in a quarter: its subject, one for each of these three.

    `below` the level that the index's policy asks for, or else `falling` against the quarter before.
    """

    type: ClassVar[str] = "index.weakness_flagged.v1"

    street: Code
    theme: Code
    """The part of the scorecard, such as `whistles` or `consultation`."""
    quarter: Quarter
    level: Points
    before: Points | None = None
    """The level of the quarter before, where there was one."""
    why: Literal["below", "falling"]
