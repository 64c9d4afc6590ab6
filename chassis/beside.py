"""What is kept apart from a record and belongs to one change of it.

It is put there when the change is decided, so that nothing that is refused leaves anything; before the record is
written, so that none says what isn't there; and taken back where another's change came first.
"""

from collections.abc import Awaitable, Callable

TakeBack = Callable[[], Awaitable[None]]
Beside = Callable[[], Awaitable[TakeBack]]


async def _nothing() -> None:
    """There is nothing to be taken back."""


async def nothing() -> TakeBack:
    """Beside a record that is all there is."""
    return _nothing


def together(*each: Beside) -> Beside:
    async def put() -> TakeBack:
        backs = [await one() for one in each]

        async def back() -> None:
            for one in reversed(backs):
                await one()

        return back

    return put
