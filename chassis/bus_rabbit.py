"""The bus on RabbitMQ: a topic exchange, quorum queues, confirms, delay queues and parking.

Connections are plain, not aio-pika's robust ones: when anything closes, all is dropped and built again from the
topology, so there is one way to recover and nothing half restored.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aio_pika
import structlog
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue
from aio_pika.exceptions import AMQPError, ChannelInvalidStateError, PublishError
from aiormq.abc import DeliveredMessage

from .bus import (
    DELAYS,
    FINISH_WITHIN,
    PREFETCH,
    BusUnavailable,
    Delivery,
    Handler,
    Message,
    Park,
    Parked,
    QueueDepth,
    Retry,
    Topology,
    after_failing,
)
from .bus_line import CONFIRM_WITHIN, SETTLE_WITHIN, Line, Publishing, raw_channel
from .bus_nodes import Nodes, losing
from .bus_queues import declare
from .pacing import Backoff, ended, finish

PROBE = "gongzhi.probe"
HEARTBEAT = 8
"""Seconds; after two or three the broker redelivers the unacknowledged deliveries of a vanished consumer."""
PROBE_LASTS = 1.0
PROBE_WHEN_IDLE = 5.0
RECONNECT_WITHIN = 5.0
"""Short, because a message that breaks the connection breaks it until it has used up its deliveries."""
LOST = (AMQPError, OSError, TimeoutError, ChannelInvalidStateError)
log = structlog.get_logger()


class RabbitBus:
    """Two connections: one publishes with pipelined confirms, one consumes."""

    def __init__(self, url: str, topology: Topology) -> None:
        self._nodes = Nodes(url)
        self._topology = topology
        self._handlers: dict[str, Handler] = {}
        self._line: Line | None = None
        self._up = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._in_work: dict[asyncio.Task[None], str] = {}
        """Each with the queue it is of."""
        self._trouble: str | None = "还没有连上消息中间件"
        self._probed = 0.0
        self._probing = asyncio.Lock()
        self._quiet = False

    async def start(self) -> None:
        self._keeper = asyncio.create_task(self._keep_connected())

    async def _keep_connected(self) -> None:
        pause = Backoff(longest=RECONNECT_WITHIN)
        while True:
            try:
                with losing():
                    async with self._connected() as line:
                        await self._watch(line, pause)
            except LOST as error:
                self._trouble = f"消息中间件不可用：{type(error).__name__}"
                log.warning("broker_lost", error=type(error).__name__, detail=str(error)[:200])
            self._nodes.move_on()
            await pause.sleep()

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Line]:
        async with AsyncExitStack() as stack:
            closed = asyncio.Event()
            channels = []
            for confirms in (True, False):
                connection = await aio_pika.connect(
                    self._nodes.current, timeout=10, heartbeat=HEARTBEAT
                )
                stack.push_async_callback(self._close, connection)
                channel = await connection.channel(
                    publisher_confirms=True, on_return_raises=confirms
                )
                channel.close_callbacks.add(lambda *_: closed.set())
                connection.close_callbacks.add(lambda *_: closed.set())
                channels.append(channel)
            publishing, consuming = channels
            events = await declare(publishing, self._topology)
            await consuming.set_qos(prefetch_count=PREFETCH)
            line = Line(
                Publishing(await raw_channel(publishing)),
                events.name,
                consuming,
                await raw_channel(consuming),
                closed,
            )
            self._line = line
            try:
                await self._probe(line)
                for queue in self._handlers:
                    await self._attend(line, queue)
                self._up.set()
                yield line
            finally:
                self._up.clear()
                self._line = None
                self._trouble = self._trouble or "与消息中间件的连接断开了"

    @staticmethod
    async def _close(connection: Any) -> None:
        try:
            async with asyncio.timeout(3):
                await connection.close()
        except LOST as error:
            log.info("close_failed", error=type(error).__name__)

    async def _watch(self, line: Line, pause: Backoff) -> None:
        """Until something closes: that the witness is bound, and that we are still consuming.

        Only a line that has held for a while counts as good again.
        """
        while not line.closed.is_set():
            try:
                async with asyncio.timeout(PROBE_WHEN_IDLE):
                    await line.closed.wait()
            except TimeoutError:
                await self._probe(line)
                await self._still_consuming(line)
                pause.reset()

    async def _still_consuming(self, line: Line) -> None:
        """A queue without a consumer is a silent outage: a connected process isn't necessarily consuming.

        Ours may have been cancelled while another process's consumes, and the broker be without it while it is here.
        """
        for queue, tag in line.tags.items():
            if self._quiet:
                return
            if tag not in line.taking.consumers:
                raise ConnectionError(f"our consumer on {queue} was cancelled")
            found = await line.consuming.declare_queue(queue, passive=True)
            if not found.declaration_result.consumer_count:
                raise ConnectionError(f"no consumer on {queue}")

    # Publishing

    async def _probe(self, line: Line) -> None:
        """Only the witness is bound to the probe's key: returned, it says that binding is gone."""
        try:
            # Without an expiry: an expired message would be dead-lettered to the witness's parking.
            probe = Message(id="", type=PROBE, body=b"")
            await line.publishing.confirmed(probe, PROBE, exchange=line.events)
        except PublishError:
            self._probed, self._trouble = 0.0, "日志队列没有绑定，事件留在发件箱中"
        else:
            self._probed, self._trouble = asyncio.get_running_loop().time(), None

    async def _witnessed(self, line: Line) -> None:
        """Whether the witness is bound, probed at most once a second while there is traffic."""
        if self._asked_long_ago():
            async with self._probing:
                if self._asked_long_ago():
                    await self._probe(line)
        if self._trouble:
            raise BusUnavailable(self._trouble)

    def _asked_long_ago(self) -> bool:
        return asyncio.get_running_loop().time() - self._probed > PROBE_LASTS

    async def publish(self, message: Message, *, only: str | None = None) -> None:
        line = self._line
        if line is None or not self._up.is_set():
            raise BusUnavailable(self._trouble or "消息中间件不可用")
        try:
            with losing():
                await self._witnessed(line)
                if only:
                    await line.publishing.confirmed(message, only)
                else:
                    await line.publishing.confirmed(message, message.type, exchange=line.events)
        except LOST as error:
            raise BusUnavailable(f"未获确认：{type(error).__name__}") from error

    def consume(self, queue: str, handle: Handler) -> None:
        self._handlers[queue] = handle

    async def _attend(self, line: Line, name: str) -> None:
        async def received(message: DeliveredMessage) -> None:
            task = asyncio.create_task(self._settled(line, name, message))
            self._in_work[task] = name
            task.add_done_callback(self._in_work.pop)

        taken = await line.taking.basic_consume(name, received)
        line.tags[name] = str(taken.consumer_tag)

    async def _settled(self, line: Line, queue: str, message: DeliveredMessage) -> None:
        """Ack when the effect, or the copy in its place, is durable; otherwise requeue."""
        tag = message.delivery_tag or 0
        try:
            with losing():
                if message.routing_key != PROBE:
                    await self._judge(line, queue, message)
                await line.acks.settled(tag)
        except asyncio.CancelledError:
            # Requeueing at shutdown is the one case for nack: it doesn't count as an attempt on 4.3.
            await self._given_back(line, tag, line.taking.basic_nack)
            raise
        except LOST as error:
            log.warning("settling_failed", queue=queue, error=type(error).__name__)
            await self._given_back(line, tag, line.taking.basic_reject)

    @staticmethod
    async def _given_back(line: Line, tag: int, give: Callable[..., Awaitable[None]]) -> None:
        """On a closed channel the broker has requeued it already; if the channel can't be used, the line is closed."""
        try:
            async with asyncio.timeout(SETTLE_WITHIN):
                await give(tag, requeue=True)
            line.acks.given_back(tag)
        except LOST as error:
            line.closed.set()
            log.info("given_back_by_closing", error=type(error).__name__)

    async def _judge(self, line: Line, queue: str, message: DeliveredMessage) -> None:
        about = message.header.properties
        attempt = _attempt(about.headers)
        type = about.message_type or message.routing_key or ""
        delivery = Delivery(
            id=about.message_id or "", type=type, body=message.body, attempt=attempt
        )
        verdict = await self._handlers[queue](delivery)
        if isinstance(verdict, Retry):
            next = after_failing(attempt, verdict.reason)
            if isinstance(next, Park):
                verdict = next
            else:
                await self._copy(line, f"{queue}.delay.{next[0]}", delivery, attempt + 1, verdict)
        if isinstance(verdict, Park):
            await self._copy(line, f"{queue}.parked", delivery, attempt, verdict)

    @staticmethod
    async def _copy(line: Line, target: str, of: Delivery, attempt: int, why: Retry | Park) -> None:
        headers: dict[str, str | int] = {"x-attempt": attempt, "x-reason": why.reason[:1000]}
        copy = Message(id=of.id, type=of.type, body=of.body, headers=headers)
        await line.publishing.confirmed(copy, target)

    async def parked(self, queue: str) -> list[Parked]:
        """Read on a separate channel; closing it requeues everything."""
        async with self._parking(queue) as (_, messages):
            return [_parked(message) async for message in messages]

    async def unpark(self, queue: str, settled: Mapping[str, bytes | None]) -> set[str]:
        """A replayed message is on its queue before it leaves the parked ones: a crash leaves it on both.

        All are looked through before the first comes again: one parked again at once would be taken for its own copy.
        """
        there: set[str] = set()
        async with self._parking(queue) as (channel, messages):
            for message in [one async for one in messages]:
                found = _parked(message)
                if found.mark not in settled:
                    continue
                body = settled[found.mark]
                if body is not None and found.mark not in there:
                    again = Message(id=found.id, type=found.type, body=body)
                    await Publishing(await raw_channel(channel)).confirmed(again, queue)
                await message.ack()
                there.add(found.mark)
        return there

    @asynccontextmanager
    async def _parking(
        self, queue: str
    ) -> AsyncIterator[tuple[AbstractChannel, AsyncIterator[AbstractIncomingMessage]]]:
        """BusUnavailable where the broker can't be asked."""
        try:
            connection = await aio_pika.connect(self._nodes.current, timeout=10)
            async with connection, connection.channel(on_return_raises=True) as channel:
                yield channel, _each(await channel.get_queue(f"{queue}.parked", ensure=False))
        except LOST as error:
            raise BusUnavailable(f"消息中间件不可用：{type(error).__name__}") from error

    async def depths(self) -> Mapping[str, QueueDepth]:
        line = self._line
        if line is None or not self._up.is_set():
            raise BusUnavailable(self._trouble or "消息中间件不可用")
        try:
            with losing():
                async with asyncio.timeout(CONFIRM_WITHIN):
                    return {queue: await self._depth(line, queue) for queue in self._handlers}
        except LOST as error:
            raise BusUnavailable(f"消息中间件不可用：{type(error).__name__}") from error

    async def _depth(self, line: Line, name: str) -> QueueDepth:
        """The broker counts none that is in work: of those, this process's own, which may hang."""

        async def count(queue: str) -> int:
            found = await line.consuming.declare_queue(queue, passive=True)
            return found.declaration_result.message_count or 0

        delayed = [await count(f"{name}.delay.{step}") for step, _ in DELAYS]
        parked = await count(f"{name}.parked")
        waiting = await count(name) + sum(queue == name for queue in self._in_work.values())
        return QueueDepth(waiting=waiting, delayed=sum(delayed), parked=parked)

    def trouble(self) -> str | None:
        if self._trouble is None and not self._up.is_set():
            return "正在连接消息中间件"
        return self._trouble

    async def quiesce(self) -> None:
        self._quiet = True
        line = self._line
        if line is not None:
            try:
                async with asyncio.timeout(SETTLE_WITHIN):
                    await asyncio.gather(*map(line.taking.basic_cancel, line.tags.values()))
            except LOST as error:
                log.info("cancel_failed", error=type(error).__name__)
        await finish(self._in_work, FINISH_WITHIN)

    async def stop(self) -> None:
        await self.quiesce()
        if self._keeper is not None:
            await ended(self._keeper)


async def _each(parking: AbstractQueue) -> AsyncIterator[AbstractIncomingMessage]:
    while message := await parking.get(fail=False):
        yield message


def _parked(message: AbstractIncomingMessage) -> Parked:
    return Parked(
        id=message.message_id or "",
        type=message.type or "",
        body=message.body,
        reason=str(message.headers.get("x-reason", "delivery limit")),
        attempt=_attempt(message.headers),
    )


def _attempt(headers: Mapping[str, Any] | None) -> int:
    value = (headers or {}).get("x-attempt", 0)
    # Anybody can write the header: below nought there is no wait to look up.
    return max(value, 0) if isinstance(value, int) else 0
