"""Rungs that fall due evenly, three schedulers that are killed in turn: every one fires exactly once, and how late.

`python -m tests.bench.whistle_rungs [--open N] [--seconds T] [--store sqlite|mongo] [--kills K]`. Each of N open
whistles has one arrival deadline within the T seconds (0: all at the same instant); the kills come evenly on the way.
What happened is read from the trails afterwards, where the time of an entry is when a scheduler took it up.

On 30 November 2026, two cores with a load of eight to twelve, SQLite, all at the same instant (as at 17:00:00, when the
day's working time ends): 20,000 with three kills, each once, 269 a second, p50 37 s, p99 74 s. About 16,000 at once
are told within their minute there. 1,500 in 5.1 s by one scheduler and 2.6 s by three (12.0 s when each of the three
tried all of them).
"""

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from chassis.aggregates import Aggregates
from chassis.cause import Cause
from chassis.kernel.clock import Budget, Deadline
from chassis.service import open_store, utc_now
from services.whistle.domain.events import (
    Assignment,
    Kind,
    Level,
    TaskDispatched,
    WhistleBlown,
    WhistleEvent,
    WhistleRegistered,
)
from services.whistle.domain.whistle import Whistle
from services.whistle.steps.whistles import WHISTLES
from tests.support import mongo, platform
from tests.support.ports import free_port
from tests.support.toy import Silent

SCHEDULERS = 3
AT_ONCE = 64
SEEDED_PER_SECOND = 600
"""A careful guess, so that no rung is due before the schedulers run."""
STUCK_AFTER = 60.0


@dataclass
class Schedulers:
    """The whistle service, several times; a killed one is started again."""

    environment: dict[str, str]
    folder: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    kills: int = 0

    @property
    def log(self) -> Path:
        return self.folder / "schedulers.log"

    def start(self) -> list[str]:
        """Until there are so many; the addresses of the new ones."""
        urls = []
        while len(self.running) < SCHEDULERS:
            port = free_port()
            arguments = ["serve", "whistle", "--host", "127.0.0.1", "--port", str(port)]
            self.running.append(platform.start(arguments, self.environment, self.log))
            urls.append(f"http://127.0.0.1:{port}")
        return urls

    async def begin(self) -> None:
        """All of them fire what is due."""
        urls = self.start()
        for url, process in zip(urls, self.running, strict=True):
            await asyncio.to_thread(platform.ready, url, process, self.log, asked="/startupz")

    def kill_one(self) -> None:
        """The one that has run the longest: it has begun."""
        victim = self.running.pop(0)
        victim.kill()
        victim.wait()
        self.kills += 1
        self.start()

    def end(self) -> None:
        for process in self.running:
            process.terminate()
        for process in self.running:
            process.wait()


def opened(due: datetime, far: datetime, now: datetime) -> Iterator[WhistleEvent]:
    def until(at: datetime) -> Deadline:
        return Deadline(started=now, budget=Budget.hours(24), due=at, provisional=False)

    yield WhistleBlown(
        level=Level.STREET,
        kind=Kind.EMERGENCY,
        blower="street:guanshang",
        street="guanshang",
        category="other",
        title="台架",
        summoned=("water",),
        lead="water",
        at=now,
    )
    yield WhistleRegistered()
    task = Assignment(unit="water", lead=True, arrival=until(due), handling=until(far))
    yield TaskDispatched(tasks=(task,), policy=1, calendar="2026-12-31", at=now)


async def seed(
    whistles: Aggregates[Whistle, WhistleEvent], first: datetime, count: int, seconds: float
) -> None:
    gate, now = asyncio.Semaphore(AT_ONCE), utc_now()
    far = now + timedelta(days=30)

    async def one(n: int) -> None:
        due = first + timedelta(seconds=n * seconds / count)
        async with gate:
            events = list(opened(due, far, now))
            await whistles.create(f"w-{n:07d}", lambda: events, Cause(actor="bench", now=now))

    await asyncio.gather(*(one(n) for n in range(count)))


