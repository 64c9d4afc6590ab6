"""At a start: what was counted on working days that were only assumed is counted again."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from .aggregates import Aggregates
from .cause import Cause
from .store import Where

A = TypeVar("A")
E = TypeVar("E")


async def renew(
    aggregates: Aggregates[A, E],
    assumed: Where,
    renewed: Callable[[A], Iterable[E]],
    now: datetime,
) -> None:
    """Each of the `assumed` ones by the calendar's own write, with its entry in the trail."""
    cause = Cause(actor="system:calendar", now=now)
    async for held in aggregates.every(assumed):
        await aggregates.change(held.id, renewed, cause)
