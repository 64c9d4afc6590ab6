"""Waiting stream readers: each is woken only when the journal has an event that may concern it.

One task follows the journal for all waiting readers in this process; each then reads for itself, by the same filter as
a page of the feed. So a stream shows nothing that a page would not show, and a waiting reader costs nothing while
nothing happens to it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import structlog

from chassis.pacing import Backoff, ended
from chassis.store import Document, Has

from .journal import Journal

LOOK = 0.5
"""Seconds after which another gateway's entries are looked for; our own are told of."""
PAGE = 500
ALL = ("", "")
Concern = tuple[str, str]
log = structlog.get_logger()


def _view(visible: Mapping[str, Any]) -> Concern:
    """The key by which a reader waits: the one field that limits its access, or all."""
    for field, value in visible.items():
        return field, value.values[0] if isinstance(value, Has) else value
    return ALL


def _concerned(document: Document) -> Iterable[Concern]:
    yield ALL
    for field, value in document["keys"].items():
        for one in value if isinstance(value, list) else [value]:
            yield field, one


class Live:
    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._waiting: defaultdict[Concern, set[asyncio.Event]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None
        self.leaving = asyncio.Event()
        """Set when the process ends: open streams end, too."""

    @contextmanager
    def waiting(self, visible: Mapping[str, Any]) -> Iterator[asyncio.Event]:
        """An event that is set whenever there may be something new for readers with this access."""
        view, news = _view(visible), asyncio.Event()
        self._waiting[view].add(news)
        try:
            yield news
        finally:
            self._waiting[view].discard(news)
            if not self._waiting[view]:
                del self._waiting[view]

    async def start(self) -> None:
        self._task = asyncio.create_task(self._follow())

    async def _follow(self) -> None:
        pause = Backoff(longest=5.0)
        while True:
            try:
                after = await self._journal.newest()
                # A reader that began to wait before this number was known has to look for itself.
                self._wake(set(self._waiting))
                while True:
                    after = await self._next(after)
                    pause.reset()
            except Exception:
                log.exception("live_failed")
            await pause.sleep()

    async def _next(self, after: int) -> int:
        """Wakes the readers that the next page concerns; then waits, unless there is more."""
        self._journal.news.clear()
        page = await self._journal.since(after, PAGE)
        self._wake({one for document in page for one in _concerned(document)})
        if len(page) < PAGE:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._journal.news.wait(), LOOK)
        return int(page[-1]["id"]) if page else after

    def _wake(self, concerned: Iterable[Concern]) -> None:
        for one in concerned:
            for news in self._waiting.get(one, ()):
                news.set()

    def leave(self) -> None:
        self.leaving.set()
        self._wake(set(self._waiting))

    async def stop(self) -> None:
        self.leave()
        if self._task is not None:
            await ended(self._task)
