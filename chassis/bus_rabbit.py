"""The bus on RabbitMQ: a topic exchange, quorum queues, confirms, delay queues and parking.

Connections are plain, not aio-pika's robust ones: when anything closes, all is dropped and built again
from the topology, so there is one way back to work and nothing half restored.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aio_pika
import structlog
from aio_pika.abc import AbstractChannel, AbstractExchange, AbstractIncomingMessage, AbstractQueue
from aio_pika.exceptions import AMQPError, ChannelInvalidStateError, PublishError

from .bus import (
    DELAYS,
    FINISH_WITHIN,
    PREFETCH,
    Again,
    BusUnavailable,
    Delivery,
    Handler,
    Hopeless,
    Letter,
    Lying,
    Parked,
    Topology,
    after_failing,
)
from .bus_nodes import Nodes, losing
from .bus_queues import declare
from .pacing import GrowingPause, finish

PROBE = "gongzhi.probe"
HEARTBEAT = 8
"""Seconds; after two or three the broker hands what a consumer that vanished had in work to another."""
CONFIRM_WITHIN = 10.0
SETTLE_WITHIN = 3.0
"""Seconds for a word that is only written, such as an ack: on a line that died unnoticed it would wait for ever."""
PROBE_LASTS = 1.0
PROBE_WHEN_IDLE = 5.0
RECONNECT_WITHIN = 5.0
"""Short, because a message that breaks the connection breaks it until it has used up its deliveries."""
LOST = (AMQPError, OSError, TimeoutError, ChannelInvalidStateError)
log = structlog.get_logger()


@dataclass(slots=True)
class Line:
    """One life of the connections, and what must be strongly held while it lasts."""

    publishing: AbstractChannel
    events: AbstractExchange
    direct: AbstractExchange
    consuming: AbstractChannel
    closed: asyncio.Event
    queues: list[AbstractQueue]
    tags: list[tuple[AbstractQueue, str]]


class RabbitBus:
    """Two connections: one publishes with pipelined confirms, one consumes."""

    def __init__(self, url: str, topology: Topology) -> None:
        self._nodes = Nodes(url)
        self._topology = topology
        self._handlers: dict[str, Handler] = {}
        self._line: Line | None = None
        self._up = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._in_work: set[asyncio.Task[None]] = set()
        self._trouble: str | None = "还没有连上消息中间件"
        self._probed = 0.0
        self._probing = asyncio.Lock()
        self._quiet = False

    async def start(self) -> None:
        self._keeper = asyncio.create_task(self._keep_connected())

    async def _keep_connected(self) -> None:
        pause = GrowingPause(longest=RECONNECT_WITHIN)
        while True:
            try:
                with losing():
                    async with self._connected() as line:
                        await self._watch(line, pause)
            except LOST as error:
                self._trouble = f"消息中间件不可用：{type(error).__name__}"
                log.warning("broker_lost", error=type(error).__name__, detail=str(error)[:200])
            self._nodes.move_on()
            await pause.rest()

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
            line = Line(publishing, events, publishing.default_exchange, consuming, closed, [], [])
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

    async def _watch(self, line: Line, pause: GrowingPause) -> None:
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
        """A queue without a consumer is a silent outage: connected is not consuming."""
        if self._quiet:
            return
        for queue in line.queues:
            found = await line.consuming.declare_queue(queue.name, passive=True)
            if not found.declaration_result.consumer_count:
                raise ConnectionError(f"no consumer on {queue.name}")

    # Publishing

    async def _probe(self, line: Line) -> None:
        """Only the witness is bound to the probe's key: returned, it says that binding is gone."""
        try:
            async with asyncio.timeout(CONFIRM_WITHIN):
                # Without an expiry: an expired message would be dead-lettered to the witness's parking.
                message = aio_pika.Message(b"")
                await line.events.publish(message, PROBE, mandatory=True)
        except PublishError:
            self._probed, self._trouble = 0.0, "日志队列没有绑定，事件留在发件箱中"
        else:
            self._probed, self._trouble = asyncio.get_running_loop().time(), None

    async def _witnessed(self, line: Line) -> None:
        """Whether the witness hears us, asked at most once a second while there is traffic."""
        async with self._probing:
            if asyncio.get_running_loop().time() - self._probed > PROBE_LASTS:
                await self._probe(line)
        if self._trouble:
            raise BusUnavailable(self._trouble)

    async def publish(self, letter: Letter, *, only: str | None = None) -> None:
        line = self._line
        if line is None or not self._up.is_set():
            raise BusUnavailable(self._trouble or "消息中间件不可用")
        try:
            with losing():
                await self._witnessed(line)
                message = self._message(letter.id, letter.type, letter.body, dict(letter.headers))
                exchange, key = (line.direct, only) if only else (line.events, letter.type)
                await self._confirmed(exchange, message, key)
        except LOST as error:
            raise BusUnavailable(f"未获确认：{type(error).__name__}") from error

    @staticmethod
    async def _confirmed(exchange: AbstractExchange, message: aio_pika.Message, key: str) -> None:
        async with asyncio.timeout(CONFIRM_WITHIN):
            await exchange.publish(message, key, mandatory=True)

    @staticmethod
    def _message(id: str, type: str, body: bytes, headers: dict[str, Any]) -> aio_pika.Message:
        return aio_pika.Message(
            body,
            headers=headers,
            message_id=id,
            type=type,
            content_type="application/cloudevents+json",
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        )

    def consume(self, queue: str, handle: Handler) -> None:
        self._handlers[queue] = handle

    async def _attend(self, line: Line, name: str) -> None:
        queue = await line.consuming.get_queue(name, ensure=False)

        async def received(message: AbstractIncomingMessage) -> None:
            task = asyncio.create_task(self._settled(line, name, message))
            self._in_work.add(task)
            task.add_done_callback(self._in_work.discard)

        line.tags.append((queue, await queue.consume(received)))
        line.queues.append(queue)

    async def _settled(self, line: Line, queue: str, message: AbstractIncomingMessage) -> None:
        """Ack when the effect, or the copy that stands for it, is safe; else give it back."""
        try:
            if message.routing_key == PROBE:
                await self._told(message.ack)
                return
            with losing():
                await self._judge(line, queue, message)
        except asyncio.CancelledError:
            # Handing work back at shutdown is the one case for nack: it burns no attempt on 4.3.
            await self._given_back(message.nack)
            raise
        except LOST as error:
            log.warning("settling_failed", queue=queue, error=type(error).__name__)
            await self._given_back(message.reject)

    @staticmethod
    async def _told(word: Callable[..., Awaitable[None]], **how: Any) -> None:
        async with asyncio.timeout(SETTLE_WITHIN):
            await word(**how)

    async def _given_back(self, give: Callable[..., Awaitable[None]]) -> None:
        """On a channel that is gone the broker has taken it back already."""
        try:
            await self._told(give, requeue=True)
        except LOST as error:
            log.info("given_back_by_closing", error=type(error).__name__)

    async def _judge(self, line: Line, queue: str, message: AbstractIncomingMessage) -> None:
        attempt = _attempt(message)
        type = message.type or message.routing_key or ""
        delivery = Delivery(
            id=message.message_id or "", type=type, body=message.body, attempt=attempt
        )
        verdict = await self._handlers[queue](delivery)
        if isinstance(verdict, Again):
            next = after_failing(attempt, verdict.reason)
            if isinstance(next, Hopeless):
                verdict = next
            else:
                await self._copy(line, f"{queue}.delay.{next[0]}", delivery, attempt + 1, verdict)
        if isinstance(verdict, Hopeless):
            await self._copy(line, f"{queue}.parked", delivery, attempt, verdict)
        await self._told(message.ack)

    async def _copy(
        self, line: Line, target: str, of: Delivery, attempt: int, why: Again | Hopeless
    ) -> None:
        headers = {"x-attempt": attempt, "x-reason": why.reason[:1000]}
        await self._confirmed(line.direct, self._message(of.id, of.type, of.body, headers), target)

    async def parked(self, queue: str) -> list[Parked]:
        """Read on a channel of its own; closing it gives everything back."""
        async with self._parking(queue) as (_, messages):
            return [_parked(message) async for message in messages]

    async def unpark(self, queue: str, settled: Mapping[str, bytes | None]) -> set[str]:
        """One that comes again is on its queue before it leaves the parked ones: a crash leaves it on both."""
        there: set[str] = set()
        async with self._parking(queue) as (channel, messages):
            async for message in messages:
                found = _parked(message)
                if found.mark not in settled:
                    continue
                body = settled[found.mark]
                if body is not None and found.mark not in there:
                    again = self._message(found.id, found.type, body, {})
                    await self._confirmed(channel.default_exchange, again, queue)
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

    async def lying(self) -> Mapping[str, Lying]:
        line = self._line
        if line is None or not self._up.is_set():
            raise BusUnavailable(self._trouble or "消息中间件不可用")
        try:
            with losing():
                async with asyncio.timeout(CONFIRM_WITHIN):
                    return {queue: await self._lying(line, queue) for queue in self._handlers}
        except LOST as error:
            raise BusUnavailable(f"消息中间件不可用：{type(error).__name__}") from error

    @staticmethod
    async def _lying(line: Line, name: str) -> Lying:
        """Without those that are in work."""

        async def count(queue: str) -> int:
            found = await line.consuming.declare_queue(queue, passive=True)
            return found.declaration_result.message_count or 0

        delayed = [await count(f"{name}.delay.{step}") for step, _ in DELAYS]
        parked = await count(f"{name}.parked")
        return Lying(waiting=await count(name), delayed=sum(delayed), parked=parked)

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
                    await asyncio.gather(*(queue.cancel(tag) for queue, tag in line.tags))
            except LOST as error:
                log.info("cancel_failed", error=type(error).__name__)
        await finish(self._in_work, FINISH_WITHIN)

    async def stop(self) -> None:
        await self.quiesce()
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)


async def _each(parking: AbstractQueue) -> AsyncIterator[AbstractIncomingMessage]:
    while message := await parking.get(fail=False):
        yield message


def _parked(message: AbstractIncomingMessage) -> Parked:
    return Parked(
        id=message.message_id or "",
        type=message.type or "",
        body=message.body,
        reason=str(message.headers.get("x-reason", "delivery limit")),
        attempt=_attempt(message),
    )


def _attempt(message: AbstractIncomingMessage) -> int:
    value = message.headers.get("x-attempt", 0)
    # Anybody can write the header: below nought there is no wait to look up.
    return max(value, 0) if isinstance(value, int) else 0
