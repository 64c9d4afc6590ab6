"""The journal's events again to one service alone: by the district's administrator, with a reason, on record."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, ValidationError
from typing_extensions import TypedDict

from chassis.at import At
from chassis.bus import Bus, BusUnavailable, Message
from chassis.guarded import Guarded
from chassis.http import Asked
from chassis.identity import Access, kinds
from chassis.kernel.errors import NotFound, Unavailable
from chassis.kernel.required import required
from chassis.lists import NEWEST, moment
from chassis.steps import Collection, nothing
from chassis.store import Document
from chassis.words import Long, Whole
from contracts.event import Envelope
from gateway.journal import Journal

from . import domain
from .domain import CaughtUp, ToldAgain

ADMIN = kinds("district_admin")
MOST = 2000
"""Of the journal's entries that one request goes through."""
TOGETHER = 100
"""Events that are handed over at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """`hears`: each service's types, without their versions."""

    caught_up: Guarded[CaughtUp, ToldAgain]
    bus: Bus
    journal: Journal
    hears: Mapping[str, frozenset[str]]

    async def hand(self, service: str, found: list[Document]) -> int:
        """How many of these it consumes and hasn't parked: parked ones wait for somebody to settle them, and a second
        copy would only be parked again. Unavailable while the broker is away.
        """
        try:
            given_up = {_whose(one.body) for one in await self.bus.parked(service)}
            messages = [
                one
                for one in _heard(found, self.hears[service])
                if _whose(one.body) not in given_up
            ]
            for n in range(0, len(messages), TOGETHER):
                some = messages[n : n + TOGETHER]
                await asyncio.gather(*(self.bus.publish(one, only=service) for one in some))
        except BusUnavailable as away:
            raise Unavailable(f"{away}。") from None
        return len(messages)


def _heard(found: list[Document], types: frozenset[str]) -> Iterator[Message]:
    for one in found:
        if one["type"].rpartition(".v")[0] in types:
            event = Envelope.model_validate(one["event"])
            yield Message(id=event.id, type=event.type, body=event.wire())


def _whose(body: bytes) -> tuple[str, str] | None:
    """Source and id: which event it is; None for what is none."""
    try:
        event = Envelope.model_validate_json(body)
    except ValidationError:
        return None
    return event.source, event.id


CAUGHT_UP: Collection[CaughtUp, ToldAgain, Desk, None] = Collection(
    service="gateway",
    name="caught_up",
    title="补投记录",
    path="/caught-up",
    state=CaughtUp,
    events=(ToldAgain,),
    evolve=domain.evolve,
    resource=lambda _: {},
    access=Access(sees_all=ADMIN),
    keys=lambda known: {"opened_at": moment(known.at)},
    indexes=("opened_at",),
    sorts={"newest": NEWEST},
    of=lambda desk: desk.caught_up,
    knows=nothing,
)


class CatchUpIn(Asked):
    """`after`: behind which number of the journal to begin."""

    after: Annotated[Whole, Field(ge=0, lt=10**15)] = 0
    reason: Long


class Told(TypedDict):
    """`delivered` events; `next` is where to go on, or null at the journal's end."""

    delivered: int
    next: int | None


@CAUGHT_UP.step("向服务补投", "/catch-up/{service}", who=ADMIN, record=None, versioned=False)
async def catch_up(desk: Desk, at: At[None], asked: CatchUpIn) -> Told:
    """What it heard before has its effect once: only what it lost changes anything."""
    at.demand({})
    required(asked.reason, "reason")
    service = at["service"]
    if service not in desk.hears:
        raise NotFound("没有这个服务。")
    found = await desk.journal.since(asked.after, MOST)
    if not found:
        return Told(delivered=0, next=None)
    count, until = await desk.hand(service, found), int(found[-1]["id"])
    told = ToldAgain(
        service=service,
        after=asked.after,
        until=until,
        count=count,
        reason=asked.reason,
        at=at.now,
    )
    await desk.caught_up.record(service, lambda _: [told], at.cause)
    return Told(delivered=count, next=until if len(found) == MOST else None)


STEPS = (catch_up,)
