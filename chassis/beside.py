"""Data that is kept apart from a record and belongs to one change of it.

It is written after the change is decided, so that a refused request leaves nothing; before the record is written, so
that no record refers to data that isn't there; and undone if another change was written first, or the record couldn't
be written. Who is cut off meanwhile is so when that is done: what went to the store may get there all the same.
"""

from collections.abc import Awaitable, Callable

import structlog

Undo = Callable[[], Awaitable[None]]
Beside = Callable[[], Awaitable[Undo]]

log = structlog.get_logger()


async def _nothing() -> None:
    """There is nothing to be taken back."""


async def undo_or_log(undo: Undo) -> None:
    """While something else is told already: what can't be taken back now is in the log."""
    try:
        await undo()
    except Exception:
        log.exception("not_taken_back")


async def nothing() -> Undo:
    """Beside a record that is all there is."""
    return _nothing


def together(*each: Beside) -> Beside:
    async def put() -> Undo:
        backs: list[Undo] = []

        async def back() -> None:
            for one in reversed(backs):
                await one()

        for one in each:
            try:
                backs.append(await one())
            except Exception:
                await undo_or_log(back)
                raise
        return back

    return put
