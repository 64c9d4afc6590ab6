"""Every adapter of the bus port, as one fixture; each test has a broker, or a file, to itself."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from chassis.bus import DELAYS, WITNESS, Bus, Message, Topology
from chassis.bus_local import LocalBus
from chassis.bus_queues import EXCHANGE
from chassis.bus_rabbit import RabbitBus
from chassis.telemetry import Telemetry

TOPOLOGY: Topology = {
    "reader": ("toy.put", "toy.sealed"),
    "other": ("toy.put",),
    WITNESS: (),
}
Opened = Callable[[], Bus]


def declared(topology: Topology) -> set[str]:
    """Every name that a bus declares for this topology."""
    queues = {f"{queue}{suffix}" for queue in topology for suffix in ("", ".parked")}
    delays = {f"{queue}.delay.{step}" for queue in topology for step, _ in DELAYS}
    return {EXCHANGE} | queues | delays


@pytest.fixture(params=["local", "rabbit"])
async def open_bus(
    request: pytest.FixtureRequest, tmp_path: Path, amqp_names: set[str]
) -> AsyncIterator[Opened]:
    """Opens as many buses on the same place as a test wants; all are stopped after it."""
    amqp_names |= declared(TOPOLOGY)
    url = request.getfixturevalue("amqp_url") if request.param == "rabbit" else ""
    opened: list[Bus] = []

    def make() -> Bus:
        made: Bus = RabbitBus(url, TOPOLOGY) if url else LocalBus(tmp_path / "bus.db", TOPOLOGY)
        opened.append(made)
        return made

    yield make
    for bus in opened:
        await bus.stop()


async def started(bus: Bus) -> Bus:
    await bus.start()
    await until(lambda: bus.trouble() is None)
    return bus


async def until(holds: Callable[[], bool | Awaitable[bool]], *, within: float = 120.0) -> None:
    """Wait for an effect; a queue's count is never asked, it lags."""
    end = time.monotonic() + within
    while True:
        answer = holds()
        if answer if isinstance(answer, bool) else await answer:
            return
        if time.monotonic() > end:
            raise AssertionError(f"did not come about within {within} s")
        await asyncio.sleep(0.02)


def message(n: int, type: str = "toy.put.v1") -> Message:
    return Message(id=f"e{n}", type=type, body=b'{"n": %d}' % n)


def consumed(telemetry: Telemetry, service: str, type: str) -> float:
    """How many deliveries of it the service is done with."""
    labels = {"service": service, "type": type, "outcome": "done"}
    return telemetry.registry.get_sample_value("gongzhi_events_consumed_total", labels) or 0.0


def published(telemetry: Telemetry) -> float:
    """How many events have left an outbox."""
    found = telemetry.registry.collect()
    return sum(
        one.value
        for metric in found
        for one in metric.samples
        if one.name == "gongzhi_events_published_total"
    )
