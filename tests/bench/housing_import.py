"""`python -m tests.bench.housing_import [lines]`: tables through a separate gateway, with a kill in the middle.

Yards as CSV and as XLSX, half of the lines and all of them, and a tenth as many communities: seconds to
check and to enter, and how lines per second keep when the file is twice as long (1.0: linear). Then all
yards once more, with the service killed while it enters them.
"""

import asyncio
import io
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from subprocess import Popen
from typing import Any

import aiohttp
from openpyxl import Workbook

from chassis.imports.domain import OPEN
from gongzhi import keys
from gongzhi.office import Office
from gongzhi.roster import SERVICES
from services.housing.tables import YARDS
from tests.support.platform import end, environment_of, ready, start
from tests.support.ports import free_port

API = "/api/v1/housing"
COMMUNITIES = 116
REGISTER = ["code", "name", "street", "kind", "households"]


def communities(lines: int, prefix: str) -> Iterator[list[object]]:
    for n in range(lines):
        yield [f"{prefix}{n}", f"{prefix}{n}", "guanshang", "urban", n % 9000]


def yards(lines: int, each: int) -> Iterator[list[object]]:
    """`each`: households of a building, so that another one is another table."""
    kinds = ("self_governed", "public_unit", "property_managed")
    for n in range(lines):
        community = n * COMMUNITIES // lines
        yard = f"y{community}-{n // 20 % 50}"
        yield [f"c{community}", yard, f"小区{yard}", kinds[n // 20 % 50 % 3], n, each]


def as_csv(head: Sequence[object], rows: Iterator[Sequence[object]]) -> bytes:
    return "\n".join(",".join(str(cell) for cell in row) for row in (head, *rows)).encode()


def as_xlsx(head: Sequence[str], rows: Iterator[list[object]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("yards")
    for row in (list(head), *rows):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


class Bench:
    """One service behind a gateway of its own, each a process."""

    def __init__(self, folder: Path) -> None:
        settings = keys.settings_for(folder)
        self._folder = folder
        self._port = free_port()
        self._environment = environment_of(folder, settings.store_url, settings.bus_url)
        # The gateway wants an address for every service; only the one is asked here.
        addresses = dict.fromkeys(SERVICES, f"http://127.0.0.1:{self._port}")
        self._environment["GONGZHI_SERVICES"] = json.dumps(addresses)
        self.url = f"http://127.0.0.1:{free_port()}"
        self.service = self.serve()
        door = ["serve", "gateway", "--host", "127.0.0.1", "--port", self.url.rsplit(":")[-1]]
        self._door = start(door, self._environment, folder / "gateway.log")
        ready(self.url, self._door, folder / "gateway.log")

    def serve(self) -> Popen[bytes]:
        log = self._folder / "housing.log"
        there = ["serve", "housing", "--host", "127.0.0.1", "--port", str(self._port)]
        process = start(there, self._environment, log)
        ready(f"http://127.0.0.1:{self._port}", process, log)
        return process

    def kill(self) -> None:
        self.service.kill()
        self.service.wait()

    def peak(self) -> int:
        """Mebibytes of the service's process."""
        status = Path(f"/proc/{self.service.pid}/status").read_text(encoding="utf-8")
        return int(status.partition("VmHWM:")[2].split()[0]) // 1024

    def end(self) -> None:
        end({"housing": self.service, "gateway": self._door})


async def sent(office: Office, table: str, content: bytes) -> str:
    query = {"reason": "bench", "dry_run": "false"}
    began = time.perf_counter()
    made = await office.upload(f"{API}/{table}/import", content, **query)
    print(f"  {len(content) // 1024} KiB taken in {time.perf_counter() - began:.1f} s", end="")
    return f"{API}/imports/{made['id']}"


async def until(office: Office, path: str, *statuses: str) -> dict[str, Any]:
    while True:
        state: dict[str, Any] = (await office.get(path))["state"]
        if state["status"] in statuses or state["status"] not in OPEN:
            return state
        await asyncio.sleep(0.1)


async def measured(bench: Bench, office: Office, table: str, content: bytes) -> float:
    """Lines per second from the upload to the end."""
    began = time.perf_counter()
    path = await sent(office, table, content)
    await until(office, path, "entering")
    checked = time.perf_counter()
    state = await until(office, path)
    took = time.perf_counter() - began
    assert state["status"] == "entered", state
    print(
        f", checked after {checked - began:.1f} s, entered after {took:.1f} s: "
        f"{state['total']} lines, {state['total'] / took:,.0f} lines/s, peak {bench.peak()} MiB"
    )
    return float(state["total"] / took)


async def run(lines: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        try:
            async with aiohttp.ClientSession() as session:
                await measure(bench, session, Path(folder), lines)
        finally:
            bench.end()


async def measure(bench: Bench, session: aiohttp.ClientSession, folder: Path, lines: int) -> None:
    office = Office(session, bench.url, keys.token(folder, "district_admin"))
    columns = [column.name for column in YARDS]
    print("register:")
    rates = [
        await measured(bench, office, "communities", as_csv(REGISTER, communities(n, prefix)))
        for n, prefix in ((lines // 20, "c"), (lines // 10, "d"))
    ]
    print(f"  twice as long: {rates[1] / rates[0]:.2f} of the rate")
    for name, table in (("csv", as_csv), ("xlsx", as_xlsx)):
        print(f"yards, {name}:")
        rates = [
            await measured(bench, office, "yards", table(columns, yards(n, n % 89)))
            for n in (lines // 2, lines)
        ]
        print(f"  twice as long: {rates[1] / rates[0]:.2f} of the rate")
    print("yards, csv, killed while it enters:")
    path = await sent(office, "yards", as_csv(columns, yards(lines, 7)))
    while (state := await until(office, path, "entering"))["status"] == "entering":
        if state["lines"] > lines // 3:
            break
        await asyncio.sleep(0.1)
    bench.kill()
    print(f", killed at line {state['lines']}", end="")
    bench.service = bench.serve()
    began = time.perf_counter()
    state = await until(office, path)
    print(f", {state['status']} {time.perf_counter() - began:.1f} s after it was back")
    held = [await office.get(f"{API}/yards/c{n}") for n in range(COMMUNITIES)]
    buildings = [b for one in held for yard in one["state"]["yards"] for b in yard["buildings"]]
    right = sum(building["households"] == 7 for building in buildings)
    print(
        f"  {right} of {lines} buildings on record; versions { ({one['version'] for one in held}) }"
    )


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000))
