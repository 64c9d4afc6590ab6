"""What a command costs: `POST /problems` through the all-in-one, against the least that could take it (`bare`).

`python -m tests.bench.commands [--seconds S] [--rounds N]`. Both are processes of their own on this machine, asked
in turns by this one; printed are the medians of the rounds, the ratios, what waited to be told afterwards, and the
resident memory of ours after each round.
"""

import argparse
import asyncio
import itertools
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import aiohttp
import uvloop

from gongzhi import keys
from tests.support.bodies import NOISE
from tests.support.platform import Process, end, ready, start
from tests.support.ports import free_port, listens, wait_until

ABREAST = 32
Took = list[float]


async def asked(url: str, token: str, connections: int, seconds: float) -> Took:
    """How long each answer took, asking by so many connections for so long."""
    took: Took = []
    until = time.perf_counter() + seconds
    numbers = itertools.count()
    headers = {"Authorization": f"Bearer {token}"}

    async def one(session: aiohttp.ClientSession) -> None:
        while (began := time.perf_counter()) < until:
            body = {**NOISE, "title": f"夜间施工噪声 {next(numbers)}"}
            async with session.post(url, json=body, headers=headers) as answer:
                assert answer.status == 201, await answer.text()
                await answer.read()
            took.append(time.perf_counter() - began)

    connector = aiohttp.TCPConnector(limit=connections)
    async with aiohttp.ClientSession(connector=connector) as session:
        await asyncio.gather(*(one(session) for _ in range(connections)))
    return took


async def waiting(base: str) -> int:
    """Documents with something to tell, over all services."""
    async with aiohttp.ClientSession() as session, session.get(f"{base}/metrics") as answer:
        text = await answer.text()
    lines = (line for line in text.splitlines() if line.startswith("gongzhi_outbox_pending{"))
    return int(sum(float(line.rsplit(" ", 1)[1]) for line in lines))


def resident(process: Process) -> int:
    """In MiB."""
    pages = int(Path(f"/proc/{process.pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // 2**20


async def rounds(
    process: subprocess.Popen[bytes],
    ours: str,
    bare: str,
    tokens: Mapping[str, str],
    seconds: float,
    n: int,
) -> None:
    rates: dict[str, list[float]] = {"bare": [], "ours": []}
    middles: dict[str, list[float]] = {"bare": [], "ours": []}
    urls = {"bare": f"{bare}/problems", "ours": f"{ours}/api/v1/whistle/problems"}
    for _ in range(n):
        for name, url in urls.items():
            alone = await asked(url, tokens[name], 1, seconds / 2)
            middles[name].append(statistics.median(alone) * 1000)
            took = await asked(url, tokens[name], ABREAST, seconds)
            rates[name].append(len(took) / seconds)
            if name == "ours":
                await asyncio.sleep(1)
                left = await waiting(ours)
                print(
                    f"  one second after {len(took)} commands {left} documents wait to be told, "
                    f"{resident(process)} MiB resident"
                )
                while await waiting(ours):
                    await asyncio.sleep(0.2)
    rate = {name: statistics.median(said) for name, said in rates.items()}
    p50 = {name: statistics.median(said) for name, said in middles.items()}
    print(
        f"{ABREAST} connections: {rate['ours']:,.0f}/s, bare {rate['bare']:,.0f}/s: "
        f"{rate['ours'] / rate['bare']:.2f}"
    )
    print(
        f"one connection: p50 {p50['ours']:.2f} ms, bare {p50['bare']:.2f} ms: "
        f"{p50['ours'] / p50['bare']:.1f} times"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data, port, other = Path(folder) / "data", free_port(), free_port()
        settings = keys.settings_for(data)
        token = keys.token(data, "community:guanshangzhongxinqu")
        log = Path(folder) / "log"
        command = [sys.executable, "-m", "tests.bench.bare", folder, str(settings.jwks), str(other)]
        processes = {
            "ours": start(["run", "--port", str(port), "--data-dir", str(data)], {}, log),
            "bare": subprocess.Popen(command),
        }
        try:
            ours = f"http://127.0.0.1:{port}"
            ready(ours, processes["ours"], log)
            wait_until(lambda: listens(other), 30)
            tokens = {"ours": token, "bare": token}
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                bare = f"http://127.0.0.1:{other}"
                runner.run(rounds(processes["ours"], ours, bare, tokens, args.seconds, args.rounds))
        finally:
            end(processes)


if __name__ == "__main__":
    main()
