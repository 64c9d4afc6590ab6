"""The connections to RabbitMQ until one of them closes, with the two operations needed for every message: publish and
ack.

Both use the channel underlying aio-pika's (aiormq): a frame need only be queued for the connection, not written, before
its caller continues. The queue is short: a caller that finds it full waits.
"""

import asyncio
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import cast

from aio_pika.abc import AbstractChannel
from aiormq import Channel as RawChannel
from aiormq import spec

from .bus import Message
from .named_locks import NamedLocks

CONFIRM_WITHIN = 10.0
SETTLE_WITHIN = 3.0
"""Seconds for a word that is only written, such as an ack: on a line that died unnoticed it would wait for ever."""
PERSISTENT = 2
DIRECT = ""
"""The exchange that puts a message on the queue of that name."""


class Acks:
    """Acknowledges settled deliveries, in as few frames as possible.

    Delivery tags are numbered in the broker's order; an ack with `multiple` covers all tags up to its own. It is sent
    only if none of these is missing: a delivery that never reached us isn't ours to settle. If an ack can't be sent,
    `closed` is set: the broker redelivers what wasn't acknowledged when the line closes.
    """

    def __init__(self, channel: RawChannel, closed: asyncio.Event) -> None:
        self._channel = channel
        self._closed = closed
        self._all_to = 0
        """Every tag up to this one is acknowledged."""
        self._beyond: set[int] = set()
        """Acknowledged singly, while an earlier one isn't."""
        self._untold: set[int] = set()
        self._telling = asyncio.Lock()

    async def settled(self, tag: int) -> None:
        """The first call in a turn of the loop acknowledges for all calls in it."""
        self._untold.add(tag)
        if len(self._untold) == 1:
            try:
                await asyncio.sleep(0)
                # One after the other: a `multiple` would cover tags that the ack before has yet to send.
                async with asyncio.timeout(SETTLE_WITHIN), self._telling:
                    await self._tell()
            except BaseException:
                self._closed.set()
                raise

    def given_back(self, tag: int) -> None:
        """Rejected or requeued: the broker knows it as settled."""
        self._beyond.add(tag)

    async def _tell(self) -> None:
        untold, self._untold = self._untold, set()
        reached, through = self._all_to, 0
        known = self._beyond
        while (next := reached + 1) in known or next in untold:
            reached = next
            if next in untold:
                untold.discard(next)
                through = next
            else:
                known.discard(next)
        self._all_to = reached
        self._beyond |= untold
        if through:
            await self._channel.basic_ack(through, multiple=True, wait=False)
        for tag in untold:
            await self._channel.basic_ack(tag, wait=False)


class Publishing:
    """The broker returns what no queue took; only the message's id says which publish that was (aiormq).

    So only one publish per id is in flight at a time: two consumers that delay the same event would get each other's
    result.
    """

    def __init__(self, channel: RawChannel) -> None:
        self._channel = channel
        self._locks = NamedLocks()

    async def confirmed(self, message: Message, key: str, *, exchange: str = DIRECT) -> None:
        """Returns when the broker has confirmed it; PublishError if no queue took it."""
        about = spec.Basic.Properties(
            content_type="application/cloudevents+json",
            headers=dict(message.headers),
            delivery_mode=PERSISTENT,
            message_id=message.id,
            message_type=message.type,
        )
        # A message without an id gets a unique one from the library.
        async with self._locks(message.id) if message.id else nullcontext():
            # We wait for the broker's confirm, not for the write to the socket.
            await self._channel.basic_publish(
                message.body,
                exchange=exchange,
                routing_key=key,
                properties=about,
                mandatory=True,
                timeout=CONFIRM_WITHIN,
                wait=False,
            )


@dataclass(slots=True)
class Line:
    """The channels of one pair of connections; `closed` is set when any of them closes."""

    publishing: Publishing
    events: str
    consuming: AbstractChannel
    taking: RawChannel
    closed: asyncio.Event
    tags: dict[str, str] = field(default_factory=dict)
    """Of our consumers, by their queue."""
    acks: Acks = field(init=False)

    def __post_init__(self) -> None:
        self.acks = Acks(self.taking, self.closed)


async def raw_channel(channel: AbstractChannel) -> RawChannel:
    """The underlying aiormq channel."""
    return cast(RawChannel, await channel.get_underlay_channel())
