"""What stood on record at the end of a day: trails folded up to it, never today's state."""

from collections.abc import AsyncIterator, Mapping
from datetime import date
from typing import Any, TypeVar

from chassis.aggregates import Aggregates
from chassis.kernel.clock import end_of
from chassis.store import Page
from contracts.event import instant

A = TypeVar("A")
E = TypeVar("E")
PAGE = 200


def after(day: date) -> str:
    """The first instant that is no longer that day in Shanghai, as trails write it."""
    return instant(end_of(day))


def folded(aggregates: Aggregates[A, E], document: Mapping[str, Any], day: date) -> A | None:
    """The aggregate as it was recorded by the end of the day; None where it didn't exist yet."""
    end = after(day)
    version = sum(entry["at"] < end for entry in document["trail"])
    return aggregates.as_of(dict(document), version) if version else None


async def every(aggregates: Aggregates[A, E], day: date) -> AsyncIterator[A]:
    """All of them that existed by then, page by page."""
    collection, page = aggregates.kind.collection, None
    while found := await aggregates.store.find(collection, {}, after=page, limit=PAGE):
        for document in found:
            if (was := folded(aggregates, document, day)) is not None:
                yield was
        page = Page(found[-1]["id"], found[-1]["id"])
