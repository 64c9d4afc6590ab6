"""The addresses of a broker's nodes: `amqp://…`, or several with commas, one used at a time; and failing over from
it."""

import asyncio
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager

BETWEEN = re.compile(r",\s*(?=amqps?://)")
"""A comma alone may stand in a password."""


def addresses(url: str) -> list[str]:
    return BETWEEN.split(url)


class Nodes:
    """Starts with any of them, so that the processes of a platform spread over the nodes."""

    def __init__(self, url: str) -> None:
        self._addresses = addresses(url)
        self._at = random.randrange(len(self._addresses))

    @property
    def current(self) -> str:
        return self._addresses[self._at]

    def move_on(self) -> None:
        """A node that was lost, or doesn't confirm, may stay so: the next one is tried first."""
        self._at = (self._at + 1) % len(self._addresses)


@contextmanager
def losing() -> Iterator[None]:
    """A closing connection cancels whatever waits on it. For the waiting tasks that is a lost connection, not a
    cancellation."""
    try:
        yield
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise ConnectionError("the connection was closed meanwhile") from None
