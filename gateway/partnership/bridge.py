"""Partners' way in by AMQP: a separate virtual host that only this process consumes from.

Nothing is declared from here: the definitions in deploy/rabbitmq say what exists there and who may publish. A message
is acknowledged when it is stored, or when its copy is parked: if any process dies meanwhile, it is redelivered, and an
event already stored is recognised.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

import aio_pika
import structlog
from aio_pika.abc import AbstractChannel, AbstractExchange, AbstractIncomingMessage

from chassis.bus import FINISH_WITHIN, PREFETCH, BusUnavailable, Parked
from chassis.bus_line import CONFIRM_WITHIN, SETTLE_WITHIN
from chassis.bus_nodes import Nodes, losing
from chassis.bus_rabbit import HEARTBEAT, LOST, PROBE_WHEN_IDLE, RECONNECT_WITHIN
from chassis.edge import MAX_BODY, MAX_HEADERS
from chassis.pacing import Backoff, finish

from .hearing import Hearing, News, Refused

NEWS, PARKED, INNER = "partners.news", "partners.parked", "partners.inner"
BY, WHY = "x-partner", "x-reason"
BEGINNING = 4096
"""Bytes of one that is too large, to know it by: whole, a few dozen would fill the memory of whoever looks at them."""
log = structlog.get_logger()


class Bridge:
    def __init__(self, url: str, hearing: Hearing, lies: Callable[[int | None], None]) -> None:
        """`lies`: told how many are parked, for the metrics; None where nobody knows."""
        self._nodes = Nodes(url)
        self._hearing = hearing
        self._lies = lies
        self._keeper: asyncio.Task[None] | None = None
        self._in_work: set[asyncio.Task[None]] = set()
        self._leaving = asyncio.Event()
        self._trouble: str | None = "正在连接合作方的消息中间件"

    async def start(self) -> None:
        self._keeper = asyncio.create_task(self._keep_connected())

    def leave(self) -> None:
        """It keeps no request open."""

    async def stop(self) -> None:
        """What is in work ends by itself, within reason; what hasn't then, the broker has kept."""
        self._leaving.set()
        if self._keeper is not None:
            await finish([self._keeper], FINISH_WITHIN + 2 * SETTLE_WITHIN)

    def trouble(self) -> str | None:
        return self._trouble

    async def _keep_connected(self) -> None:
        pause = Backoff(longest=RECONNECT_WITHIN)
        while not self._leaving.is_set():
            try:
                with losing():
                    await self._hear(pause)
            except LOST as error:
                self._trouble = f"合作方的消息中间件不可用：{type(error).__name__}"
                self._lies(None)
                log.warning("partners_lost", error=type(error).__name__, detail=str(error)[:200])
                self._nodes.move_on()
                await pause.sleep()

    @asynccontextmanager
    async def _channel(self) -> AsyncIterator[AbstractChannel]:
        connection = await aio_pika.connect(self._nodes.current, timeout=10, heartbeat=HEARTBEAT)
        async with connection, connection.channel(on_return_raises=True) as channel:
            yield channel

    async def _hear(self, pause: Backoff) -> None:
        """For as long as the line holds, or until we leave."""
        async with self._channel() as channel:
            await channel.set_qos(prefetch_count=PREFETCH)
            inner = await channel.get_exchange(INNER, ensure=False)
            queue = await channel.get_queue(NEWS, ensure=False)

            async def received(message: AbstractIncomingMessage) -> None:
                task = asyncio.create_task(self._settled(inner, message))
                self._in_work.add(task)
                task.add_done_callback(self._in_work.discard)

            tag = await queue.consume(received)
            try:
                self._trouble = None
                while not await self._left():
                    found = await channel.declare_queue(NEWS, passive=True)
                    if not found.declaration_result.consumer_count:
                        raise ConnectionError(f"no consumer on {NEWS}")
                    parked = await channel.declare_queue(PARKED, passive=True)
                    self._lies(parked.declaration_result.message_count or 0)
                    pause.reset()
                async with asyncio.timeout(SETTLE_WITHIN):
                    await queue.cancel(tag)
            finally:
                within = FINISH_WITHIN if self._leaving.is_set() else 0
                await finish(self._in_work, within)

    async def _left(self) -> bool:
        try:
            await asyncio.wait_for(self._leaving.wait(), PROBE_WHEN_IDLE)
        except TimeoutError:
            return False
        return True

    async def _settled(self, inner: AbstractExchange, message: AbstractIncomingMessage) -> None:
        """Acknowledged when it is kept or parked; else it stays the broker's, which hands it out again."""
        try:
            with losing():
                news = self._news(message)
                refused = await self._hearing.hear(news)
                if refused is not None:
                    await self._confirmed(inner, _to_park(message, news, refused), "parked")
                async with asyncio.timeout(SETTLE_WITHIN):
                    await message.ack()
        except LOST as error:
            log.warning("partner_news_given_back", error=type(error).__name__)
            await self._given_back(message)

    @staticmethod
    async def _given_back(message: AbstractIncomingMessage) -> None:
        """On a line that is gone the broker has taken it back already."""
        try:
            async with asyncio.timeout(SETTLE_WITHIN):
                await message.nack(requeue=True)
        except LOST as error:
            log.info("partner_news_given_back_by_closing", error=type(error).__name__)

    def _news(self, message: AbstractIncomingMessage) -> News:
        return News(
            partner=self._teller(message),
            media=message.content_type or "",
            headers=message.headers,
            body=message.body,
        )

    def _teller(self, message: AbstractIncomingMessage) -> str:
        """The user as verified by the broker: a publisher can't set another's `user-id`; in a replay we name the
        partner."""
        ours = unquote(urlsplit(self._nodes.current).username or "")
        if message.user_id == ours:
            return str(message.headers.get(BY, ""))
        return message.user_id or ""

    @staticmethod
    async def _confirmed(inner: AbstractExchange, message: aio_pika.Message, key: str) -> None:
        async with asyncio.timeout(CONFIRM_WITHIN):
            await inner.publish(message, key, mandatory=True)

    # What is parked

    async def parked(self, queue: str) -> list[Parked]:
        async with self._looking() as (_, messages):
            return [_parked(message) async for message in messages]

    async def unpark(self, queue: str, settled: Mapping[str, bytes | None]) -> set[str]:
        """One that comes again is on its queue before it leaves the parked ones.

        All are looked through before the first comes again: one refused again at once would be taken for its own copy.
        """
        there: set[str] = set()
        async with self._looking() as (inner, messages):
            for message in [one async for one in messages]:
                mark = _parked(message).mark
                if mark not in settled:
                    continue
                if settled[mark] is not None and mark not in there:
                    await self._confirmed(inner, self._again(message), "news")
                await message.ack()
                there.add(mark)
        return there

    def _again(self, message: AbstractIncomingMessage) -> aio_pika.Message:
        ours = unquote(urlsplit(self._nodes.current).username or "")
        return _copy(message, message.body, dict(message.headers), user_id=ours)

    @asynccontextmanager
    async def _looking(
        self,
    ) -> AsyncIterator[tuple[AbstractExchange, AsyncIterator[AbstractIncomingMessage]]]:
        """On a line of its own, whose closing gives everything back; BusUnavailable where there is none."""
        try:
            async with self._channel() as channel:
                queue = await channel.get_queue(PARKED, ensure=False)
                inner = await channel.get_exchange(INNER, ensure=False)

                async def each() -> AsyncIterator[AbstractIncomingMessage]:
                    while message := await queue.get(fail=False):
                        yield message

                yield inner, each()
        except LOST as error:
            raise BusUnavailable(f"合作方的消息中间件不可用：{type(error).__name__}") from error


def _to_park(message: AbstractIncomingMessage, news: News, refused: Refused) -> aio_pika.Message:
    """As it came, but for headers that would leave no room for the reason, and most of a body that is too large."""
    kept = dict(message.headers) if news.weight <= MAX_HEADERS else {}
    headers = {**kept, BY: news.partner, WHY: refused.reason[:1000]}
    body = news.body if len(news.body) <= MAX_BODY else news.body[:BEGINNING]
    return _copy(message, body, headers, message_id=refused.id, type=refused.type)


def _copy(
    message: AbstractIncomingMessage, body: bytes, headers: dict[str, Any], **properties: str
) -> aio_pika.Message:
    return aio_pika.Message(
        body,
        headers=headers,
        content_type=message.content_type,
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        **properties,  # type: ignore[arg-type]
    )


def _parked(message: AbstractIncomingMessage) -> Parked:
    return Parked(
        id=message.message_id or "",
        type=message.type or "",
        body=message.body,
        reason=f"{message.headers.get(BY, '')!s}：{message.headers.get(WHY, '')!s}",
        attempt=0,
    )
