"""The bus port: one suite, every adapter."""

import asyncio
import itertools
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

import aio_pika
import pytest
from aio_pika.abc import AbstractIncomingMessage
from aio_pika.exceptions import PublishError

from chassis import bus as port
from chassis import bus_local, bus_rabbit
from chassis.bus import BusUnavailable, Delivery, Done, Handler, Park, Retry, Verdict
from chassis.bus_line import Line, Publishing, raw_channel
from chassis.bus_queues import declare
from tests.support.buses import TOPOLOGY, Opened, declared, message, open_bus, started, until

__all__ = ["open_bus"]


class Reader:
    """Notes what it is handed and judges by a given rule."""

    def __init__(self, judge: Handler | None = None) -> None:
        self.heard: list[Delivery] = []
        self._judge = judge

    async def __call__(self, delivery: Delivery) -> Verdict:
        self.heard.append(delivery)
        return await self._judge(delivery) if self._judge else Done()

    @property
    def ids(self) -> list[str]:
        return [delivery.id for delivery in self.heard]


async def test_everyone_bound_hears_it_once_and_the_witness_hears_all(open_bus: Opened) -> None:
    bus, reader, other, journal = open_bus(), Reader(), Reader(), Reader()
    for queue, handler in (("reader", reader), ("other", other), (port.WITNESS, journal)):
        bus.consume(queue, handler)
    await started(bus)
    await bus.publish(message(1, "toy.put.v1"))
    await bus.publish(message(2, "toy.sealed.v1"))
    await bus.publish(message(3, "toy.unheard.v1"))
    await until(lambda: sorted(journal.ids) == ["e1", "e2", "e3"])
    await until(lambda: sorted(reader.ids) == ["e1", "e2"] and other.ids == ["e1"])
    [put] = [one for one in reader.heard if one.id == "e1"]
    assert (put.body, put.type) == (b'{"n": 1}', "toy.put.v1")


async def test_a_version_nobody_knows_arrives_too(open_bus: Opened) -> None:
    bus, reader = open_bus(), Reader()
    bus.consume("reader", reader)
    await started(bus)
    await bus.publish(message(1, "toy.put.v9"))
    await until(lambda: reader.ids == ["e1"])


async def test_what_was_published_before_anyone_listened_is_there_later(open_bus: Opened) -> None:
    first = await started(open_bus())
    await first.publish(message(1))
    await first.stop()
    bus, reader = open_bus(), Reader()
    bus.consume("reader", reader)
    await started(bus)
    await until(lambda: reader.ids == ["e1"])


async def test_again_comes_back_later_with_its_attempts_counted(open_bus: Opened) -> None:
    async def third_time(delivery: Delivery) -> Verdict:
        return Done() if delivery.attempt == 2 else Retry("not yet")

    bus, reader = open_bus(), Reader(third_time)
    bus.consume("reader", reader)
    with patch("chassis.bus.DELAYS", (("1s", 1.0), ("1s", 1.0))):
        await started(bus)
        await bus.publish(message(1))
        await until(lambda: len(reader.heard) == 3)
    assert [delivery.attempt for delivery in reader.heard] == [0, 1, 2]
    assert await bus.parked("reader") == []


async def test_after_the_last_wait_it_is_parked_with_the_reason(open_bus: Opened) -> None:
    async def never(_: Delivery) -> Verdict:
        return Retry("store away")

    bus, reader = open_bus(), Reader(never)
    bus.consume("reader", reader)
    with patch("chassis.bus.DELAYS", (("1s", 1.0),)):
        await started(bus)
        await bus.publish(message(1))

        async def parked() -> bool:
            return len(await bus.parked("reader")) == 1

        await until(parked)
    [found] = await bus.parked("reader")
    assert (found.id, found.reason, found.attempt) == ("e1", "store away", 1)
    assert found.body == b'{"n": 1}'


async def test_the_hopeless_is_parked_at_once_and_looking_leaves_it_there(open_bus: Opened) -> None:
    async def judge(delivery: Delivery) -> Verdict:
        return Park("malformed") if delivery.id == "e1" else Done()

    bus, reader = open_bus(), Reader(judge)
    bus.consume("reader", reader)
    await started(bus)
    for n in (1, 2, 3):
        await bus.publish(message(n))

    async def parked() -> bool:
        return [one.reason for one in await bus.parked("reader")] == ["malformed"]

    await until(parked)
    await until(lambda: sorted(reader.ids) == ["e1", "e2", "e3"])
    await until(parked)


