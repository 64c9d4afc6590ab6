"""What index tells: where a street's scorecard is weak."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from .event import Code, Event

Quarter = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-Q[1-4]$")]
"""A quarter of Asia/Shanghai."""

Points = Annotated[int, Field(ge=0, le=10_000)]
"""Hundredths of a point, 100 points being full."""


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
