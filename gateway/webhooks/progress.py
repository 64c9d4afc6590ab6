"""How far delivery to each address has got, which process delivers, and what the address declined.

The journal is the queue: of pending deliveries only a position in it is stored. An event that an address declined is
set aside under its number, retried, and in the end parked for somebody to look at.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chassis.beside import Undo
from chassis.documents import plain
from chassis.store import Document, DuplicateKey, Index, Page, Range, Store

POSITIONS = "webhook_positions"
ASIDE = "webhook_aside"
HELD_FOR = timedelta(seconds=30)
"""How long a process that went silent is waited for, before another tells in its place."""
LONGEST = timedelta(hours=1)
"""What was put off for longer was so before the clock was set back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """`number`: the last one that needs no telling. `failing_since`: since when nobody is reached;
    `first_at`: when the one after `number` was first tried; `next_at`: when it is tried again.
    """

    id: str
    rev: int
    number: int
    holder: str
    until: datetime
    failing_since: datetime | None = None
    first_at: datetime | None = None
    next_at: datetime | None = None
    reason: str | None = None

    def held(self, now: datetime) -> bool:
        """Until `until`, unless that is further ahead than clocks of two processes may differ: then the clock was set
        back."""
        return now < self.until <= now + 2 * HELD_FOR

    def lasts(self, now: datetime) -> bool:
        """Ours, and needn't be said again so soon."""
        return HELD_FOR / 2 < self.until - now <= HELD_FOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """One that was declined: how often, why, and when it is tried again; never, once it is parked."""

    webhook: str
    number: int
    rev: int = 1
    first_at: datetime
    tries: int
    due: datetime | None
    reason: str

    @property
    def id(self) -> str:
        return f"{self.webhook}.{self.number:015d}"


@dataclass(frozen=True, slots=True)
class Progress:
    store: Store
    holder: str

    async def prepare(self) -> None:
        await self.store.prepare(POSITIONS, ())
        await self.store.prepare(ASIDE, (Index(field="webhook"), Index(field="due", sparse=True)))

    async def begin(self, webhook: str, number: int, now: datetime) -> Undo:
        """Beside its record, replacing what a process killed before that has left: nothing before `number` is
        delivered.
        """
        before = await self.store.get(POSITIONS, webhook)
        rev = before["rev"] + 1 if before else 1
        position = Position(id=webhook, rev=rev, number=number, holder="", until=now)

        async def back() -> None:
            if before is not None:
                await self.store.replace(POSITIONS, {**before, "rev": rev + 1}, rev)

        if before is not None:
            await self.store.replace(POSITIONS, _document(position), before["rev"])
            return back
        with suppress(DuplicateKey):  # by one who begins it at the same time, from as far
            await self.store.insert(POSITIONS, _document(position))
        return back

    async def position(self, webhook: str) -> Position | None:
        found = await self.store.get(POSITIONS, webhook)
        return _position(found) if found else None

    async def hold(self, webhook: str, now: datetime) -> Position | None:
        """The position, to be told on from by us alone; None while another does."""
        known = await self.position(webhook)
        if known is None or (known.holder != self.holder and known.held(now)):
            return None
        if known.holder == self.holder and known.lasts(now):
            return known
        return await self.save(known, now)

    async def save(self, position: Position, now: datetime) -> Position | None:
        """It, ours for another while; None where somebody else was here."""
        mine = replace(position, rev=position.rev + 1, holder=self.holder, until=now + HELD_FOR)
        kept = await self.store.replace(POSITIONS, _document(mine), position.rev)
        return mine if kept else None

    async def let_go(self, webhook: str, now: datetime) -> None:
        """Another process needn't wait for us."""
        known = await self.position(webhook)
        if known is not None and known.holder == self.holder:
            free = replace(known, rev=known.rev + 1, until=now)
            await self.store.replace(POSITIONS, _document(free), known.rev)

    async def rewind(self, webhook: str, number: int | None = None) -> int | None:
        """Delivery resumes at once, even after failures, behind that number, or behind the last delivered one if that
        is lower or none is given: nothing is left out. Returns the number.
        """
        while (known := await self.position(webhook)) is not None:
            behind = known.number if number is None else min(number, known.number)
            again = replace(
                known,
                rev=known.rev + 1,
                number=behind,
                failing_since=None,
                first_at=None,
                next_at=None,
                reason=None,
            )
            if await self.store.replace(POSITIONS, _document(again), known.rev):
                return behind
        return None

    async def release(self, webhook: str, now: datetime) -> int:
        """What is parked is due now; how many there were."""
        after, count = 0, 0
        while found := await self.aside(webhook, after, 100):
            for one in found:
                if one.due is None:
                    await self.again(one, due=now, first_at=now)
                    count += 1
            after = found[-1].number
        return count

    async def set_aside(self, aside: Aside) -> None:
        try:
            await self.store.insert(ASIDE, _document(aside))
        except DuplicateKey:
            return  # told again after a crash, and declined again

    async def again(self, aside: Aside, **changed: Any) -> None:
        later = replace(aside, rev=aside.rev + 1, **changed)
        await self.store.replace(ASIDE, _document(later), aside.rev)

    async def done(self, aside: Aside) -> None:
        await self.store.delete(ASIDE, aside.id)

    async def due(self, webhook: str, now: datetime, limit: int) -> list[Aside]:
        found: list[Document] = []
        for when in (Range(at_most=plain(now)), Range(above=plain(now + LONGEST))):
            where = {"webhook": webhook, "due": when}
            found += await self.store.find(ASIDE, where, sort="due", limit=limit)
        return [_aside(one) for one in found[:limit]]

    async def aside(self, webhook: str, after: int, limit: int) -> Sequence[Aside]:
        """In the order of their numbers, parked or not."""
        last = f"{webhook}.{after:015d}"
        found = await self.store.find(
            ASIDE, {"webhook": webhook}, after=Page(last, last), limit=limit
        )
        return [_aside(one) for one in found]


def _document(kept: Position | Aside) -> dict[str, Any]:
    said: dict[str, Any] = plain({**asdict(kept), "id": kept.id})
    return said


def _position(document: dict[str, Any]) -> Position:
    times = ("until", "failing_since", "first_at", "next_at")
    return Position(**{name: _read(name in times, value) for name, value in document.items()})


def _aside(document: dict[str, Any]) -> Aside:
    said = {"due": None, **document}
    said.pop("id")
    times = ("first_at", "due")
    return Aside(**{name: _read(name in times, value) for name, value in said.items()})


def _read(time: bool, value: Any) -> Any:
    return datetime.fromisoformat(value) if time and value is not None else value
