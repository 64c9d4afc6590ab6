"""A district's day at a multiple of its pace: `python -m tests.load [--times 1 10 100] [--seconds S]`.

Through the gateway of an all-in-one on SQLite; it and the generator are a process each on this machine. As many cases
as the day means begin at random moments, however long the answers take (an open loop), so that waiting shows; of which
kind is chance. A case takes many steps, so counting begins when the first are through, as if the day had long begun.
Printed for each pace: requests a second and how many the day means, how long they took, what failed, the server's
processor seconds for each, without what it spends idle, and the generator's own share of a core.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp

from chassis.settings import Settings
from gongzhi import keys
from gongzhi.office import Office, Refused
from tests.load.day import Day, Playing, places, units
from tests.support.platform import Platform, from_scratch

TICKS = os.sysconf("SC_CLK_TCK")
SHIPPED = {
    "GONGZHI_TICK": "1.0",
    "GONGZHI_SWEEP_AFTER": str(Settings.model_fields["sweep_after"].default),
    "GONGZHI_LIMIT_SUBJECT": "1000000/minute",
    "GONGZHI_LIMIT_ADDRESS": "1000000/minute",
}
"""As a district has it, but that the generator comes from one address."""
PAUSES = 60
"""Of people between two steps, in what is counted: the shorter they are, the sooner a case is through."""
THROUGH = 20
"""Pauses until the first of the longest cases are through: they have thirteen."""


@dataclass
class Seen:
    """Of one pace."""

    reads: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    failed: dict[str, int] = field(default_factory=dict)
    begun: int = 0
    counting: bool = False

    @property
    def asked(self) -> int:
        return len(self.reads) + len(self.writes)

    def trace(self) -> aiohttp.TraceConfig:
        tracing = aiohttp.TraceConfig()

        async def began(_: Any, context: SimpleNamespace, __: Any) -> None:
            context.at = time.perf_counter()

        async def ended(_: Any, context: SimpleNamespace, said: Any) -> None:
            took = time.perf_counter() - context.at
            if self.counting:
                (self.reads if said.method == "GET" else self.writes).append(took)

        tracing.on_request_start.append(began)
        tracing.on_request_end.append(ended)
        return tracing


def processor(pid: int) -> float:
    """Seconds of it that a process has had."""
    said = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(said[11]) + int(said[12])) / TICKS


def registered(platform: Platform, day: Day) -> None:
    """The invented communities, as a clerk's table."""
    lines = [f"{code},{code},{street},urban,2000" for code, street in places(day.communities)]
    file = platform.data / "communities.csv"
    file.write_text("\n".join(("code,name,street,kind,households", *lines)), encoding="utf-8")
    command = [sys.executable, "-m", "gongzhi", "import", "communities", str(file), "--enter"]
    command += ["--reason", "压力测试", "--url", platform.url, "--data-dir", str(platform.data)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


async def pace(
    platform: Platform, day: Day, times: int, seconds: float, idle: float
) -> dict[str, Any]:
    seen, running = Seen(), set[asyncio.Task[None]]()
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, trace_configs=[seen.trace()]) as session:
        tokens: dict[str, str] = {}

        def office(acts_as: str) -> Office:
            if acts_as not in tokens:
                tokens[acts_as] = keys.token(platform.data, acts_as)
            return Office(session, platform.url, tokens[acts_as])

        pause = seconds / PAUSES
        playing = Playing(day, office, places(day.communities), units(), pause)

        async def begin(for_seconds: float) -> None:
            now, many = time.monotonic(), round(times * day.cases_a_second * for_seconds)
            for at in sorted(now + random.uniform(0, for_seconds) for _ in range(many)):
                await asyncio.sleep(at - time.monotonic())
                task = asyncio.create_task(_case(playing, seen))
                running.add(task)
                task.add_done_callback(running.discard)
            await asyncio.sleep(now + for_seconds - time.monotonic())

        await begin(THROUGH * pause)
        counted = await _counted(platform, seen, begin(seconds), idle)
        await asyncio.gather(*running, return_exceptions=True)
    return {"times": times, "wanted": times * day.requests_a_second, **counted, "idle": idle}


async def _counted(
    platform: Platform, seen: Seen, meanwhile: Coroutine[Any, Any, None], idle: float
) -> dict[str, Any]:
    pids = (platform.processes["gongzhi"].pid, os.getpid())
    began, before = time.monotonic(), [processor(pid) for pid in pids]
    seen.counting, seen.begun = True, 0
    await meanwhile
    seen.counting, window = False, time.monotonic() - began
    spent, own = (processor(pid) - was for pid, was in zip(pids, before, strict=True))
    return {**_said(seen, window, spent - idle * window), "generator": own / window}


async def _case(playing: Playing, seen: Seen) -> None:
    seen.begun += 1
    try:
        await playing.case()
    except (Refused, aiohttp.ClientError) as why:
        name = str(why.status) if isinstance(why, Refused) else type(why).__name__
        seen.failed[name] = seen.failed.get(name, 0) + 1


def _said(seen: Seen, window: float, spent: float) -> dict[str, Any]:
    def quantiles(took: list[float]) -> dict[str, float]:
        if len(took) < 2:
            return {}
        cut = statistics.quantiles(took, n=100, method="inclusive")
        return {"p50": cut[49] * 1000, "p95": cut[94] * 1000, "p99": cut[98] * 1000}

    return {
        "requests_a_second": seen.asked / window,
        "writes": len(seen.writes) / seen.asked,
        "begun": seen.begun,
        "failed": seen.failed,
        "read_ms": quantiles(seen.reads),
        "write_ms": quantiles(seen.writes),
        "processor_ms_a_request": spent / seen.asked * 1000,
        "utilisation": spent / window,
        "load_average": os.getloadavg()[0],
    }


def idling(platform: Platform, seconds: float = 10) -> float:
    """What share of a core it spends while nobody asks."""
    pid = platform.processes["gongzhi"].pid
    before = processor(pid)
    time.sleep(seconds)
    return (processor(pid) - before) / seconds


def main() -> None:
    asking = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    asking.add_argument("--times", type=int, nargs="+", default=[1, 10, 100])
    asking.add_argument("--seconds", type=float, default=60)
    said = asking.parse_args()
    day = Day()
    print(f"a day: {day.problems:.0f} problems, {day.cases_a_second * 3600:.0f} cases an hour")
    with tempfile.TemporaryDirectory(prefix="gongzhi-load-") as folder:
        with from_scratch(Path(folder) / "data", **SHIPPED) as platform:
            registered(platform, day)
            idle = idling(platform)
            for times in said.times:
                found = asyncio.run(pace(platform, day, times, said.seconds, idle))
                print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
