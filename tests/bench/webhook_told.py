"""How soon an address is told: from the 202 to a partner, through broker, whistle and journal, to its receiver.

`python -m tests.bench.webhook_told [--events N] [--away S]`. All in one process, on SQLite and the local bus; one
event at a time, each waited for until the receiver has what became of it. Then one is told while the receiver is away,
for so many seconds, and waited for from when it is back. Printed: median, 95th percentile, slowest, and that one.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from tests.support.inside import inside
from tests.support.news import told
from tests.support.receiver import Receiver, receiver

BECAME = "whistle.problem_collected.v1"
WITHIN = 60.0
HERE = "127.0.0.0/8"


async def once(receiver: Receiver, reference: str) -> None:
    """Until the receiver has heard what became of this number."""
    async with asyncio.timeout(WITHIN):
        while not any(
            said["type"] == BECAME and said["data"].get("reference") == reference
            for said in receiver.got
        ):
            await asyncio.sleep(0.002)


async def measured(data: Path, events: int, away: float) -> tuple[list[float], float]:
    """Milliseconds for each, and for the one after the receiver was away."""
    took: list[float] = []
    async with (
        inside(data, only=("housing", "whistle"), webhook_networks=HERE) as running,
        receiver() as there,
    ):
        partner = running("partner:hotline")
        made = await partner.post("/api/v1/gateway/webhooks", {"url": there.url})
        there.secrets = [made["secret"]]
        for _ in range(events):
            reference = await told(partner, 1)
            began = time.perf_counter()
            await once(there, reference)
            took.append((time.perf_counter() - began) * 1000)
        await there.close()
        reference = await told(partner, 1)
        await asyncio.sleep(away)
        await there.open()
        began = time.perf_counter()
        await once(there, reference)
        back = (time.perf_counter() - began) * 1000
    return took, back


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100)
    parser.add_argument("--away", type=float, default=60.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        took, back = asyncio.run(measured(Path(folder), asked.events, asked.away))
    parts = statistics.quantiles(took, n=20)
    print(
        f"{len(took)} told: median {statistics.median(took):.0f} ms, "
        f"95th {parts[-1]:.0f} ms, slowest {max(took):.0f} ms; "
        f"after {asked.away:.0f} s away: {back:.0f} ms"
    )


if __name__ == "__main__":
    main()
