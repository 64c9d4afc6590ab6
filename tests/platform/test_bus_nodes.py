"""Several addresses of one broker: another is used when one is away, or hangs."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ssl import SSLContext
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest

from chassis.bus import BusUnavailable, Delivery, Done, Verdict
from chassis.bus_nodes import Nodes, addresses
from chassis.bus_rabbit import RabbitBus
from tests.support.buses import TOPOLOGY, declared, message, started, until
from tests.support.ports import free_port

BACK_WITHIN = 45.0
"""On a quiet machine 24 s where a node is cut off without a word: most of it until both sides are sure."""


def test_addresses_are_split_at_a_comma_before_an_address_only() -> None:
    assert addresses("amqp://u:a,b@one/,amqp://two/v, amqps://three") == [
        "amqp://u:a,b@one/",
        "amqp://two/v",
        "amqps://three",
    ]
    assert addresses("local:///some,where/bus.db") == ["local:///some,where/bus.db"]


def test_each_node_has_its_turn() -> None:
    with patch("random.randrange", return_value=1):
        nodes = Nodes("amqp://a,amqp://b,amqp://c")
    seen = []
    for _ in range(4):
        seen.append(nodes.current)
        nodes.move_on()
    assert seen == ["amqp://b", "amqp://c", "amqp://a", "amqp://b"]


def test_processes_spread_over_the_nodes() -> None:
    assert {Nodes("amqp://a,amqp://b,amqp://c").current for _ in range(200)} == {
        "amqp://a",
        "amqp://b",
        "amqp://c",
    }


class Way:
    """A way to the broker that can be cut without a word, as a cable is: nothing passes, nothing closes."""

    def __init__(self, url: str, ssl: SSLContext | None = None) -> None:
        """`ssl`: encrypted up to here, as a broker with a certificate is."""
        parts = urlsplit(url)
        self._ssl = ssl
        self._to = parts.hostname, parts.port
        self.port = free_port()
        self.url = url.replace(f"{parts.hostname}:{parts.port}", f"127.0.0.1:{self.port}")
        self.url = self.url.replace("amqp:", "amqps:") if ssl else self.url
        self.open = asyncio.Event()
        self.open.set()
        self.passed = 0
        self._busy: set[asyncio.Task[None]] = set()
        self._ends: list[asyncio.StreamWriter] = []

    def break_off(self) -> None:
        for end in self._ends:
            end.close()

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while part := await source.read(65536):
            await self.open.wait()
            target.write(part)
            self.passed += len(part)
            await target.drain()

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(*self._to)
        self._ends += [writer, far_writer]
        for source, target in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.create_task(self._quietly(source, target))
            self._busy.add(task)

    async def _quietly(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            await self._pump(source, target)
        except OSError:
            pass
        finally:
            target.close()

    @asynccontextmanager
    async def opened(self) -> AsyncIterator["Way"]:
        server = await asyncio.start_server(self._accepted, "127.0.0.1", self.port, ssl=self._ssl)
        try:
            yield self
        finally:
            server.close()
            for task in self._busy:
                task.cancel()
            await asyncio.gather(*self._busy, return_exceptions=True)
            self.break_off()
            await asyncio.gather(*(end.wait_closed() for end in self._ends), return_exceptions=True)


@asynccontextmanager
async def reading(url: str) -> AsyncIterator[tuple[RabbitBus, list[str]]]:
    heard: list[str] = []

    async def note(delivery: Delivery) -> Verdict:
        heard.append(delivery.id)
        return Done()

    with patch("random.randrange", return_value=0):
        bus = RabbitBus(url, TOPOLOGY)
    bus.consume("reader", note)
    try:
        yield bus, heard
    finally:
        await bus.stop()


async def published(bus: RabbitBus, n: int) -> None:
    """As the outbox does it: again until it is confirmed."""
    while True:
        try:
            return await bus.publish(message(n))
        except BusUnavailable:
            await asyncio.sleep(0.1)


async def test_where_one_address_is_dead_the_other_is_used(
    amqp_url: str, amqp_names: set[str]
) -> None:
    amqp_names |= declared(TOPOLOGY)
    dead = f"amqp://guest:guest@127.0.0.1:{free_port()}/"
    async with reading(f"{dead},{amqp_url}") as (bus, heard):
        await started(bus)
        await published(bus, 1)
        await until(lambda: heard == ["e1"])
        assert await bus.parked("reader") == []


@pytest.mark.parametrize("cut", ["silently", "loudly"])
async def test_a_node_lost_under_load_costs_nothing_and_seconds(
    amqp_url: str, amqp_names: set[str], cut: str
) -> None:
    amqp_names |= declared(TOPOLOGY)
    async with Way(amqp_url).opened() as one, Way(amqp_url).opened() as other:
        async with reading(f"{one.url},{other.url}") as (bus, heard):
            await started(bus)
            await published(bus, 0)
            await until(lambda: heard == ["e0"])
            assert one.passed and not other.passed
            writing = asyncio.gather(*(published(bus, n) for n in range(1, 60)))
            await asyncio.sleep(0)
            one.open.clear()
            if cut == "loudly":
                one.break_off()
            began = time.monotonic()
            await writing
            await published(bus, 60)
            await until(lambda: set(heard) == {f"e{n}" for n in range(61)}, within=BACK_WITHIN)
            assert time.monotonic() - began < BACK_WITHIN
            assert other.passed
            one.open.set()