async def test_it_is_counted_what_lies_for_whom_and_in_which_state(open_bus: Opened) -> None:
    held = asyncio.Event()

    async def judge(delivery: Delivery) -> Verdict:
        if delivery.id == "e1":
            return Park("malformed")
        return Retry("later") if delivery.id == "e2" else Done()

    async def hangs(delivery: Delivery) -> Verdict:
        await held.wait()
        return Done()

    bus, other = open_bus(), Reader(hangs)
    with pytest.raises(port.BusUnavailable):
        await bus.depths()
    bus.consume("reader", Reader(judge))
    bus.consume("other", other)
    await started(bus)
    for n in (1, 2, 3):
        await bus.publish(message(n))

    async def settled() -> bool:
        return await bus.depths() == {
            "reader": port.QueueDepth(waiting=0, delayed=1, parked=1),
            "other": port.QueueDepth(waiting=3, delayed=0, parked=0),
        }

    with patch("chassis.bus.DELAYS", (("1m", 60.0),)):
        await until(lambda: other.ids != [])
        await until(settled)
    held.set()


async def test_what_was_parked_comes_again_as_it_was_or_mended_or_is_gone(open_bus: Opened) -> None:
    mended = False

    async def judge(delivery: Delivery) -> Verdict:
        good = mended or delivery.body == b"good" or delivery.id == "e9"
        return Done() if good else Park(f"malformed {delivery.id}")

    bus, reader = open_bus(), Reader(judge)
    bus.consume("reader", reader)
    await started(bus)
    for n in (1, 2, 3, 4, 4):
        await bus.publish(message(n))

    async def all_parked() -> bool:
        return len(await bus.parked("reader")) == 5

    await until(all_parked)
    marks = {one.id: one.mark for one in await bus.parked("reader")}
    asked = {marks["e1"]: b"good", marks["e2"]: None, "0" * 16: None}
    assert await bus.unpark("reader", asked) == {marks["e1"], marks["e2"]}
    await until(lambda: len(reader.heard) == 6)
    assert (reader.heard[-1].id, reader.heard[-1].body, reader.heard[-1].attempt) == (
        "e1",
        b"good",
        0,
    )
    left = [one.id for one in await bus.parked("reader")]
    assert sorted(left) == ["e3", "e4", "e4"]
    mended = True
    both = {marks["e3"]: b"good", marks["e4"]: b"good"}
    assert await bus.unpark("reader", both) == set(both)
    await until(lambda: len(reader.heard) == 8)
    assert sorted(one.id for one in reader.heard[-2:]) == ["e3", "e4"]
    assert await bus.parked("reader") == []


async def test_what_comes_again_and_is_parked_again_at_once_is_still_there(
    open_bus: Opened,
) -> None:
    """While the others are still looked through: it isn't taken for a second one of the same kind."""

    async def judge(delivery: Delivery) -> Verdict:
        return Park("malformed")

    bus, reader = open_bus(), Reader(judge)
    bus.consume("reader", reader)
    await started(bus)
    await asyncio.gather(*(bus.publish(message(n)) for n in range(80)))

    async def all_parked() -> bool:
        return len(await bus.parked("reader")) == 80

    await until(all_parked)
    first = (await bus.parked("reader"))[0]
    for times in range(1, 4):
        assert await bus.unpark("reader", {first.mark: first.body}) == {first.mark}
        await until(lambda times=times: len(reader.heard) == 80 + times)  # type: ignore[misc]
        await until(all_parked)


async def test_one_that_waits_holds_up_no_other(open_bus: Opened) -> None:
    async def judge(delivery: Delivery) -> Verdict:
        return Retry("later") if delivery.id == "e0" else Done()

    bus, reader = open_bus(), Reader(judge)
    bus.consume("reader", reader)
    await started(bus)
    await asyncio.gather(*(bus.publish(message(n)) for n in range(100)))
    await until(lambda: len(set(reader.ids)) == 100)


