"""The bus in one SQLite file: a row per subscriber and event. The insert is the publish, its commit the confirm."""

import asyncio
import json
import math
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import aiosqlite
import structlog

from .bus import (
    DELAYS,
    FINISH_WITHIN,
    PREFETCH,
    WITNESS,
    BusUnavailable,
    Delivery,
    Done,
    Handler,
    Message,
    Park,
    Parked,
    QueueDepth,
    Retry,
    Topology,
    after_failing,
)
from .pacing import finish
from .sqlite_near import Near
from .sqlite_writer import Writer, opened_writer
from .store_sqlite import opened, whole

LOOK_AGAIN = 1.0
"""Seconds between looks for deliveries whose wait is over, or that another process published."""

LONGEST = max(seconds for _, seconds in DELAYS)
"""Seconds that any delivery waits."""

BUSY = 10_000
"""Milliseconds that a write waits for another process's."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS deliveries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, body BLOB NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL DEFAULT 0, parked TEXT);
CREATE INDEX IF NOT EXISTS waiting ON deliveries (queue, due, number) WHERE parked IS NULL;
CREATE TABLE IF NOT EXISTS bindings (queue TEXT, type TEXT, PRIMARY KEY (queue, type));
"""
log = structlog.get_logger()


def _family(type: str) -> str:
    """The type without its version, as queues are bound."""
    return type.rpartition(".v")[0] or type


def _depth(waiting: int, delayed: int, parked: int) -> QueueDepth:
    return QueueDepth(waiting=waiting, delayed=delayed, parked=parked)


