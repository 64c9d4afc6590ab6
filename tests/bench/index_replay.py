"""What one more event costs index among few and among many, and how fast the whole history is folded again.

`python -m tests.bench.index_replay [--many N] [--events N]`. Both stores are SQLite files; an event is entered as
the bus would have it entered; printed are medians, their ratio, and a quarter's card. The replay folds generated
events in one process and makes every street's cards of them.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Iterable
from functools import partial
from itertools import groupby, islice
from pathlib import Path

import uvloop

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
TIMES = 600
AT_ONCE = 500

Entries = Aggregates[Entry, TurnHeard]


async def filled(path: Path, count: int) -> Entries:
    """With so many whistles that are over."""
    store = SqliteStore(path)
    kept = Aggregates(ENTRIES, store, bytes(32), Silent())
    await kept.prepare()
    by_whistle = groupby(whistles(random.Random(count), count), key=lambda news: news[1])
    documents = (document(kept, id, list(news)) for id, news in by_whistle)
    while some := list(islice(documents, AT_ONCE)):
        await asyncio.gather(*(store.insert("entries", one) for one in some))
    return kept


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
        "keys": kept._keys(state, None),
        "trail": [{"type": "TurnHeard", "data": "x" * 600}] * len(news),
        "seen": {},
    }


def heard_by(heard: TurnHeard, known: Entry | None) -> Iterable[TurnHeard]:
    return hear(known, heard)


async def entering(kept: Entries, from_number: int) -> float:
    """Milliseconds for one more event: the median of many."""
    chance, times = random.Random(from_number), []
    news = whistles(chance, TIMES)
    for number, (_, id, heard) in enumerate(islice(news, TIMES)):
        key = f"event:{from_number}:{number}"
        cause = Cause(actor="system:bus", now=BEGIN, key=key, fingerprint=key)
        began = time.perf_counter()
        await kept.record(f"more-{from_number}-{id}", partial(heard_by, heard), cause)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


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
    costs: dict[str, list[float]] = {"few": [], "lots": []}
    for turn in range(5):
        costs["few"].append(await entering(few, 2 * turn))
        costs["lots"].append(await entering(lots, 2 * turn + 1))
    one, other = (statistics.median(costs[name]) for name in ("few", "lots"))
    print(
        f"one more event: {one:.3f} ms among {FEW}, {other:.3f} ms among {many}: {other / one:.2f}"
    )
    one, other = await reading(few), await reading(lots)
    print(f"a street's quarter: {one:.3f} ms among {FEW}, {other:.3f} ms among {many}")


def replay(events: int) -> None:
    book, chance = Book(), random.Random(1)
    history = list(islice(whistles(chance, events), events))
    began = time.perf_counter()
    book.hear(history)
    folded = time.perf_counter() - began
    cards = book.cards()
    took = time.perf_counter() - began
    print(f"replay: {events / took:,.0f} events/s ({folded:.1f} s to fold, {len(cards)} cards)")


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
