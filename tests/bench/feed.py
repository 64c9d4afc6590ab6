"""The feed at 700 events a second from eight writers in two processes: is it ever told behind a cursor, and how late?

`python -m tests.bench.feed [--seconds S]`. On one SQLite file, as two gateways of one machine would have it; each
writer is a journal's `append`. Three readers go on from the last number they saw, without a pause. It ends with 1
where an event was missed by one of them, came out of order, or was read more than a second after it was told; or
where the writers couldn't keep that pace, so that nothing was shown.
"""

import argparse
import asyncio
import multiprocessing
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvloop

from chassis.service import open_store
from contracts.event import Envelope
from gateway.intake import News
from gateway.journal import Journal

RATE, WRITERS, PROCESSES, READERS = 700, 8, 2, 3
LATE_S = 1.0
PAGE = 500
IDLE_S = 0.02


async def nobody(_: str) -> News | None:
    return None


@asynccontextmanager
async def journal(url: str) -> AsyncIterator[Journal]:
    store = open_store(url, "gateway", "motor")
    try:
        yield Journal(store, nobody, lambda _: None)
    finally:
        await store.close()


def told(process: int, n: int) -> Envelope:
    return Envelope(
        id=f"e-{process}-{n}",
        source="/partners/bench",
        type="partner.problem_reported.v1",
        subject=f"intake/e-{process}-{n}",
        time=datetime.now(UTC),
        sequence=f"{1:012d}",
        correlationid=f"case-{process}-{n // 5}",
        data={"community": "jiangong", "category": "environment", "title": "垃圾清运不及时"},
    )


def write(url: str, process: int, begins: float, seconds: float) -> None:
    """A process of writers, which share its pace."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_write(url, process, begins, seconds))


async def _write(url: str, process: int, begins: float, seconds: float) -> None:
    each = RATE * seconds // PROCESSES
    numbers = iter(range(int(each)))

    async def one(kept: Journal) -> None:
        for n in numbers:
            await asyncio.sleep(max(0.0, begins + n * seconds / each - time.time()))
            await kept.append(told(process, n))

    async with journal(url) as kept:
        await asyncio.gather(*(one(kept) for _ in range(WRITERS // PROCESSES)))


class Reader:
    def __init__(self, kept: Journal) -> None:
        self._journal = kept
        self.seen: list[str] = []
        self.numbers: list[int] = []
        self.late = timedelta()

    async def follow(self, writing: asyncio.Event) -> None:
        """Until there is nothing more after the writers' end."""
        after = 0
        while True:
            over = not writing.is_set()
            page = await self._journal.since(after, PAGE)
            now = datetime.now(UTC)
            for one in page:
                event = Envelope.model_validate(one["event"])
                self.seen.append(event.id)
                self.numbers.append(int(one["id"]))
                self.late = max(self.late, now - event.time)
            if page:
                after = self.numbers[-1]
            elif over:
                return
            else:
                await asyncio.sleep(IDLE_S)


async def measured(url: str, seconds: float) -> bool:
    begins = time.time() + 5
    given = [(url, process, begins, seconds) for process in range(PROCESSES)]
    spawned = multiprocessing.get_context("spawn")
    processes = [spawned.Process(target=write, args=one) for one in given]
    writing = asyncio.Event()
    writing.set()
    async with journal(url) as kept:
        await kept.prepare()
        for process in processes:
            process.start()
        readers = [Reader(kept) for _ in range(READERS)]
        following = asyncio.gather(*(reader.follow(writing) for reader in readers))
        for process in processes:
            await asyncio.to_thread(process.join)
        took = time.time() - begins
        writing.clear()
        await following
    wanted = {
        f"e-{p}-{n}" for p in range(PROCESSES) for n in range(int(RATE * seconds // PROCESSES))
    }
    pace = len(wanted) / took
    sound = all(process.exitcode == 0 for process in processes)
    for reader in readers:
        missed = len(wanted - set(reader.seen))
        ordered = reader.numbers == sorted(set(reader.numbers))
        late = reader.late.total_seconds()
        sound &= not missed and ordered and len(reader.seen) == len(wanted) and late <= LATE_S
        print(
            f"reader: {len(reader.seen)} read, {missed} missed, in order: {ordered}, at most {late:.2f} s late"
        )
    print(
        f"{len(wanted)} events by {WRITERS} writers in {PROCESSES} processes: {pace:.0f}/s (wanted {RATE})"
    )
    return sound and pace >= 0.95 * RATE


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    args = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        return 0 if runner.run(measured(f"sqlite:///{Path(folder)}", args.seconds)) else 1


if __name__ == "__main__":
    sys.exit(main())
