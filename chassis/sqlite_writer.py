"""What waits to be written to one file goes in together: one transaction, one wait for the disk.

Each statement still answers for itself: one that breaks a constraint is undone alone, and nobody is
answered before the transaction that holds his statement is durable.
"""

import asyncio
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST = 256
"""Statements of one transaction."""


@dataclass(frozen=True, slots=True)
class Statement:
    sql: str
    values: Sequence[Any]
    lazy: bool
    answer: asyncio.Future[int]


class Writer:
    """Writes from this process's loop, by a connection and a thread of its own."""

    def __init__(self, connection: sqlite3.Connection, thread: ThreadPoolExecutor) -> None:
        self._connection = connection
        self._thread = thread
        self._waiting: list[Statement] = []
        self._waits_for_disk = True
        self._writing: asyncio.Task[None] | None = None

    async def write(self, sql: str, values: Sequence[Any], *, lazy: bool = False) -> int:
        """How many rows it changed. A caller that is cancelled meanwhile doesn't take it back.

        `lazy`: it may be lost with the machine (never with the process), and will then be done again; it
        goes to the disk with the next statement that is not.
        """
        answer = asyncio.get_running_loop().create_future()
        self._waiting.append(Statement(sql, values, lazy, answer))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return await asyncio.shield(answer)

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            together, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                said = await loop.run_in_executor(self._thread, self._commit, together)
            except Exception as error:
                said = [error] * len(together)
            for statement, outcome in zip(together, said, strict=True):
                _answer(statement.answer, outcome)

    def _commit(self, together: Sequence[Statement]) -> list[int | Exception]:
        """In the thread. What isn't a broken constraint concerns all of them, and undoes them all."""
        self._wait_for_disk(not all(one.lazy for one in together))
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            said = [self._outcome(one) for one in together]
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        return said

    def _wait_for_disk(self, wanted: bool) -> None:
        if wanted != self._waits_for_disk:
            self._connection.execute(f"PRAGMA synchronous={'FULL' if wanted else 'NORMAL'}")
            self._waits_for_disk = wanted

    def _outcome(self, one: Statement) -> int | Exception:
        try:
            return self._connection.execute(one.sql, one.values).rowcount
        except (sqlite3.IntegrityError, OverflowError, UnicodeEncodeError) as error:
            return error

    async def close(self) -> None:
        """When what was asked for is written."""
        if self._writing is not None:
            await self._writing
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._connection.close)
        self._thread.shutdown(wait=False)


def _answer(answer: asyncio.Future[int], outcome: int | Exception) -> None:
    if answer.cancelled():
        return
    if isinstance(outcome, Exception):
        answer.set_exception(outcome)
    else:
        answer.set_result(outcome)


async def opened_writer(path: Path, pragmas: Sequence[str]) -> Writer:
    """Of a file that is there; its thread ends with it."""
    thread = ThreadPoolExecutor(1, thread_name_prefix=f"write {path.name}")

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            for pragma in pragmas:
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
    return Writer(connection, thread)
