"""The table of who works in communities, as it was before: posts and proven service. Names aren't in it: they are
sealed one by one.
"""

import re
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from chassis.cause import Cause
from chassis.identity import Subject
from chassis.imports.cells import day_of, filled, offered, one_of
from chassis.imports.desk import Bad, Change
from chassis.imports.judging import judged, only_once, placed
from chassis.kernel.errors import Malformed
from chassis.tables.columns import Column, Line

from .desk import AffairsDesk
from .domain import establishment, worker
from .domain.scale import BORNE_ELSEWHERE, Post
from .domain.worker import Service, Worker, WorkerEvent, WorkerTaken
from .vocabulary import WORDS

POSTS = offered(Post, WORDS)
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
WORKER_COLUMNS = (
    Column(name="code", title="档案代码", about="小写字母、数字、下划线和连字符，不写姓名。"),
    Column(name="community", title="社区代码", about="登记册中的社区名称或代码。"),
    Column(name="post", title="岗位", about="现任岗位。", words=POSTS, listed=tuple(POSTS)),
    Column(name="since", title="任职日期", about="写作 2026-01-01。"),
    Column(name="served_since", title="服务开始", about="以前的服务；没有的留空。"),
    Column(name="served_until", title="服务截止", about="至今的留空。"),
    Column(name="where", title="服务地点", about="街道或区。"),
    Column(name="proof", title="服务证明", about="证明的名称和文号。"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line, read."""

    code: str
    street: str
    community: str
    post: Post
    since: date
    service: Service | None

    def events(self, known: Worker | None, now: datetime) -> list[WorkerEvent]:
        """What is new in it; a record that is there stays in its community and posts."""
        happened: list[WorkerEvent] = []
        if known is None:
            place = {"street": self.street, "community": self.community}
            happened.append(WorkerTaken(**place, post=self.post, since=self.since, at=now))
        elif (known.community, self.post in known.open_posts) != (self.community, True):
            raise Malformed("已有档案，社区或岗位不同；须办理任职、离任或调任。", field="post")
        if self.service is not None and (known is None or self.service not in known.services):
            happened.append(worker.serve(self.service, now))
        return happened


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLines:
    """A line is a worker; who isn't in the file stays as he is."""

    desk: AffairsDesk

    def compare(
        self, lines: AsyncIterator[Line], reason: str, by: str, now: datetime
    ) -> AsyncIterator[Bad | Change]:
        seen: set[str] = set()
        new: Counter[str] = Counter()

        async def judge(line: Line) -> Change | None:
            entry, known = await self._read(line)
            only_once(entry.code, seen, f"档案代码 {entry.code} 在文件中重复。", field="code")
            seen.add(entry.code)
            happened = entry.events(known, now)
            if known is None and entry.post not in BORNE_ELSEWHERE:
                await self._room(entry, new[entry.community], now)
                new[entry.community] += 1
            if not happened:
                return None
            told = {"code": entry.code, "changes": len(happened)}
            return Change(line.number, entry.code, told, partial(self._enter, entry))

        return judged(placed(lines, self.desk.communities), judge)

    async def _room(self, entry: Entry, before: int, now: datetime) -> None:
        """Beside who is in post, and so many lines before it."""
        held = await self.desk.establishments.look(entry.community)
        others = frozenset(f"line {number}" for number in range(before))
        where = entry.street, entry.community
        in_post = await self.desk.beside(where, entry.code, entry.since) or frozenset()
        establishment.hold(held.aggregate if held else None, entry.code, in_post | others, now)

    async def _enter(self, entry: Entry, cause: Cause) -> object:
        if await self.desk.workers.look(entry.code) is None:
            await self.desk.hold_seat(
                (entry.street, entry.community), entry.code, entry.post, entry.since, cause
            )
            await self.desk.open_street(entry.street, cause.now)
        return await self.desk.workers.record(
            entry.code, lambda known: entry.events(known, cause.now), cause
        )

    async def _read(self, line: Line) -> tuple[Entry, Worker | None]:
        """With who is on record under its code: he stays where he is, though his community has ended."""
        cells = filled(line, "code", "community", "post", "since")
        held = await self.desk.workers.look(cells["code"])
        known = held.aggregate if held else None
        if known is None:
            coded(cells["code"])
        if known is not None and known.community == cells["community"]:
            street = known.street
        else:
            street, _ = await self.desk.community(cells["community"])
        entry = Entry(
            code=cells["code"],
            street=street,
            community=cells["community"],
            post=one_of(Post, cells["post"], "post"),
            since=day_of(cells["since"], "since"),
            service=_service(line),
        )
        return entry, known

    async def rows(self, reader: Subject) -> AsyncIterator[Sequence[str | int | None]]:
        """Of each who is in post, his first open post and the last proven service."""
        async for held in self.desk.workers.every_of(reader, {"here": True}):
            one = held.aggregate
            post = next(each for each in one.posts if each.until is None)
            its = one.services[-1] if one.services else None
            served = (None,) * 4 if its is None else _cells(its)
            yield held.id, one.community, post.post.value, post.since.isoformat(), *served


def coded(text: str) -> None:
    """Of a new record: it is found under it, and in lists and events, where a name mustn't be."""
    if not CODE.fullmatch(text):
        raise Malformed(
            "代码只用小写字母、数字、下划线和连字符，不超过64个，不写姓名。", field="code"
        )


def _service(line: Line) -> Service | None:
    cells = line.cells
    if not cells["served_since"]:
        return None
    until = cells["served_until"]
    return Service(
        since=day_of(cells["served_since"], "served_since"),
        until=day_of(until, "served_until") if until else None,
        where=cells["where"],
        proof=cells["proof"],
    )


def _cells(its: Service) -> tuple[str | None, ...]:
    until = its.until.isoformat() if its.until else None
    return its.since.isoformat(), until, its.where, its.proof
