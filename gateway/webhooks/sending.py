"""Delivers to each address what concerns it: in the journal's order, at least once, for as long as it takes.

An unreachable receiver is waited for, and delivery continues in order when it is back; after a declined event the next
is delivered.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from chassis.identity import Subject
from chassis.kind import Held, derived_id
from chassis.outbound import Away, Had, OutboundClient, Outcome
from chassis.pacing import Backoff, ended, finish
from chassis.signing import secret_of, signature
from chassis.store import Document
from gateway.access import visible_to
from gateway.feed import item
from gateway.journal import Journal
from gateway.live import Live

from .domain import Status, Webhook
from .progress import LONGEST, Aside, Position, Progress

PAGE = 20
"""Told before the position is kept: so many may come again after a crash."""
LOOK, QUIET = 1.0, 5.0
"""Seconds until an address that fails, and one that has been told all, is looked at again."""
FAR = 500
"""Numbers that didn't concern it, until it is worth a write that they needn't be looked through again."""
GIVEN_UP = timedelta(days=3)
DISABLED = timedelta(days=5)
FINISH_WITHIN = 5.0
log = structlog.get_logger()


def pause_away(since: datetime, now: datetime) -> timedelta:
    """Twice a second while it is short: one that was away for a minute has it within a second of being back."""
    return min(max((now - since) / 120, timedelta(seconds=0.5)), LONGEST)


def pause_declined(since: datetime, now: datetime) -> timedelta:
    """After a minute, then twice as long each time."""
    return min(max(now - since, timedelta(minutes=1)), LONGEST)


@dataclass(slots=True, kw_only=True)
class Sender:
    """One task for each address; of several gateways one delivers to each address.

    `every` gives the addresses to deliver to, `look` one of them if its owner isn't suspended, `disable` disables one
    with a reason.
    """

    journal: Journal
    live: Live
    progress: Progress
    client: OutboundClient
    key: bytes
    clock: Callable[[], datetime]
    look: Callable[[str], Awaitable[Held[Webhook] | None]]
    every: Callable[[], Awaitable[list[Held[Webhook]]]]
    disable: Callable[[str, str], Awaitable[object]]
    counted: Callable[[str], None]
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _keeper: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._keeper = asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        """A task for each that is to be told."""
        while True:
            try:
                for held in await self.every():
                    if held.id not in self._tasks or self._tasks[held.id].done():
                        serving = self._serve(held.id, subject_of(held.aggregate.owner))
                        self._tasks[held.id] = asyncio.create_task(serving)
            except Exception:
                log.exception("webhooks_failed")
            await asyncio.sleep(LOOK)

    async def _serve(self, id: str, reader: Subject) -> None:
        """Until it is paused, disabled or removed, its owner shut out, or the process ends."""
        trouble = Backoff(shortest=LOOK)
        with self.live.waiting(visible_to(reader) or {}) as news:
            while not self.live.leaving.is_set():
                news.clear()
                try:
                    held = await self.look(id)
                    if held is None or held.aggregate.status is not Status.ACTIVE:
                        break
                    all_told = await self._round(held, reader)
                    trouble.reset()
                except Exception:
                    log.exception("webhook_failed", webhook=id)
                    await trouble.sleep()
                    continue
                if all_told:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(news.wait(), QUIET)
        await self.progress.let_go(id, self.clock())

    async def _round(self, held: Held[Webhook], reader: Subject) -> bool:
        """Delivers one page of what is pending; returns whether that was all."""
        now = self.clock()
        position = await self.progress.hold(held.id, now)
        if position is None or _waits(position, now):
            await asyncio.sleep(_left(position, now))
            return False
        if not (position := await self._aside_again(held, position, now)):
            return False
        newest = await self.journal.newest()
        page = await self.journal.read(reader, position.number, PAGE, held.aggregate.about)
        told = 0
        for document in page:
            # Each may take long: meanwhile it may be removed, or another may have begun to tell it.
            if told and not (position := await self._still(held.id, position)):
                return False
            position, told = await self._one(held, position, document), told + 1
            if position.next_at is not None:
                break
        all_told = position.next_at is None and len(page) < PAGE
        if all_told and (page or newest - position.number >= FAR):
            position = replace(position, number=max(position.number, newest))
        await self.progress.save(position, self.clock())
        return all_told

    async def _still(self, id: str, position: Position) -> Position | None:
        """What has been told so far, kept where it is time, and ours for another while; None where it is no longer."""
        now, held = self.clock(), await self.look(id)
        active = held is not None and held.aggregate.status is Status.ACTIVE
        if active and position.lasts(now):
            return position
        kept = await self.progress.save(position, now)
        return kept if active else None

    async def _one(self, held: Held[Webhook], position: Position, document: Document) -> Position:
        now, number = self.clock(), int(document["id"])
        outcome = await self._post(held, document, now)
        if isinstance(outcome, Away):
            return await self._waiting(held.id, position, number, outcome, now)
        there = replace(
            position, number=number, failing_since=None, first_at=None, next_at=None, reason=None
        )
        if isinstance(outcome, Had):
            return there
        due = now + pause_declined(now, now)
        await self.progress.set_aside(
            Aside(
                webhook=held.id,
                number=number,
                first_at=now,
                tries=1,
                due=due,
                reason=outcome.reason,
            )
        )
        if not outcome.ever:
            return there
        await self.disable(held.id, outcome.reason)
        return replace(there, next_at=now)

    async def _waiting(
        self, id: str, position: Position, number: int, away: Away, now: datetime
    ) -> Position:
        """Nobody there: the same again later; after days the next, and after more days none."""
        since, first = _since(position.failing_since, now), _since(position.first_at, now)
        if now - since >= DISABLED:
            await self.disable(id, away.reason)
        if now - first >= GIVEN_UP:
            await self.progress.set_aside(
                Aside(
                    webhook=id, number=number, first_at=first, tries=1, due=None, reason=away.reason
                )
            )
            position, first = replace(position, number=number), now
        return replace(
            position,
            failing_since=since,
            first_at=first,
            next_at=now + pause_away(since, now),
            reason=away.reason,
        )

    async def _aside_again(
        self, held: Held[Webhook], position: Position, now: datetime
    ) -> Position | None:
        """What was declined and is due; where nobody is there, the others needn't be tried."""
        for aside in await self.progress.due(held.id, now, PAGE):
            still = await self._still(held.id, position)
            if still is None:
                return None
            position = still
            outcome = await self._post(held, await self.journal.numbered(aside.number), now)
            if isinstance(outcome, Had):
                await self.progress.done(aside)
                continue
            first = _since(aside.first_at, now)
            late = now - first >= GIVEN_UP
            due = None if late else now + pause_declined(first, now)
            await self.progress.again(
                aside, tries=aside.tries + 1, first_at=first, due=due, reason=outcome.reason
            )
            if isinstance(outcome, Away):
                break
        return position

    async def _post(self, held: Held[Webhook], document: Document, now: datetime) -> Outcome:
        webhook, told = held.aggregate, item(document)
        said = {"type": document["type"], "timestamp": told["event"]["time"], "data": told}
        body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        id = "msg_" + derived_id("webhook", document["key"])
        at = int(now.timestamp())
        secrets = [secret_of(self.key, held.id, one) for one in webhook.generations(now)]
        headers = {
            "Content-Type": "application/json",
            "webhook-id": id,
            "webhook-timestamp": str(at),
            "webhook-signature": signature(secrets, id, at, body),
        }
        outcome = await self.client.post(webhook.url, body, headers)
        self.counted(type(outcome).__name__.lower())
        return outcome

    def leave(self) -> None:
        """What is being posted is let finish, and no more is begun."""
        self.live.leave()

    async def stop(self) -> None:
        if self._keeper is not None:
            await ended(self._keeper)
        self.live.leave()
        await finish(self._tasks.values(), FINISH_WITHIN)
        await self.client.close()


def subject_of(owner: str) -> Subject:
    """The address' owner, as a subject of the access policy."""
    kind, _, code = owner.partition(":")
    return Subject(sub=owner, kind=kind, code=code or None, scopes=frozenset())


def _waits(position: Position, now: datetime) -> bool:
    """Not for longer than the pause is: it was put off before the clock was set back."""
    if position.next_at is None:
        return False
    return now < position.next_at <= now + pause_away(_since(position.failing_since, now), now)


def _since(at: datetime | None, now: datetime) -> datetime:
    """Never later than now, as it was written before the clock was set back."""
    return min(at or now, now)


def _left(position: Position | None, now: datetime) -> float:
    """Seconds to wait for another gateway, or for the next try; never long, since it may be paused meanwhile."""
    if position is None or position.next_at is None:
        return LOOK
    return min((position.next_at - now).total_seconds(), LOOK)
