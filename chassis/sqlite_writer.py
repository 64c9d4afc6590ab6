"""Group commit: statements waiting for one file are written together, in one transaction with one wait for the disk.

Each statement still succeeds or fails alone: one that breaks a constraint is rolled back alone, and no caller is
answered before the transaction with its statement is durable.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

MOST = 64
"""Statements of one transaction: while they are run, nothing else is."""
LOGGED = 1000
"""Pages of the write-ahead log, after which they are moved into the file."""
LARGE = 1024 * 1024
"""Characters of one transaction that are too many to be written while everybody waits: whole files are."""
BEGIN = "BEGIN IMMEDIATE"


@dataclass(frozen=True, slots=True)
class Statement:
    sql: str
    values: Sequence[Any]
    lazy: bool
    answer: asyncio.Future[int]


class Writer:
    """Writes from this process's loop, by a connection of its own.

    The statements run in the event loop: each is short, and a thread would contend for the GIL twice per statement. A
    separate thread waits for the disk, and for another process that writes to the file.
    """

    def __init__(
        self, path: Path, connection: sqlite3.Connection, thread: ThreadPoolExecutor, busy: int
    ) -> None:
        self._path = path
        self._opened = _identity(path)
        self._connection = connection
        self._thread = thread
        self._busy = busy
        self._waiting: list[Statement] = []
        self._waits_for_disk = True
        self._writing: asyncio.Task[None] | None = None

    async def write(self, sql: str, values: Sequence[Any], *, lazy: bool = False) -> int:
        """How many rows it changed. A caller that is cancelled meanwhile doesn't take it back.

        `lazy`: it may be lost with the machine (never with the process), and will then be done again; it
        goes to the disk with the next statement that is not.
        """
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append(Statement(sql, values, lazy, answer))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return await answer

    async def _write(self) -> None:
        while self._waiting:
            together, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                said = await self._transaction(together)
            except Exception as error:
                said = [error] * len(together)
            for statement, outcome in zip(together, said, strict=True):
                _answer(statement.answer, outcome)

    async def _transaction(self, together: Sequence[Statement]) -> list[int | Exception]:
        """What isn't a broken constraint concerns all of them, and undoes them all."""
        lazy = all(one.lazy for one in together)
        self._wait_for_disk(not lazy)
        self._still_there()
        await self._begin()
        try:
            if _length(together) > LARGE:
                said = await self._in_thread(lambda: self._said(together))
            else:
                said = self._said(together)
            if lazy:
                self._commit()
            else:
                await self._in_thread(self._commit)
        except Exception:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        return said

    def _still_there(self) -> None:
        """Or what is written, and acknowledged, would be gone with this process: SQLite goes on in a file without a
        name.
        """
        if _identity(self._path) != self._opened:
            raise sqlite3.OperationalError(f"{self._path} was moved, removed or replaced")

    async def _begin(self) -> None:
        try:
            self._connection.execute(BEGIN)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            await self._in_thread(self._begin_after)

    def _begin_after(self) -> None:
        """Waits for other writers."""
        self._connection.execute(f"PRAGMA busy_timeout={self._busy}")
        try:
            self._connection.execute(BEGIN)
        finally:
            self._connection.execute("PRAGMA busy_timeout=0")

    def _commit(self) -> None:
        self._connection.execute("COMMIT")

    def _wait_for_disk(self, wanted: bool) -> None:
        """Without waiting for the disk there is no checkpoint either, because a checkpoint does wait."""
        if wanted != self._waits_for_disk:
            self._connection.execute(f"PRAGMA synchronous={'FULL' if wanted else 'NORMAL'}")
            self._connection.execute(f"PRAGMA wal_autocheckpoint={LOGGED if wanted else 0}")
            self._waits_for_disk = wanted

    def _said(self, together: Sequence[Statement]) -> list[int | Exception]:
        return [self._outcome(one) for one in together]

    def _outcome(self, one: Statement) -> int | Exception:
        try:
            return self._connection.execute(one.sql, one.values).rowcount
        except (sqlite3.IntegrityError, OverflowError, UnicodeEncodeError) as error:
            return error

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def close(self) -> None:
        """When what was asked for is written."""
        if self._writing is not None:
            await self._writing
        await self._in_thread(self._connection.close)
        self._thread.shutdown(wait=False)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _length(together: Iterable[Statement]) -> int:
    return sum(len(value) for one in together for value in one.values if type(value) is str)


def _answer(answer: asyncio.Future[int], outcome: int | Exception) -> None:
    if answer.cancelled():
        return
    if isinstance(outcome, Exception):
        answer.set_exception(outcome)
    else:
        answer.set_result(outcome)


def pragmas(busy: int) -> tuple[str, ...]:
    return (
        f"busy_timeout={busy}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "temp_store=MEMORY",
    )


async def opened_writer(path: Path, busy: int) -> Writer:
    """Of a file that is there; its thread ends with it. It waits `busy` ms for another process."""
    thread = ThreadPoolExecutor(1, thread_name_prefix=f"write {path.name}")

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            for pragma in (*pragmas(busy), f"wal_autocheckpoint={LOGGED}", "busy_timeout=0"):
                connection.execute(f"PRAGMA {pragma}")
        except BaseException:
            connection.close()
            raise
        return connection

    try:
        connection = await asyncio.get_running_loop().run_in_executor(thread, connect)
    except BaseException:
        thread.shutdown(wait=False)
        raise
    return Writer(path, connection, thread, busy)
