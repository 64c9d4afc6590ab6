"""What the outbox costs: store write, relay, confirm, effect and mark, against bare publish and consume.

`python -m tests.bench.outbox [--events N] [--rounds N]`. Both sides use the same broker and the same kind of
queue in the same run, persistent and confirmed, and collect garbage as a service does; what is printed is the ratio,
with every round beside it. Bare, an
event goes to one queue; whole, it goes to its reader's and to the journal's, and both are consumed in this process.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import aio_pika
import uvloop

from chassis.aggregates import Aggregates
from chassis.bus import WITNESS, Delivery, Done, Verdict
from chassis.bus_rabbit import RabbitBus
from chassis.outbox import Relay
from chassis.service import open_store, utc_now
from chassis.store import Store
from chassis.subscriptions import Heard, Listener, Subscription
from chassis.telemetry import Telemetry
from gongzhi.serving import collect_seldom
from tests.support import mongo, rabbit
from tests.support.buses import TOPOLOGY, until
from tests.support.toy import JARS, KEY, NOON, Jar, Put, PutIn, cause, jars

WINDOW = 128


async def bare(url: str, events: int) -> float:
    """Events a second, published with confirms in a window and acknowledged one by one."""
    connection = await aio_pika.connect(url)
    async with connection, connection.channel() as channel, connection.channel() as other:
        queue = await channel.declare_queue(
            "bench", durable=True, arguments={"x-queue-type": "quorum"}
        )
        await other.set_qos(prefetch_count=32)
        heard, done = 0, asyncio.Event()

        async def received(message: aio_pika.abc.AbstractIncomingMessage) -> None:
            nonlocal heard
            await message.ack()
            heard += 1
            if heard == events:
                done.set()

        await (await other.get_queue("bench")).consume(received)
        window, body = asyncio.Semaphore(WINDOW), b"x" * 600

        async def publish(n: int) -> None:
            async with window:
                message = aio_pika.Message(body, message_id=str(n), delivery_mode=2)
                await channel.default_exchange.publish(message, queue.name, mandatory=True)

        began = time.perf_counter()
        await asyncio.gather(*(publish(n) for n in range(events)))
        await done.wait()
        return events / (time.perf_counter() - began)


async def whole(url: str, store: Store, events: int) -> float:
    """Commands a second, each written, published, confirmed, heard, and recorded in another document."""
    telemetry = Telemetry("bench")
    bus = RabbitBus(url, {"reader": TOPOLOGY["reader"], WITNESS: ()})
    relay = Relay(bus, utc_now, telemetry)
    kept = jars(store, relay)
    # The effect of an event, in a collection of its own, tells nothing further.
    silent = replace(JARS, collection="effects", announce=lambda *_: None)
    effects = Aggregates(silent, store, KEY, relay)
    await kept.prepare()
    await effects.prepare()
    relay.serve([kept, effects])
    heard, done = 0, asyncio.Event()

    async def react(news: Heard[Put]) -> None:
        nonlocal heard
        await effects.record(news.about, lambda _: [PutIn(amount=0, at=NOON)], news.cause)
        heard += 1
        if heard == events:
            done.set()

    async def ignore(_: Delivery) -> Verdict:
        return Done()

    listener = Listener("reader", [Subscription(Put, react)], utc_now, telemetry)
    bus.consume("reader", listener.handle)
    bus.consume(WITNESS, ignore)
    await bus.start()
    await until(lambda: bus.trouble() is None)
    window = asyncio.Semaphore(WINDOW)

    async def command(n: int) -> None:
        async with window:
            await kept.record(
                f"j{n}", lambda jar: (jar or Jar()).put(1, NOON), cause(now=utc_now())
            )

    began = time.perf_counter()
    await asyncio.gather(*(command(n) for n in range(events)))
    await done.wait()
    took = time.perf_counter() - began
    await relay.stop()
    await bus.stop()
    await store.close()
    return events / took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    collect_seldom()
    broker, documents = rabbit.find(), mongo.find()
    print(
        f"RabbitMQ {broker.version} ({broker.how}); MongoDB: {documents.name}; {asked.events} events"
    )
    try:
        if not isinstance(broker, rabbit.PrivateNode):
            raise SystemExit("the bench wants a private RabbitMQ node: install rabbitmq-server")
        for name in ("sqlite", "motor", "pymongo"):
            _rounds(name, broker, documents, asked.events, asked.rounds)
    finally:
        documents.stop()
        broker.stop()


def _rounds(
    name: str, broker: rabbit.PrivateNode, documents: mongo.MongoServer, events: int, rounds: int
) -> None:
    ratios = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(prefix="gongzhi-bench-") as folder:
            url = f"sqlite://{Path(folder)}" if name == "sqlite" else documents.database_url()
            limit = uvloop.run(bare(broker.vhosts(1)[0], events))
            ours = uvloop.run(whole(broker.vhosts(1)[0], open_store(url, "bench", name), events))
        ratios.append(ours / limit)
        print(
            f"  {name:8} bare {limit:7.0f}/s  whole {ours:7.0f}/s  ratio {ours / limit:.3f}",
            flush=True,
        )
    print(f"{name:8} median ratio {statistics.median(ratios):.3f} of bare publish and consume")


if __name__ == "__main__":
    main()