class LocalBus:
    """For one process: `path` is the bus's own file, which survives the process."""

    def __init__(self, path: Path, topology: Topology) -> None:
        self._path = path
        self._topology = topology
        self._handlers: dict[str, Handler] = {}
        self._db: aiosqlite.Connection | None = None
        self._writer: Writer | None = None
        self._near = Near(path)
        self._consumers: list[asyncio.Task[None]] = []
        self._wake = {queue: asyncio.Event() for queue in topology}
        self._quiet = False
        self._looked = math.inf

    async def start(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with whole(self._path):
            db = await opened(self._path, busy=BUSY)
            try:
                await self._prepare(db)
                self._writer = await opened_writer(self._path, BUSY)
            except BaseException:
                await db.close()
                raise
        self._db = db
        self._consumers = [
            asyncio.create_task(self._attend(queue, handle))
            for queue, handle in self._handlers.items()
        ]

    async def _prepare(self, db: aiosqlite.Connection) -> None:
        await db.executescript(SCHEMA)
        for queue, types in self._topology.items():
            for type in ("#",) if queue == WITNESS else types:
                await db.execute("INSERT OR IGNORE INTO bindings VALUES (?, ?)", (queue, type))

    @property
    def _open(self) -> aiosqlite.Connection:
        if self._db is None:
            raise BusUnavailable("本地总线没有打开")
        return self._db

    async def publish(self, message: Message, *, only: str | None = None) -> None:
        """One statement inserts a row per queue that hears it, the witness's among them or none."""
        if only is not None:
            given = (only, message.id, message.type, message.body)
            await self._write(
                "INSERT INTO deliveries (queue, id, type, body) VALUES (?, ?, ?, ?)", given
            )
            self._wake[only].set()
            return
        inserted = await self._write(
            "INSERT INTO deliveries (queue, id, type, body) "
            "SELECT queue, ?, ?, ? FROM bindings WHERE type IN ('#', ?) "
            "AND EXISTS (SELECT 1 FROM bindings WHERE queue = ? AND type = '#')",
            (message.id, message.type, message.body, _family(message.type), WITNESS),
        )
        if inserted < 1:
            raise BusUnavailable("日志队列没有绑定，事件留在发件箱中")
        for queue in self._hearing(_family(message.type)):
            self._wake[queue].set()

    def _hearing(self, family: str) -> Iterator[str]:
        return (q for q, types in self._topology.items() if q == WITNESS or family in types)

    async def _write(self, sql: str, values: Sequence[Any], *, lazy: bool = False) -> int:
        """With what others write at the same time; answered when it is durable, unless it is `lazy`."""
        if self._writer is None:
            raise BusUnavailable("本地总线没有打开")
        return await self._writer.write(sql, values, lazy=lazy)

    def consume(self, queue: str, handle: Handler) -> None:
        self._handlers[queue] = handle

    async def _attend(self, queue: str, handle: Handler) -> None:
        wake = self._wake[queue]
        while not self._quiet:
            wake.clear()
            try:
                rows = await self._next(queue)
                settled = await asyncio.gather(*(self._settled(handle, *row) for row in rows))
                await self._forget([number for number in settled if number is not None])
            except sqlite3.Error as error:
                log.warning("bus_file_failed", queue=queue, error=str(error))
                rows = []
            if len(rows) < PREFETCH:
                await self._rest(wake)

    async def _next(self, queue: str) -> list[Any]:
        sql = (
            "SELECT number, id, type, body, attempt FROM deliveries "
            "WHERE queue = ? AND parked IS NULL AND due <= ? ORDER BY due, number LIMIT ?"
        )
        now = time.time()
        if now < self._looked:
            await self._wait_no_longer_than(now + LONGEST)
        self._looked = now
        values = (queue, now, PREFETCH)
        try:
            return self._near.rows(sql, values)
        except sqlite3.OperationalError:
            return list(await self._open.execute_fetchall(sql, values))

    async def _wait_no_longer_than(self, until: float) -> None:
        """What is due later was put off before the clock was set back, perhaps by an earlier process."""
        sql = "UPDATE deliveries SET due = 0 WHERE parked IS NULL AND due > ?"
        await self._write(sql, (until,))

    @staticmethod
    async def _rest(wake: asyncio.Event) -> None:
        try:
            async with asyncio.timeout(LOOK_AGAIN):
                await wake.wait()
        except TimeoutError:
            return

    async def _settled(
        self, handle: Handler, number: int, id: str, type: str, body: bytes, attempt: int
    ) -> int | None:
        """The number of what is done; anything else stays, and is settled here."""
        verdict = await handle(Delivery(id=id, type=type, body=body, attempt=attempt))
        if isinstance(verdict, Done):
            return number
        await self._settle(number, attempt, verdict)
        return None

    async def _forget(self, done: Sequence[int]) -> None:
        """Together: the effects are durable, and a delivery that comes again has none."""
        if done:
            sql = "DELETE FROM deliveries WHERE number IN (SELECT value FROM json_each(?))"
            await self._write(sql, (json.dumps(done),), lazy=True)

    async def _settle(self, number: int, attempt: int, verdict: Retry | Park) -> None:
        if isinstance(verdict, Retry):
            next = after_failing(attempt, verdict.reason)
            if not isinstance(next, Park):
                due = time.time() + next[1]
                await self._update("attempt = attempt + 1, due = ?", due, number)
                return
            verdict = next
        await self._update("parked = ?", verdict.reason, number)

    async def _update(self, what: str, value: Any, number: int) -> None:
        await self._write(f"UPDATE deliveries SET {what} WHERE number = ?", (value, number))

    async def parked(self, queue: str) -> list[Parked]:
        return [found for _, found in await self._parked(queue)]

    async def _parked(self, queue: str) -> list[tuple[int, Parked]]:
        rows = await self._open.execute_fetchall(
            "SELECT number, id, type, body, parked, attempt FROM deliveries "
            "WHERE queue = ? AND parked IS NOT NULL ORDER BY number",
            (queue,),
        )
        names = ("id", "type", "body", "reason", "attempt")
        return [(number, Parked(**dict(zip(names, row, strict=True)))) for number, *row in rows]

    async def unpark(self, queue: str, settled: Mapping[str, bytes | None]) -> set[str]:
        there: set[str] = set()
        for number, found in await self._parked(queue):
            if found.mark not in settled:
                continue
            body = settled[found.mark]
            if body is None or found.mark in there:
                gone = "DELETE FROM deliveries WHERE number = ? AND parked IS NOT NULL"
                done = await self._write(gone, (number,))
            else:
                again = (
                    "UPDATE deliveries SET parked = NULL, attempt = 0, due = 0, body = ? "
                    "WHERE number = ? AND parked IS NOT NULL"
                )
                done = await self._write(again, (body, number))
            if done:
                there.add(found.mark)
        self._wake[queue].set()
        return there

    async def depths(self) -> Mapping[str, QueueDepth]:
        if self._db is None:
            raise BusUnavailable("本地总线没有打开")
        rows = await self._db.execute_fetchall(
            "SELECT queue, SUM(parked IS NULL AND due <= ?1), SUM(parked IS NULL AND due > ?1), "
            "SUM(parked IS NOT NULL) FROM deliveries GROUP BY queue",
            (time.time(),),
        )
        found = {queue: tuple(counts) for queue, *counts in rows}
        return {queue: _depth(*found.get(queue, (0, 0, 0))) for queue in self._handlers}

    def trouble(self) -> str | None:
        return None if self._db is not None else "本地总线没有打开"

    async def quiesce(self) -> None:
        self._quiet = True
        for wake in self._wake.values():
            wake.set()
        await finish(self._consumers, FINISH_WITHIN)

    async def stop(self) -> None:
        await self.quiesce()
        if self._writer is not None:
            await self._writer.close()
            self._writer = None
        self._near.close()
        if self._db is not None:
            await self._db.close()
            self._db = None
