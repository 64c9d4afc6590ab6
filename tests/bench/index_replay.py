"""What one more event costs index among few and among many, and how fast the whole history is folded again.

`python -m tests.bench.index_replay [--many N] [--events N]`. Both stores are SQLite files, filled in bulk; an event is
entered as the bus would have it entered; printed are medians, their ratio, and a quarter's tally of a street. The
replay folds generated events in one process and makes every street's cards of them.
"""

import argparse
import os
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import uvloop

from chassis import sqlite_rows
from chassis.aggregates import Aggregates
from chassis.cause import Cause
from chassis.store import Document
from chassis.store_sqlite import SqliteStore
from services.index.domain.entry import Entry, TurnHeard, evolve, hear
from services.index.domain.scorecard import SUMS
from services.index.kinds import ENTRIES
from tests.support.index_year import BEGIN, STREETS, Book, News, whistles
from tests.support.toy import Silent

FEW = 1000
TIMES = 3000
AT_ONCE = 20_000
UNLIKE = 20_000
"""Whistles that differ in more than their id."""

Entries = Aggregates[Entry, TurnHeard]


async def filled(path: Path, count: int) -> Entries:
    """With so many whistles that are over."""
    kept = Aggregates(ENTRIES, SqliteStore(path), bytes(32), Silent())
    await kept.prepare()
    with closing(sqlite3.connect(path)) as beside:
        beside.execute("PRAGMA synchronous=OFF")
        rows = written(kept, count)
        while some := list(islice(rows, AT_ONCE)):
            with beside:
                beside.executemany(f"INSERT INTO entries {sqlite_rows.PUT}", some)
        beside.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    os.sync()
    return kept


def written(kept: Entries, count: int) -> Iterator[tuple[Any, ...]]:
    """So many rows: of some whistles, each again and again under an id of its own."""
    by_whistle = groupby(whistles(random.Random(count), min(count, UNLIKE)), key=lambda one: one[1])
    documents = [document(kept, id, list(news)) for id, news in by_whistle]
    unlike = [(one["id"], *sqlite_rows.changed(one)) for one in documents]
    for number in range(count):
        id, rev, body, *more = unlike[number % len(unlike)]
        own = f"{id}x{number}"
        yield own, rev, body.replace(id, own), *more


def document(kept: Entries, id: str, news: list[News]) -> Document:
    """As it is kept, with a trail of the usual length."""
    state: Entry | None = None
    for _, _, heard in news:
        state = evolve(state, heard)
    assert state is not None
    return {
        "id": id,
        "rev": 1,
        "version": len(news),
        "correlation": id,
        "state": kept.codec.dump_state(state),
        "keys": kept.kind.found_by(state, None, []),
        "trail": [{"type": "TurnHeard", "data": "x" * 600}] * len(news),
        "seen": {},
    }


def heard_by(heard: TurnHeard, known: Entry | None) -> Iterable[TurnHeard]:
    return hear(known, heard)


async def entering(stores: Sequence[Entries]) -> list[float]:
    """Milliseconds for one more event in each, turn by turn: the medians of many."""
    times: list[list[float]] = [[] for _ in stores]
    for number, (_, id, heard) in enumerate(islice(whistles(random.Random(7), TIMES), TIMES)):
        key = f"event:{number}"
        cause = Cause(actor="system:bus", now=BEGIN, key=key, fingerprint=key)
        for kept, took in zip(stores, times, strict=True):
            began = time.perf_counter()
            await kept.record(f"more-{id}", partial(heard_by, heard), cause)
            took.append((time.perf_counter() - began) * 1000)
    return [statistics.median(took) for took in times]


async def reading(kept: Entries) -> float:
    """Milliseconds for a quarter's tally of a street."""
    times = []
    for number in range(30):
        where = {"street": STREETS[number % len(STREETS)], "quarter": "2026-Q2"}
        began = time.perf_counter()
        await kept.tally(where, by="standing", sums=SUMS)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


async def incremental(folder: Path, many: int) -> None:
    few, lots = await filled(folder / "few.db", FEW), await filled(folder / "lots.db", many)
    one, other = await entering((few, lots))
    print(
        f"one more event: {one:.3f} ms among {FEW}, {other:.3f} ms among {many}: {other / one:.2f}"
    )
    one, other = await reading(few), await reading(lots)
    print(f"a street's quarter: {one:.3f} ms among {FEW}, {other:.3f} ms among {many}")
    for kept in (few, lots):
        await kept.store.close()


def replay(events: int) -> None:
    book, chance = Book(), random.Random(1)
    history = list(islice(whistles(chance, events), events))
    began, worked = time.perf_counter(), time.process_time()
    book.hear(history)
    cards = book.all_cards()
    took, worked = time.perf_counter() - began, time.process_time() - worked
    print(
        f"replay: {events / took:,.0f} events/s, {events / worked:,.0f} a second of the processor "
        f"({len(cards)} cards)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=1_000_000)
    asked = parser.parse_args()
    replay(asked.events)
    with tempfile.TemporaryDirectory() as folder:
        uvloop.run(incremental(Path(folder), asked.many))


if __name__ == "__main__":
    main()
