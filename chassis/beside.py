"""What is kept apart from a record and belongs to one change of it.

It is put there when the change is decided, so that nothing that is refused leaves anything; before the record is
written, so that none says what isn't there; and taken back where another's change came first, or the record couldn't
be written.
"""

from collections.abc import Awaitable, Callable

import structlog

TakeBack = Callable[[], Awaitable[None]]
Beside = Callable[[], Awaitable[TakeBack]]

log = structlog.get_logger()


async def _nothing() -> None:
    """There is nothing to be taken back."""


async def in_spite_of_that(take_back: TakeBack) -> None:
    """While something else is told already: what can't be taken back now is in the log."""
    try:
        await take_back()
    except Exception:
        log.exception("not_taken_back")


async def nothing() -> TakeBack:
    """Beside a record that is all there is."""
    return _nothing


def together(*each: Beside) -> Beside:
    async def put() -> TakeBack:
        backs: list[TakeBack] = []

        async def back() -> None:
            for one in reversed(backs):
                await one()

        for one in each:
            try:
                backs.append(await one())
            except Exception:
                await in_spite_of_that(back)
                raise
        return back

    return put