async def test_stopping_hands_back_what_was_not_settled(open_bus: Opened) -> None:
    """A delivery in work is finished; what had not been started comes to the next one."""
    release = asyncio.Event()

    async def slow(_: Delivery) -> Verdict:
        await release.wait()
        return Done()

    bus, reader = open_bus(), Reader(slow)
    bus.consume("reader", reader)
    await started(bus)
    for n in range(60):
        await bus.publish(message(n))
    await until(lambda: len(reader.heard) >= 1)
    stopping = asyncio.create_task(bus.stop())
    await asyncio.sleep(0.1)
    release.set()
    await stopping
    second, rest = open_bus(), Reader()
    second.consume("reader", rest)
    await started(second)
    await until(lambda: set(reader.ids) | set(rest.ids) == {f"e{n}" for n in range(60)})
    counted = Counter(reader.ids + rest.ids)
    assert len(rest.ids) >= 60 - port.PREFETCH
    assert max(counted.values()) <= 2


async def test_publishing_many_at_once_is_confirmed_for_each(open_bus: Opened) -> None:
    bus, journal = open_bus(), Reader()
    bus.consume(port.WITNESS, journal)
    await started(bus)
    await asyncio.gather(*(bus.publish(message(n)) for n in range(500)))
    await until(lambda: len(set(journal.ids)) == 500)
    assert len(journal.ids) == 500


@pytest.mark.parametrize("attempt", range(5))
def test_the_waits_grow_and_end(attempt: int) -> None:
    waits = [("1s", 1.0), ("10s", 10.0), ("1m", 60.0), ("10m", 600.0)]
    expected = waits[attempt] if attempt < 4 else Park("why")
    assert port.after_failing(attempt, "why") == expected


