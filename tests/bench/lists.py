"""What a list costs among a thousand whistles and among many: a page, a search, a count, by who asks.

`python -m tests.bench.lists [--many N]`. Both stores are SQLite files; printed are medians and the ratio.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import uvloop

from chassis.guarded import Guarded
from chassis.identity import Subject
from chassis.lists import DUE, NEWEST, Sort, own, where
from chassis.numbers import number
from chassis.store_sqlite import SqliteStore
from services.whistle.domain.evolution import evolve
from services.whistle.domain.whistle import Whistle
from services.whistle.steps.whistles import WHISTLES
from tests.rules.whistle.cases import MONDAY, assigned, blown, called, registered
from tests.support.toy import Silent

FEW = 1000
STREETS = [f"street{n}" for n in range(18)]
UNITS = [f"unit{n}" for n in range(32)]
NOUNS = "河道排污口夜间施工噪声占道停车井盖护栏照明绿化积水油烟垃圾"
TIMES = 60


def whistle(chance: random.Random, n: int) -> Whistle:
    """Of some street, for three of the units, with a title of its own; one in three is dispatched."""
    out = replace(
        blown,
        street=chance.choice(STREETS),
        community=None,
        title="".join(chance.sample(NOUNS, k=10)),
        summoned=tuple(chance.sample(UNITS, k=3)),
        problem=None,
        at=MONDAY + timedelta(seconds=37 * n),
    )
    tasks = tuple(assigned(unit) for unit in out.summoned)
    life: list[Any] = [out, *([registered, replace(called, tasks=tasks)] if n % 3 == 0 else [])]
    state: Whistle | None = None
    for event in life:
        state = evolve(state, event)
    assert state is not None
    return state


async def filled(path: Path, count: int) -> Guarded[Whistle, Any]:
    store = SqliteStore(path)
    kept = WHISTLES.kept(store, bytes(32), Silent())
    await kept.prepare()
    chance = random.Random(count)
    for begin in range(0, count, 500):
        states = [(n, whistle(chance, n)) for n in range(begin, min(begin + 500, count))]
        await asyncio.gather(*(store.insert("whistles", document(kept, n, s)) for n, s in states))
    return kept


def document(kept: Guarded[Whistle, Any], n: int, state: Whistle) -> dict[str, Any]:
    """As it is kept, with a trail of the usual length."""
    called_so = number(f"{state.street}-{n % 300:04}", f"w-{n}", n % 5)
    return {
        "id": f"w-{n:07}",
        "rev": 1,
        "version": 3,
        "correlation": f"w-{n}",
        "number": f"{called_so}-{n}",
        "state": kept.codec.dump_state(state),
        "keys": kept.kind.found_by(state, called_so, [{"actor": state.blower}]),
        "trail": [{"type": "WhistleBlown", "data": "x" * 900}] * 5,
        "seen": {},
    }


def person(kind: str, code: str | None = None) -> Subject:
    return Subject(sub="s", kind=kind, code=code, scopes=frozenset())


STREET, UNIT, CENTRE = (
    person("street", "street3"),
    person("department", "unit7"),
    person("command_centre"),
)


def asked(kept: Guarded[Whistle, Any]) -> Mapping[str, Callable[[], Awaitable[object]]]:
    def page(
        who: Subject, sort: Sort, words: str | None = None, **said: str
    ) -> Callable[[], Awaitable[object]]:
        wanted = where(WHISTLES.filters, said, words)
        return lambda: kept.list(who, wanted, None, 50, sort=sort.key, descending=sort.descending)

    def waits(who: Subject) -> Callable[[], Awaitable[object]]:
        wanted = own(who, None, None, "me")
        return lambda: kept.list(who, wanted, None, 50, sort=DUE.key, descending=False)

    def count(who: Subject, **said: str) -> Callable[[], Awaitable[object]]:
        return lambda: kept.count_of(who, where(WHISTLES.filters, said, None))

    return {
        "a street's newest 50": page(STREET, NEWEST),
        "a street's soonest due 50": page(STREET, DUE),
        "the district's newest 50": page(CENTRE, NEWEST),
        "a unit's newest 50": page(UNIT, NEWEST),
        "50 that wait for a unit": waits(UNIT),
        "50 that wait for the centre": waits(CENTRE),
        "a search of the district's": page(CENTRE, NEWEST, "排污口"),
        "a count of a street's": count(STREET),
        "a count of a unit's open": count(UNIT, state="dispatched"),
    }


async def took(act: Callable[[], Awaitable[object]]) -> float:
    """Milliseconds, the median of many."""
    times = []
    for _ in range(TIMES):
        began = time.perf_counter()
        await act()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


async def measured(folder: Path, many: int) -> None:
    few, lots = (
        await filled(folder / "few.db", FEW),
        await filled(folder / "lots.db", many),
    )
    print(f"{'':32}{FEW:>10,} {many:>12,}   ratio")
    for name, act in asked(few).items():
        small, large = await took(act), await took(asked(lots)[name])
        print(f"{name:32}{small:>7.2f} ms {large:>9.2f} ms {large / small:>7.1f}")
    for kept in (few, lots):
        await kept.store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=100_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        uvloop.run(measured(Path(folder), args.many))


if __name__ == "__main__":
    main()
