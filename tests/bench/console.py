"""How long until the first byte of the console's pages, with many cases behind them, by who asks.

`python -m tests.bench.console [--many N] [--times N]`. The whole platform and the console in one process, on SQLite;
printed are the 95th percentiles and their ratio to the limit, how long a processor was busy with one page (which a
busy machine doesn't lengthen), and how often the gateway was asked. A page is asked for once before it counts.
"""

import argparse
import gc
import statistics
import tempfile
import time
from pathlib import Path

import aiohttp
import uvloop

from tests.bench.lists import filled
from tests.support.consoles import Hand, console_on, hand
from tests.support.inside import Inside, inside

LIMIT = 200.0
"""Milliseconds."""
ROLES = ("street:street3", "department:unit7", "command_centre")
PAGES = {
    "今日": "/",
    "吹哨": "/console/whistle",
    "a list": "/console/whistle/whistles",
    "a search": "/console/whistle/whistles?q=排污口",
    "big screen": "/console/whistle/wall",
    "a resident's form": "/console/resident",
}


async def first_byte(session: aiohttp.ClientSession, address: str) -> float:
    began = time.perf_counter()
    async with session.get(address) as answer:
        took = (time.perf_counter() - began) * 1000
        assert answer.status in (200, 404), (address, answer.status)
        await answer.read()
    return took


async def asked(platform: Inside, somebody: Hand, path: str) -> int:
    """How often the gateway is asked for one page."""
    before = counted(platform)
    await somebody.session.get(somebody.url + path)
    return counted(platform) - before


def counted(platform: Inside) -> int:
    return int(
        sum(
            sample.value
            for metric in platform.runtime.telemetry.registry.collect()
            for sample in metric.samples
            if sample.name == "gongzhi_http_request_seconds_count"
            and sample.labels["service"] == "gateway"
        )
    )


async def measured(folder: Path, many: int, times: int) -> None:
    data = folder / "data"
    data.mkdir()
    kept = await filled(data / "whistle.db", many)
    await kept.store.close()
    async with inside(data) as platform, console_on(platform) as url:
        gc.collect()
        gc.freeze()  # as `gongzhi.serving` does
        whole = {"level": "street", "kind": "service", "units": ["water"], "lead": "water"}
        told = {**whole, "title": "河道排污口（演示）", "category": "water"}
        made = await platform("street:jinma").post("/api/v1/whistle/whistles", told)
        pages = {**PAGES, "one whistle, or none": f"/console/whistle/whistles/{made['id']}"}
        print(
            f"{many:,} whistles; limit {LIMIT:.0f} ms{'p50':>28}{'p95':>10}   of limit     busy    asked"
        )
        for role in ROLES:
            async with hand(url, role) as somebody:
                for name, path in pages.items():
                    calls = await asked(platform, somebody, path)
                    busy = time.process_time()
                    took = [await first_byte(somebody.session, url + path) for _ in range(times)]
                    busy = (time.process_time() - busy) / times * 1000
                    p95 = statistics.quantiles(took, n=20)[-1]
                    print(
                        f"{role:20} {name:28}{statistics.median(took):>7.1f}{p95:>10.1f} ms"
                        f"{p95 / LIMIT:>10.2f}{busy:>9.1f} ms{calls:>8}",
                        flush=True,
                    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=40)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        uvloop.run(measured(Path(folder), args.many, args.times))


if __name__ == "__main__":
    main()
