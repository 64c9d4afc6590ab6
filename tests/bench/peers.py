"""Ours beside FastStream and Celery: command, durable row, confirmed message, durable effect, acknowledged.

`python -m tests.bench.peers [--events N] [--rounds N]`, in an environment that also has the group `peers`
(requirements-peers.lock). One private broker, quorum queues, one SQLite file a side (WAL, every commit synced), a
window of 128 commands and 32 unacknowledged deliveries; what is printed are ratios of interleaved rounds.

Each at its strongest promise:

- **FastStream** with an outbox written by hand: row and outbox entry in one transaction, a relay that publishes with
  confirms and strikes out what is confirmed, a subscriber that acknowledges after inbox entry and effect are committed.
- **Celery** has no outbox: the row is committed, then the task is sent with confirms; a process that ends between the
  two loses it. Its worker is a process of its own (the others have one for both ends), and acknowledges late.
- **Ours** keeps a trail with every command and effect as well, and tells a second queue, the journal's.
"""

import argparse
import asyncio
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import uvloop
from faststream import AckPolicy
from faststream.rabbit import Channel, RabbitBroker, RabbitQueue
from faststream.rabbit.schemas.queue import QueueType

from chassis.service import open_store
from gongzhi.serving import collect_seldom
from tests.support import rabbit
from tests.support.ports import wait_until

from .outbox import WINDOW, whole
from .peers_celery import BROKER, FILE, effect

PREFETCH = 32
RELAYED = 100
"""Outbox entries that a relay takes at a time."""
PATIENCE = 300.0
SENDERS = 10
"""Threads; Celery's connections are as many."""
TABLES = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS things (id TEXT PRIMARY KEY, body TEXT);
CREATE TABLE IF NOT EXISTS outbox (id TEXT PRIMARY KEY, body TEXT);
CREATE TABLE IF NOT EXISTS inbox (id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS effects (id TEXT PRIMARY KEY, body TEXT);
"""
BODY = "x" * 600


class File:
    """One connection on one thread, each piece of work a transaction of its own."""

    def __init__(self, path: Path) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._path = path
        self._thread.submit(self._open).result()

    def _open(self) -> None:
        self._connection = sqlite3.connect(self._path, timeout=60)
        self._connection.executescript(TABLES)

    def _write(self, statements: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        with self._connection:
            for statement, values in statements:
                self._connection.execute(statement, values)

    async def write(self, *statements: tuple[str, tuple[str, ...]]) -> None:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._write, statements)

    def write_now(self, *statements: tuple[str, tuple[str, ...]]) -> None:
        self._thread.submit(self._write, statements).result()

    async def waiting(self) -> list[tuple[str, str]]:
        select = f"SELECT id, body FROM outbox LIMIT {RELAYED}"
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._thread, lambda: self._connection.execute(select).fetchall()
        )

    def count(self, table: str) -> int:
        [(found,)] = self._thread.submit(
            lambda: self._connection.execute(f"SELECT count(*) FROM {table}").fetchall()
        ).result()
        return int(found)

    def close(self) -> None:
        self._thread.submit(lambda: self._connection.close()).result()
        self._thread.shutdown()


async def faststream(url: str, path: Path, events: int) -> float:
    """Commands a second, until the last effect is there."""
    file = File(path)
    broker = RabbitBroker(url, logger=None, default_channel=Channel(prefetch_count=PREFETCH))
    queue = RabbitQueue("bench", queue_type=QueueType.QUORUM, durable=True)
    heard, done, more = 0, asyncio.Event(), asyncio.Event()

    async def react(said: dict[str, str]) -> None:
        nonlocal heard
        id, body = said["id"], said["body"]
        await file.write(
            ("INSERT INTO inbox VALUES (?)", (id,)),
            ("INSERT INTO effects VALUES (?, ?)", (id, body)),
        )
        heard += 1
        if heard == events:
            done.set()

    broker.subscriber(queue, ack_policy=AckPolicy.NACK_ON_ERROR)(react)

    async def tell(id: str, body: str) -> None:
        await broker.publish({"id": id, "body": body}, queue, persist=True, message_id=id)

    async def relay() -> None:
        while True:
            if waiting := await file.waiting():
                await asyncio.gather(*(tell(id, body) for id, body in waiting))
                await file.write(*(("DELETE FROM outbox WHERE id = ?", (id,)) for id, _ in waiting))
            else:
                more.clear()
                await more.wait()

    window = asyncio.Semaphore(WINDOW)

    async def command(n: int) -> None:
        async with window:
            await file.write(
                ("INSERT INTO things VALUES (?, ?)", (str(n), BODY)),
                ("INSERT INTO outbox VALUES (?, ?)", (str(n), BODY)),
            )
            more.set()

    await broker.start()
    relaying = asyncio.create_task(relay())
    began = time.perf_counter()
    await asyncio.gather(*(command(n) for n in range(events)))
    await done.wait()
    took = time.perf_counter() - began
    relaying.cancel()
    await broker.stop()
    file.close()
    return events / took


def celery(url: str, path: Path, events: int) -> float:
    """The same; the worker is started and has answered before the clock runs."""
    own, theirs = File(path), File(path.with_name("worker.db"))
    environment = {**os.environ, BROKER: url, FILE: str(path.with_name("worker.db"))}
    app = "tests.bench.peers_celery"
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "-q", "-A", app, "worker", "-P", "solo", "-l", "ERROR"],
        env=environment,
    )
    effect.app.conf.broker_url = url

    def arrived(count: int) -> Callable[[], bool]:
        return lambda: theirs.count("effects") == count

    def command(n: int) -> None:
        own.write_now(("INSERT INTO things VALUES (?, ?)", (str(n), BODY)))
        effect.apply_async((str(n), BODY), retry=False)

    try:
        command(-1)
        if not wait_until(arrived(1), PATIENCE):
            raise SystemExit("the Celery worker doesn't answer")
        began = time.perf_counter()
        with ThreadPoolExecutor(SENDERS) as senders:
            list(senders.map(command, range(events)))
        if not wait_until(arrived(events + 1), PATIENCE):
            raise SystemExit("the Celery worker has lost some")
        return events / (time.perf_counter() - began)
    finally:
        worker.terminate()
        worker.wait()
        own.close()
        theirs.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    collect_seldom()
    broker = rabbit.find()
    print(f"RabbitMQ {broker.version} ({broker.how}); {asked.events} events", flush=True)
    try:
        if not isinstance(broker, rabbit.PrivateNode):
            raise SystemExit("the bench wants a private RabbitMQ node: install rabbitmq-server")
        # Celery keeps a process's first broker for its pool of producers: its virtual host is the same in every round.
        (for_celery,) = broker.vhosts(1)
        rounds = [_round(broker, for_celery, asked.events) for _ in range(asked.rounds)]
    finally:
        broker.stop()
    for peer in ("faststream", "celery"):
        ratio = statistics.median(one["ours"] / one[peer] for one in rounds)
        print(f"median ratio {ratio:.2f} of {peer}")


def _round(broker: rabbit.PrivateNode, for_celery: str, events: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="gongzhi-bench-") as folder:
        one, two = broker.vhosts(2)
        store = open_store(f"sqlite://{folder}", "bench", "sqlite")
        said = {
            "faststream": uvloop.run(faststream(one, Path(folder) / "faststream.db", events)),
            "celery": celery(for_celery, Path(folder) / "celery.db", events),
            "ours": uvloop.run(whole(two, store, events)),
        }
    print("  ".join(f"{name} {rate:6.0f}/s" for name, rate in said.items()), flush=True)
    return said


if __name__ == "__main__":
    main()
