"""An exception as it is logged: of what types it and its causes are, and where each came from.

Its text may hold what was sent (a KeyError's key, the value that pydantic refused), so of it only the system's own
number is told; and the whole of what we say ourselves of what is damaged, which names files and keys.
"""

import errno
import traceback
from collections.abc import Iterator
from types import TracebackType

from .kernel.errors import Broken

MOST = 10
"""Causes, or parts, of one exception that are told: each failed try of a long row hangs on to the one before."""
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def without_words(exc_info: ExcInfo) -> str:
    return "\n".join(_lines(exc_info[1]))


def _lines(error: BaseException, deep: int = 0) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and deep < MOST:
        yield from _lines(before, deep + 1)
        yield "Then:"
    yield from (frame.rstrip() for frame in traceback.format_tb(error.__traceback__))
    yield _called(error)
    if isinstance(error, BaseExceptionGroup) and deep < MOST:
        for part in error.exceptions[:MOST]:
            yield from (f"  | {line}" for line in _lines(part, deep + 1))


def _called(error: BaseException) -> str:
    kind = type(error)
    number = errno.errorcode.get(error.errno or 0) if isinstance(error, OSError) else None
    told = error.detail if isinstance(error, Broken) else number
    return f"{kind.__module__}.{kind.__qualname__}" + (f" [{told}]" if told else "")
