"""Ten thousand quiet streams: what they cost in memory while nothing happens, and whether news still comes at once.

`python -m tests.bench.streams [--streams N] [--seconds S]`. A gateway of its own serves; whoever listens is another
process, fifty streams for each subject. It ends with 1 where a stream isn't given or doesn't last, where one costs more
than the limit, where their memory goes on growing, or where an event reaches those whom it concerns after a second.
"""

import argparse
import asyncio
import resource
import sys
import tempfile
import time
from pathlib import Path

import aiohttp
import uvloop

from gongzhi import keys
from gongzhi.office import Office
from tests.support.news import told
from tests.support.platform import Platform, from_scratch

from .commands import resident

EACH = 50
AT_ONCE = 200
LIMIT_KIB = 100.0
GROWTH = 1.05
WITHIN_S = 1.0
STREAM = b"GET /api/v1/events/stream HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer %s\r\n\r\n"
SETTLES_S = 3


class Stream:
    """One connection that only listens."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.came: float | None = None

    async def listen(self) -> None:
        """Until an event comes; heartbeats are passed over."""
        while line := await self.reader.readline():
            if line.startswith(b"data:"):
                self.came = time.perf_counter()
                return


async def opened(port: int, token: str) -> Stream:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**14)
    writer.write(STREAM % token.encode())
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise AssertionError(head.decode())
    return Stream(reader, writer)


async def all_opened(port: int, tokens: list[str]) -> list[Stream]:
    found: list[Stream] = []
    for n in range(0, len(tokens), AT_ONCE):
        some = tokens[n : n + AT_ONCE]
        found += await asyncio.gather(*(opened(port, token) for token in some))
    return found


async def measured(platform: Platform, many: int, seconds: float) -> bool:
    process = platform.processes["gongzhi"]
    port = int(platform.url.rpartition(":")[2])
    subjects = [f"partner:quiet{n}" for n in range(-(-many // EACH) - 1)] + ["partner:hotline"]
    tokens = [keys.token(platform.data, subject) for subject in subjects for _ in range(EACH)]
    before = resident(process)
    streams = await all_opened(port, tokens[-many:])
    await asyncio.sleep(SETTLES_S)
    there = resident(process)
    listening = [asyncio.create_task(one.listen()) for one in streams]
    await asyncio.sleep(seconds)
    after = resident(process)
    each = (there - before) * 1024 / many
    ended = sum(task.done() for task in listening)
    print(
        f"{many} streams: {before} MiB before, {there} with them, {after} after {seconds:g} s: "
        f"{each:.1f} KiB each (limit {LIMIT_KIB:g}), {ended} ended"
    )
    async with aiohttp.ClientSession() as session:
        began = time.perf_counter()
        hotline = keys.token(platform.data, "partner:hotline")
        await told(Office(session, platform.url, hotline), 1)
    concerned = listening[-EACH:]
    await asyncio.wait(concerned, timeout=10)
    late = max((one.came or float("inf")) - began for one in streams[-EACH:])
    others = sum(task.done() for task in listening[:-EACH])
    print(f"an event reached the {EACH} whom it concerns within {late:.2f} s, and {others} others")
    for task in listening:
        task.cancel()
    for one in streams:
        one.writer.close()
    bounded = each <= LIMIT_KIB and after <= there * GROWTH
    return bounded and not ended and not others and late <= WITHIN_S


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=30.0)
    args = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < args.streams + 500:
        sys.exit(f"{hard} open files are allowed, {args.streams + 500} are needed (ulimit -n)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, args.streams + 500), hard))
    with (
        tempfile.TemporaryDirectory() as folder,
        from_scratch(Path(folder) / "data", GONGZHI_LOG_LEVEL="warning") as platform,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        return 0 if runner.run(measured(platform, args.streams, args.seconds)) else 1


if __name__ == "__main__":
    sys.exit(main())
