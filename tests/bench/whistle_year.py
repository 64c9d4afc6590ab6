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
    began, processes = time.perf_counter(), os.cpu_count() or 1
    asyncio.run(begun(path))
    with ProcessPoolExecutor(processes) as pool:
        slices = [range(first, count, processes) for first in range(processes)]
        for done in [pool.submit(lived, path, numbers, seed) for numbers in slices]:
            done.result()
    print(f"{count} whistles lived in {time.perf_counter() - began:.1f} s", flush=True)
    began = time.perf_counter()
    asyncio.run(published(path, seed))
    print(
        f"results published, appealed and said again in {time.perf_counter() - began:.1f} s",
        flush=True,
    )


async def recounted(path: Path) -> int:
    began = time.perf_counter()
    async with whistle_year.opened(path) as desk:
        found = await recount(desk)
    seconds = time.perf_counter() - began
    print(f"{found.whistles} whistles, {found.scores} unit scores compared")
    print(
        f"{found.years} published results of {found.departments} departments, {found.exclusions} exclusions"
    )
    print(f"in today's calendar {found.elsewise} scores would have come out differently")
    print(", ".join(f"{name} {times}" for name, times in sorted(found.events.items())))
    for difference in found.differences[:SHOWN]:
        print(difference)
    print(f"{len(found.differences)} differences, {seconds:.1f} s")
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
