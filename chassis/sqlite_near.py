"""Short reads in the event loop itself: reading is quicker than handing the read to a thread."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any


class Near:
    """A connection for what an index finds at once, and no more of it than a page.

    In write-ahead logging a writer never blocks a reader; if anything does, it is an OperationalError, and the read is
    left to a thread that waits.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def rows(self, sql: str, values: Iterable[Any]) -> list[Any]:
        if self._connection is None:
            self._connection = sqlite3.connect(self._path, isolation_level=None, timeout=0)
        return self._connection.execute(sql, tuple(values)).fetchall()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
