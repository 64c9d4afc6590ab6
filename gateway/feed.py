"""The feed: every event that concerns the reader, in one order, page by page or as a stream."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Annotated, Any

from fastapi import Depends, Header, Query
from fastapi.sse import format_sse_event
from pydantic import BaseModel
from starlette.responses import StreamingResponse

from chassis.http import Door
from chassis.identity import Subject
from chassis.kernel.errors import Malformed, NotAllowed, Refusal, TooMany, Unavailable
from chassis.routes import Routes
from chassis.store import Document
from contracts.called import called
from contracts.event import Envelope

from .access import visible_to
from .journal import Journal
from .live import Live
from .wanted import Wanted, wanted

DIGITS = 15
After = Annotated[int, Query(ge=0, lt=10**DIGITS)]
PAGE = 100
Shut = Callable[[Subject], Awaitable[Refusal | None]]
"""Why a subject is refused everywhere, or None."""
LASTS = 600.0
"""Seconds that one stream lasts at most: then the reader reconnects with its last number, and is authenticated
again."""
STREAMS = 10_000
STREAMS_EACH = 50
"""Of one process, and of one subject: kept open they cost little, but not nothing."""
COME_AGAIN = 5
HEARTBEAT = 15.0
"""Seconds without an event until it is said from which number on the reader would go on."""
SHOWN: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "逐条到来的事件：id 是序号，event 是事件类型，data 是 /events 的一条（JSON）"
    }
}


class FeedItem(BaseModel):
    """An event at its place in the feed; `reference` is a partner's own number of what began it."""

    number: int
    reference: str | None = None
    title: str | None = None
    event: Envelope


class FeedPage(BaseModel):
    """`next` is a number, and always there: send it as `after`; with nothing new it is the `after` that was sent."""

    items: list[FeedItem]
    next: int


PAGED: dict[int | str, dict[str, Any]] = {200: {"model": FeedPage}}
"""Described and not gone through again: events are answered as they were told."""


def item(kept: Document) -> dict[str, Any]:
    began = {"reference": kept["reference"]} if kept.get("reference") else {}
    title = called(kept["event"]["type"])
    titled = {"title": title} if title else {}
    return {"number": int(kept["id"]), **began, **titled, "event": kept["event"]}


class Coming(StreamingResponse):
    """Events as they come, as a browser reads them.

    Written by ourselves: the framework's own way has two more tasks for each stream.
    """

    media_type = "text/event-stream"


class Places:
    """How many streams are open, and whose."""

    def __init__(self) -> None:
        self._of: Counter[str] = Counter()

    def take(self, sub: str) -> None:
        if self._of.total() >= STREAMS:
            raise Unavailable("实时连接已满，请稍后再连。")
        if self._of[sub] >= STREAMS_EACH:
            raise TooMany(f"每个凭证最多同时打开 {STREAMS_EACH} 个实时连接。", wait=COME_AGAIN)
        self._of[sub] += 1

    def leave(self, sub: str) -> None:
        self._of[sub] -= 1
        if not self._of[sub]:
            del self._of[sub]


def feed_router(journal: Journal, live: Live, shut: Shut, door: Door) -> Routes:
    api = Routes(prefix="/api/v1", tags=["事件"])
    reading = door.reading()
    places = Places()

    @api.get("/events", summary="按顺序读取事件", response_model=None, responses=PAGED)
    async def events(
        about: Annotated[Wanted, Depends(wanted)],
        after: After = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
        reader: Subject = reading,
    ) -> dict[str, Any]:
        """What concerns the reader. A partner reads what became of what it told, by its own `reference`.

        Unlike a list's, `next` is the number of the last one, never null, and is sent back as `after`.
        """
        found = [item(one) for one in await journal.read(reader, after, limit, about)]
        if not found:
            await given(journal, after, "after")
        return {"items": found, "next": found[-1]["number"] if found else after}

    def place(reader: Subject = reading) -> Iterator[Subject]:
        """Before anything is answered: who sees nothing, or too much at once, is told so."""
        if visible_to(reader) is None:
            raise NotAllowed(
                "当前身份没有可见的事件。", english="There is no event that this office may see."
            )
        places.take(reader.sub)
        try:
            yield reader
        finally:
            places.leave(reader.sub)

    @api.get(
        "/events/stream",
        summary="实时接收事件（SSE）",
        response_class=Coming,
        responses=SHOWN,
    )
    async def stream(
        about: Annotated[Wanted, Depends(wanted)],
        reader: Annotated[Subject, Depends(place)],
        since: Annotated[tuple[int, str], Depends(_since)],
    ) -> Coming:
        """As `/events`, as it comes; from what is new on, or behind `after` or `Last-Event-ID`.

        It ends after ten minutes: come again with `Last-Event-ID`, and miss nothing. At its beginning, and every 15
        seconds while there is nothing, it sends an `id` alone: the number from which to go on.
        """
        behind = await given(journal, *since)
        coming = read_on(journal, live, shut, reader, behind, about, LASTS)
        return Coming(_written(coming), headers={"X-Accel-Buffering": "no"})

    return api


async def _written(coming: AsyncIterator[Document | int]) -> AsyncIterator[bytes]:
    async for one in coming:
        if isinstance(one, int):
            yield f"id: {one}\n\n".encode()
        else:
            told = item(one)
            data = json.dumps(told, ensure_ascii=False)
            yield format_sse_event(id=str(told["number"]), event=one["type"], data_str=data)


NEW = -1


def _since(
    after: After | None = None,
    last: Annotated[str | None, Header(alias="Last-Event-ID")] = None,
) -> tuple[int, str]:
    """Behind which number to begin, and what says so; NEW where nothing does."""
    if last is None:
        return NEW if after is None else after, "after"
    if not (last.isdecimal() and last.isascii() and len(last) <= DIGITS):
        raise Malformed(
            "Last-Event-ID 应为收到的最后一条的序号。",
            field="Last-Event-ID",
            english="Last-Event-ID has to be the number of the last event received.",
        )
    return int(last), "Last-Event-ID"


async def given(journal: Journal, number: int, field: str) -> int:
    """Malformed where it was never given, or no longer: what comes under the numbers up to it would be passed over."""
    if number > 0 and number > (newest := await journal.given()):
        raise Malformed(
            f"没有第 {number} 条：现在最后一条是第 {newest} 条。平台从备份恢复过的，请按恢复时告知的序号重新读取。",
            field=field,
            english=f"There is no event {number}; the last one is {newest}. After a restore read on as you were told.",
        )
    return number


async def read_on(
    journal: Journal,
    live: Live,
    shut: Shut,
    reader: Subject,
    since: int,
    about: Wanted,
    lasts: float,
) -> AsyncIterator[Document | int]:
    """What the reader may see and wants, behind `since` and then live, for so many seconds, or until it is suspended.

    First, and now and then while there is nothing, the number behind which it is: whose stream was quiet until it ended
    goes on from there, too.
    """
    visible = visible_to(reader)
    if visible is None:
        return
    loop = asyncio.get_running_loop()
    until = loop.time() + lasts
    with live.waiting(visible) as news:
        after = await journal.newest() if since == NEW else since
        yield after
        while not live.leaving.is_set() and loop.time() < until:
            news.clear()
            found = await journal.read(reader, after, PAGE, about)
            if found and await shut(reader) is not None:
                return
            for one in found:
                yield one
                after = int(one["id"])
            if len(found) == PAGE:
                continue
            while not news.is_set() and (left := until - loop.time()) > 0:
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(left, HEARTBEAT)):
                        await news.wait()
                if not news.is_set():
                    yield after
