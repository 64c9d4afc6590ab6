"""A year of whistles computed again: every score, every published result and every exclusion, from the trails alone.

`python -m tests.bench.whistle_year [--whistles N] [--seed S]`. The whistles are made by the domain's decisions and
written to SQLite; then a fresh process, which is given the store file and nothing else, folds every trail and counts
again under the edition of the policy and the calendar of the time. Exit code 1 when anything differs.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.support import whistle_year
from tests.support.whistle_recount import recount

SHOWN = 20


class Stopwatch:
    """Seconds by the wall, and of processor in this process and those it has ended."""

    def __init__(self) -> None:
        self._wall, self._worked = time.perf_counter(), self._processor()

    def __str__(self) -> str:
        wall, worked = time.perf_counter() - self._wall, self._processor() - self._worked
        return f"{wall:.1f} s ({worked:.1f} s of processor)"

    @staticmethod
    def _processor() -> float:
        spent = os.times()
        return spent.user + spent.system + spent.children_user + spent.children_system


def lived(path: Path, numbers: range, seed: int) -> None:
    async def on_a_desk() -> None:
        async with whistle_year.opened(path) as desk:
            await whistle_year.live(desk, numbers, seed)

    asyncio.run(on_a_desk())


async def begun(path: Path) -> None:
    async with whistle_year.opened(path) as desk:
        await whistle_year.begin(desk)


async def published(path: Path, seed: int) -> None:
    async with whistle_year.opened(path) as desk:
        await whistle_year.publish(desk, seed)


def generated(path: Path, count: int, seed: int) -> None:
    watch, processes = Stopwatch(), os.cpu_count() or 1
    asyncio.run(begun(path))
    with ProcessPoolExecutor(processes) as pool:
        slices = [range(first, count, processes) for first in range(processes)]
        for done in [pool.submit(lived, path, numbers, seed) for numbers in slices]:
            done.result()
    print(f"{count} whistles lived in {watch}", flush=True)
    watch = Stopwatch()
    asyncio.run(published(path, seed))
    print(f"results published, appealed and said again in {watch}", flush=True)


async def recounted(path: Path) -> int:
    watch = Stopwatch()
    async with whistle_year.opened(path) as desk:
        found = await recount(desk)
    print(f"{found.whistles} whistles, {found.scores} unit scores compared")
    print(
        f"{found.years} published results of {found.departments} departments, {found.exclusions} exclusions"
    )
    print(f"in today's calendar {found.elsewise} scores would have come out differently")
    print(", ".join(f"{name} {times}" for name, times in sorted(found.events.items())))
    for difference in found.differences[:SHOWN]:
        print(difference)
    print(f"{len(found.differences)} differences, {watch}")
    return 1 if found.differences else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--whistles", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--recount", type=Path, help="only count again what is in this store file")
    asked = parser.parse_args()
    if asked.recount:
        return asyncio.run(recounted(asked.recount))
    with tempfile.TemporaryDirectory(prefix="gongzhi-bench-") as folder:
        path = Path(folder) / "whistle.db"
        generated(path, asked.whistles, asked.seed)
        module = [sys.executable, "-m", "tests.bench.whistle_year"]
        return subprocess.run([*module, "--recount", str(path)], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