async def test_a_delivery_that_never_ends_does_not_keep_a_process_from_stopping(
    open_bus: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    for adapter in (bus_local, bus_rabbit):
        monkeypatch.setattr(adapter, "FINISH_WITHIN", 0.2)

    async def stuck(_: Delivery) -> Verdict:
        await asyncio.Event().wait()
        return Done()

    bus, reader = open_bus(), Reader(stuck)
    bus.consume("reader", reader)
    await started(bus)
    await bus.publish(message(1))
    await until(lambda: reader.ids == ["e1"])
    async with asyncio.timeout(60):
        await bus.stop()
    second, rest = open_bus(), Reader()
    second.consume("reader", rest)
    await started(second)
    await until(lambda: rest.ids == ["e1"])


async def test_what_is_for_one_queue_alone_reaches_no_other(open_bus: Opened) -> None:
    bus, reader, other, journal = open_bus(), Reader(), Reader(), Reader()
    for queue, handler in (("reader", reader), ("other", other), (port.WITNESS, journal)):
        bus.consume(queue, handler)
    await started(bus)
    await bus.publish(message(1, "toy.put.v1"), only="other")
    await bus.publish(message(2, "toy.put.v1"))
    await until(lambda: sorted(other.ids) == ["e1", "e2"])
    await until(lambda: reader.ids == ["e2"] and journal.ids == ["e2"])
    assert [delivery.type for delivery in other.heard] == ["toy.put.v1"] * 2


async def test_a_parked_one_whose_queue_is_gone_stays_parked(
    amqp_url: str, amqp_names: set[str]
) -> None:
    """The broker hands back what goes nowhere, and confirms it all the same."""
    name = f"ghost-{uuid4().hex}"
    amqp_names.add(f"{name}.parked")
    bus = bus_rabbit.RabbitBus(amqp_url, TOPOLOGY)
    connection = await aio_pika.connect(amqp_url)
    async with connection, connection.channel() as channel:
        await channel.declare_queue(f"{name}.parked", durable=True)
        message = aio_pika.Message(b"{}", message_id="e1", type="toy.put.v1")
        await channel.default_exchange.publish(message, f"{name}.parked")
        [lying] = await bus.parked(name)
        with pytest.raises(BusUnavailable):
            await bus.unpark(name, {lying.mark: b"{}"})
        assert [one.mark for one in await bus.parked(name)] == [lying.mark]


async def test_a_queue_that_is_deleted_is_there_again_and_read(
    amqp_url: str, amqp_names: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it held, and what is published meanwhile, is in the journal alone: `catch-up` tells it again."""
    monkeypatch.setattr(bus_rabbit, "PROBE_WHEN_IDLE", 0.2)
    amqp_names |= declared(TOPOLOGY)
    bus, reader = bus_rabbit.RabbitBus(amqp_url, TOPOLOGY), Reader()
    bus.consume("reader", reader)
    await started(bus)
    connection = await aio_pika.connect(amqp_url)
    async with connection, connection.channel() as channel:
        await channel.queue_delete("reader")

    async def is_read_again() -> bool:
        with suppress(BusUnavailable):
            await bus.publish(message(1))
        return bool(reader.ids)

    await until(is_read_again)
    assert {*reader.ids} == {"e1"}
    await bus.stop()


async def test_who_alone_consumes_no_longer_does_again_while_another_does(
    amqp_url: str, amqp_names: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broker cancels the consumers of a queue that is deleted; another process may declare it anew at once."""
    monkeypatch.setattr(bus_rabbit, "PROBE_WHEN_IDLE", 0.2)
    amqp_names |= declared(TOPOLOGY)
    bus, reader, anew = bus_rabbit.RabbitBus(amqp_url, TOPOLOGY), Reader(), asyncio.Event()
    looks, lines = bus._still_consuming, list[Line]()

    async def looks_later(line: Line) -> None:
        lines.append(line)
        await anew.wait()
        await looks(line)

    monkeypatch.setattr(bus, "_still_consuming", looks_later)
    bus.consume("reader", reader)
    await started(bus)
    connection = await aio_pika.connect(amqp_url)
    async with connection, connection.channel() as channel:
        await channel.set_qos(prefetch_count=1)
        await until(lambda: bool(lines))
        await channel.queue_delete("reader")
        await until(lambda: not lines[0].taking.consumers)
        await declare(channel, TOPOLOGY)
        theirs: list[str | None] = []

        async def keeps_the_first(message: AbstractIncomingMessage) -> None:
            theirs.append(message.message_id)

        await (await channel.get_queue("reader")).consume(keeps_the_first)
        anew.set()
        numbers = itertools.count()

        async def is_read_again() -> bool:
            with suppress(BusUnavailable):
                await bus.publish(message(next(numbers)))
            await asyncio.sleep(0.1)
            return bool(theirs and reader.ids)

        await until(is_read_again)
    await bus.stop()


@pytest.mark.parametrize("gone", [0, 1])
async def test_of_one_event_on_its_way_to_two_queues_that_is_told_whose_queue_is_gone(
    amqp_url: str, gone: int
) -> None:
    """As when two readers put it off at once: who was told otherwise would acknowledge what is nowhere."""
    connection = await aio_pika.connect(amqp_url)
    async with connection, connection.channel(on_return_raises=True) as channel:
        queue = await channel.declare_queue(exclusive=True)
        publishing = Publishing(await raw_channel(channel))
        to = [queue.name, queue.name]
        to[gone] = "nowhere"
        said = await asyncio.gather(
            *(publishing.confirmed(message(1), name) for name in to), return_exceptions=True
        )
        assert isinstance(said[gone], PublishError) and said[1 - gone] is None
        found = await queue.get()
        assert found.message_id == "e1" and await queue.get(fail=False) is None
        await found.ack()


@pytest.mark.parametrize("restarted", [True, False])
async def test_what_was_put_off_before_the_clock_was_set_back_comes_again(
    tmp_path: Path, restarted: bool
) -> None:
    class Clock:
        ahead = 30 * 24 * 3600.0

        def time(self) -> float:
            return time.time() + self.ahead

    async def second_time(delivery: Delivery) -> Verdict:
        return Done() if delivery.attempt else Retry("not yet")

    clock, reader = Clock(), Reader(second_time)

    async def opened() -> bus_local.LocalBus:
        bus = bus_local.LocalBus(tmp_path / "bus.db", TOPOLOGY)
        bus.consume("reader", reader)
        await bus.start()
        return bus

    async def put_off() -> bool:
        return (await bus.depths())["reader"].delayed == 1

    with patch("chassis.bus_local.time", clock), patch("chassis.bus.DELAYS", (("10m", 600.0),)):
        bus = await opened()
        try:
            await bus.publish(message(1))
            await until(put_off)
            if restarted:
                await bus.stop()
            clock.ahead = 0.0
            if restarted:
                bus = await opened()
            await until(lambda: len(reader.heard) == 2)
        finally:
            await bus.stop()
