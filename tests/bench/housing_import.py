"""`python -m tests.bench.housing_import [lines]`: a dry run of yards and buildings, as CSV and as XLSX.

Prints seconds, lines per second and the process's peak memory before and after each.
"""

import asyncio
import io
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing import Process
from pathlib import Path
from typing import IO

from openpyxl import Workbook

from chassis.asking import Asking
from chassis.cause import Cause
from chassis.identity import Subject
from chassis.service import House
from chassis.store_sqlite import SqliteStore
from chassis.tables.reading import reading
from gongzhi import compose, keys
from services.housing.main import Desks, Kept
from services.housing.tables import YARDS

COMMUNITIES = 116
NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def rows(lines: int) -> Iterator[tuple[object, ...]]:
    kinds = ("self_governed", "public_unit", "property_managed")
    for n in range(lines):
        community = n * COMMUNITIES // lines
        yard = f"y{community}-{n // 20 % 50}"
        yield f"c{community}", yard, f"小区{yard}", kinds[n // 20 % 50 % 3], str(n), n % 97


def as_csv(lines: int, file: IO[bytes]) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8")
    text.write(",".join(column.name for column in YARDS) + "\n")
    for row in rows(lines):
        text.write(",".join(str(cell) for cell in row) + "\n")
    text.detach()


def as_xlsx(lines: int, file: IO[bytes]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("yards")
    sheet.append([column.name for column in YARDS])
    for row in rows(lines):
        sheet.append(list(row))
    book.save(file)


def written(folder: Path, lines: int) -> None:
    """By a process of its own, so that its memory isn't counted."""
    for ending, write in (("csv", as_csv), ("xlsx", as_xlsx)):
        with (folder / f"yards.{ending}").open("wb") as file:
            write(lines, file)


def peak() -> int:
    """Mebibytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


async def dry_run(desks: Desks, path: Path, lines: int) -> None:
    subject = Subject(sub="bench", kind="district_admin", code=None, scopes=frozenset())
    asking = Asking(subject, Cause(actor="district_admin", now=NOW))
    before, began = peak(), time.perf_counter()
    last: dict[str, object] = {}
    async with reading(path, YARDS, lines) as table:
        async for said in desks.imports.yards_of(table, "bench", dry_run=True, asking=asking):
            last = said
            if "progress" in said:
                print(f"  {said['progress']} lines, {time.perf_counter() - began:.1f} s")
    took = time.perf_counter() - began
    print(f"{path.suffix[1:]}: {path.stat().st_size // 1024} KiB, {took:.1f} s, ", end="")
    print(f"{lines / took:,.0f} lines/s, peak RSS {before} → {peak()} MiB; {last['done']}")


async def run(folder: Path, lines: int) -> None:
    house: House = compose.house(keys.settings_for(folder), "bench")
    store, relay = SqliteStore(folder / "housing.db"), house.relay()
    kept = Kept(house, store, relay)
    desks = Desks(kept, store)
    for aggregates in kept.every():
        await aggregates.prepare()
    named = [(f"c{n}", f"社区{n}", "liujia", "bench") for n in range(COMMUNITIES)]
    await desks.register.seed_communities(named, NOW)
    for ending in ("csv", "xlsx"):
        await dry_run(desks, folder / f"yards.{ending}", lines)
    await store.close()


def main() -> None:
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        writing = Process(target=written, args=(Path(folder), lines))
        writing.start()
        writing.join()
        asyncio.run(run(Path(folder), lines))


if __name__ == "__main__":
    main()
