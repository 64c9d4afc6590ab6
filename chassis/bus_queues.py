"""The topology on RabbitMQ: a topic exchange, and for each consumer quorum queues for work, delay and parking."""

from typing import Any

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractExchange

from .bus import DELAYS, DELIVERY_LIMIT, WITNESS, Topology

EXCHANGE = "gongzhi.events"


def _quorum(**more: Any) -> dict[str, Any]:
    return {"x-queue-type": "quorum", **{k.replace("_", "-"): v for k, v in more.items()}}


def _safe_dead_letters(target: str) -> dict[str, Any]:
    """At-least-once needs all of these together, or silently falls back."""
    return {
        "x_dead_letter_exchange": "",
        "x_dead_letter_routing_key": target,
        "x_dead_letter_strategy": "at-least-once",
        "x_overflow": "reject-publish",
    }


async def declare(channel: AbstractChannel, topology: Topology) -> AbstractExchange:
    """Everybody's queues, from the published language; declaring what is there changes nothing."""
    events = await channel.declare_exchange(EXCHANGE, aio_pika.ExchangeType.TOPIC, durable=True)
    for name, types in topology.items():
        # Reading parked messages requeues them, which 4.x counts against a default limit of 20.
        kept = _quorum(x_delivery_limit=1_000_000)
        await channel.declare_queue(f"{name}.parked", durable=True, arguments=kept)
        for step, seconds in DELAYS:
            waits = _quorum(x_message_ttl=int(seconds * 1000), **_safe_dead_letters(name))
            await channel.declare_queue(f"{name}.delay.{step}", durable=True, arguments=waits)
        work = _quorum(x_delivery_limit=DELIVERY_LIMIT, **_safe_dead_letters(f"{name}.parked"))
        if name == WITNESS:
            work["x-single-active-consumer"] = True
        queue = await channel.declare_queue(name, durable=True, arguments=work)
        # A version nobody knows is bound too, so that it arrives and is parked with that reason.
        for pattern in ("#",) if name == WITNESS else (f"{type}.*" for type in types):
            await queue.bind(events, pattern)
    return events