async def fired(
    whistles: Aggregates[Whistle, WhistleEvent], count: int
) -> tuple[Counter[int], list[tuple[datetime, datetime]]]:
    """How often each arrival was recorded as missed; due and recorded, of each."""
    times: Counter[int] = Counter()
    spans: list[tuple[datetime, datetime]] = []
    for n in range(count):
        trail = await whistles.trail(f"w-{n:07d}")
        missed = [entry for entry in trail if entry["type"] == "DeadlineMissed"]
        times[len(missed)] += 1
        spans += [
            (datetime.fromisoformat(one["data"]["due"]), datetime.fromisoformat(one["at"]))
            for one in missed
        ]
    return times, spans


async def with_kills(
    whistles: Aggregates[Whistle, WhistleEvent], schedulers: Schedulers, count: int, kills: int
) -> None:
    """Until all are fired or nothing goes on; the kills evenly on the way."""
    for n in range(kills):
        await left(whistles, count * (kills - n) // (kills + 1))
        schedulers.kill_one()
    await left(whistles, 0)


async def measured(asked: argparse.Namespace, store_url: str, data: Path) -> int:
    environment = platform.environment_of(data, store_url, f"local://{data}/bus.db")
    secret = bytes.fromhex(environment["GONGZHI_TRAIL_KEY"])
    store = open_store(store_url, "whistle", "pymongo")
    whistles = Aggregates(WHISTLES.kind, store, secret, Silent())
    schedulers = Schedulers(environment, data)
    try:
        await schedulers.begin()
        first = utc_now() + timedelta(seconds=asked.open / SEEDED_PER_SECOND + 15)
        began = time.perf_counter()
        await seed(whistles, first, asked.open, asked.seconds)
        print(
            f"seeded {asked.open} open whistles in {time.perf_counter() - began:.1f} s", flush=True
        )
        print(f"{asked.open} fall due within {asked.seconds:.0f} s", flush=True)
        await asyncio.sleep(max(0.0, (first - utc_now()).total_seconds()))
        await with_kills(whistles, schedulers, asked.open, asked.kills)
    finally:
        schedulers.end()
    times, spans = await fired(whistles, asked.open)
    await store.close()
    return _report(asked, times, spans, schedulers.kills)


async def left(whistles: Aggregates[Whistle, WhistleEvent], wanted: int) -> None:
    """Until no more than these haven't fired, or a minute has gone by without one fired."""
    now, seen = await whistles.count({"overdue": False}), time.monotonic()
    while now > wanted and time.monotonic() - seen < STUCK_AFTER:
        await asyncio.sleep(0.2)
        before, now = now, await whistles.count({"overdue": False})
        if now < before:
            seen = time.monotonic()


def _report(
    asked: argparse.Namespace,
    times: Counter[int],
    spans: list[tuple[datetime, datetime]],
    kills: int,
) -> int:
    lags = sorted((at - due).total_seconds() for due, at in spans)
    once = times[1] == asked.open
    print(f"{SCHEDULERS} schedulers, {kills} killed; fired once: {times[1]} of {asked.open}")
    print(f"fired never: {times[0]}, more than once: {asked.open - times[0] - times[1]}")
    if len(lags) > 1:
        whole = (max(at for _, at in spans) - min(due for due, _ in spans)).total_seconds()
        p99 = statistics.quantiles(lags, n=100)[98]
        print(f"lag p50 {statistics.median(lags):.2f} s, p99 {p99:.2f} s, most {lags[-1]:.2f} s")
        print(f"{len(lags) / whole:.0f} rungs a second over {whole:.0f} s")
    return 0 if once else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--open", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--store", choices=["sqlite", "mongo"], default="sqlite")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gongzhi-bench-") as folder:
        data = Path(folder)
        if asked.store == "sqlite":
            return asyncio.run(measured(asked, f"sqlite://{data}", data))
        server = mongo.find()
        try:
            return asyncio.run(measured(asked, server.database_url(), data))
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main())
