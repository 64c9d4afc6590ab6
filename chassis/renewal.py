"""At a start: deadlines are recomputed if the working days they were computed on have changed."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

import structlog

from .aggregates import Aggregates
from .cause import Cause
from .kernel.clock import WorkingDays
from .kernel.errors import Unavailable, WrittenLater
from .lists import NEVER
from .store import Range, Where

A = TypeVar("A")
E = TypeVar("E")

log = structlog.get_logger()
AWAITED: tuple[Where, ...] = ({"due": Range(below=NEVER)},)
"""Where anything is due at all."""


async def renew(
    aggregates: Aggregates[A, E],
    those: Sequence[Where],
    renewed: Callable[[A], Iterable[E]],
    now: datetime,
) -> None:
    """Each of `those` by the calendar's own write, with its entry in the trail. One that can't be read, or counted,
    holds up neither another nor the start.
    """
    cause = Cause(actor="system:calendar", now=now)
    for where in those:
        async for held in aggregates.every_readable(where):
            try:
                await aggregates.change(held.id, renewed, cause)
            except Exception as error:
                if isinstance(error, Unavailable) and not isinstance(error, WrittenLater):
                    raise
                log.exception("not_renewed", record=aggregates.subject(held.id))


def outdated(days: WorkingDays) -> tuple[Where, ...]:
    """Whose key `calendar` is the version of fewer years, or of the same years in other words."""
    longer = f"{days.valid_through.isoformat()}~"
    return (
        {"calendar": Range(below=days.version)},
        {"calendar": Range(above=days.version, below=longer)},
    )
