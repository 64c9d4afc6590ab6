"""From a whistle's answer to the street's scorecard: what a secretary waits for, at 50, 100 and 200 closings a second.

`python -m tests.bench.closed [--seconds S]`. The all-in-one is a process of its own. Counted from the sending of
`answer` until the figure 办结 of the street, read again and again by one reader, holds that closing: command, store,
outbox, bus, entry, tally and two HTTP calls are in it. Printed against the limit, 25 ms for 99 of 100 at 200 a second.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import uvloop

from gongzhi.office import Office
from tests.support.platform import Cast, from_scratch

from .commands import waiting

RATES = (50, 100, 200)
LIMIT_MS = 25.0
LOOK_S = 0.01
"""Between two readings: read without a pause, the reader is most of the load it measures."""
ABREAST = 16
STREET, COMMUNITY = "guanshang", "guanshangzhongxinqu"
UNITS = ("urban_management", "housing_construction")
PROBLEMS, WHISTLES = "/api/v1/whistle/problems", "/api/v1/whistle/whistles"


async def evaluated(cast: Cast) -> tuple[str, int]:
    """A whistle that only waits for its answer: id and version."""
    street, centre = cast(f"street:{STREET}"), cast("command_centre")
    body = {"channel": "visit", "community": COMMUNITY, "category": "parking"}
    problem = await cast(f"community:{COMMUNITY}").post(
        PROBLEMS, {**body, "title": "消防通道被占用", "asked": "请清理"}
    )
    kind = {"kind": "problem", "urgency": "urgent", "difficulty": "hard", "handling": "joint"}
    await street.step(PROBLEMS, problem["id"], "triage", kind)
    called = {"level": "street", "kind": "problem", "problem": problem["id"], "lead": UNITS[0]}
    id = (await street.post(WHISTLES, {**called, "units": list(UNITS)}))["id"]
    await centre.step(WHISTLES, id, "register")
    await centre.step(WHISTLES, id, "dispatch")
    for unit in UNITS:
        office, path = cast(f"department:{unit}"), f"{WHISTLES}/{id}/units/{unit}"
        await office.post(f"{path}/arrive")
        await office.post(f"{path}/result", {"outcome": "resolved", "summary": "已清理"})
    await street.step(WHISTLES, id, "confirm", {"done": True})
    await centre.step(WHISTLES, id, "verify")
    await centre.step(WHISTLES, id, "marks", {"points": 90})
    await street.step(WHISTLES, id, "marks", {"points": 80})
    return id, (await centre.step(WHISTLES, id, "evaluate"))["version"]


async def prepared(cast: Cast, wanted: int) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for begun in range(0, wanted, ABREAST):
        some = range(min(ABREAST, wanted - begun))
        found += await asyncio.gather(*(evaluated(cast) for _ in some))
    while await waiting(cast.platform.url):
        await asyncio.sleep(0.2)
    return found


class Reader:
    """When the street's figure first held so many closings."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.seen: list[float] = []

    async def value(self) -> int:
        now = datetime.now(ZoneInfo("Asia/Shanghai"))
        quarter = f"{now.year}-Q{(now.month + 2) // 3}"
        card = await self.office.get(f"/api/v1/index/scorecards/{STREET}", quarter=quarter)
        named = {figure["name"]: figure["value"] for figure in card["figures"]}
        return int(named["whistles_closed"])

    async def read(self, before: int, wanted: int) -> None:
        while len(self.seen) < wanted:
            value = await self.value()
            at = time.perf_counter()
            self.seen += [at] * (value - before - len(self.seen))
            await asyncio.sleep(LOOK_S)


async def at_rate(cast: Cast, whistles: list[tuple[str, int]], rate: int) -> list[float]:
    """How long each closing took to be in the figure, in seconds.

    The n-th value of the figure belongs to the n-th closing sent: where two overtake one another, both are
    charged with the later one's time or the earlier one's start, never with less than what they took together.
    """
    street = cast(f"street:{STREET}")
    reader = Reader(street)
    before = await reader.value()
    sent: list[float] = []

    async def answer(id: str, version: int) -> None:
        await street.post(f"{WHISTLES}/{id}/answer", {"answer": "已畅通"}, version=version)

    reading = asyncio.create_task(reader.read(before, len(whistles)))
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for n, (id, version) in enumerate(whistles):
            await asyncio.sleep(max(0.0, began + n / rate - time.perf_counter()))
            sent.append(time.perf_counter())
            group.create_task(answer(id, version))
    await asyncio.wait_for(reading, 60)
    return [seen - at for at, seen in zip(sent, reader.seen, strict=True)]


async def measured(data: Path, seconds: float) -> None:
    with from_scratch(data, GONGZHI_LOG_LEVEL="warning") as platform:
        async with platform.offices() as cast:
            for rate in RATES:
                whistles = await prepared(cast, int(rate * seconds))
                took = sorted(1000 * one for one in await at_rate(cast, whistles, rate))
                p99 = took[int(0.99 * (len(took) - 1))]
                print(
                    f"{rate}/s, {len(took)} closings: p50 {statistics.median(took):.1f} ms, "
                    f"p99 {p99:.1f} ms: {p99 / LIMIT_MS:.2f} of the limit"
                )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0)
    args = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        runner.run(measured(Path(folder) / "data", args.seconds))


if __name__ == "__main__":
    main()
