"""What is done about parked messages: by the district's administrator, with a reason, on record."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Protocol, get_args

from pydantic import Field
from typing_extensions import TypedDict

from chassis.at import At
from chassis.bus import BusUnavailable, Parked
from chassis.cause import Cause
from chassis.guarded import Guarded
from chassis.http import Asked
from chassis.identity import Access, kinds
from chassis.kernel.errors import Malformed, NotFound, Unavailable
from chassis.kernel.required import required
from chassis.kind import derived_id
from chassis.lists import NEWEST, Filter, moment
from chassis.steps import Collection, nothing
from chassis.words import Long, Short
from contracts.event import Code

from . import domain
from .domain import Discarded, Replayed, Settled, SettledEvent, readable

ADMIN = kinds("district_admin")
PARTNERS = "partners"
"""The queue of what partners told by AMQP: theirs to say, so it isn't mended here."""
MOST = 500
"""Messages that are settled at once."""


class Parks(Protocol):
    """Where messages lie parked; BusUnavailable while it can't be asked."""

    async def parked(self, queue: str) -> list[Parked]: ...

    async def unpark(self, queue: str, settled: Mapping[str, bytes | None]) -> set[str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    settled: Guarded[Settled, SettledEvent]
    queues: Mapping[str, Parks]

    async def parked(self, queue: str) -> list[Parked]:
        """NotFound for no queue of ours, Unavailable while the broker is away."""
        if queue not in self.queues:
            raise NotFound("没有这个队列。")
        try:
            return await self.queues[queue].parked(queue)
        except BusUnavailable as away:
            raise Unavailable(f"{away}。") from None

    async def unpark(self, queue: str, bodies: Mapping[str, bytes | None]) -> set[str]:
        try:
            return await self.queues[queue].unpark(queue, bodies)
        except BusUnavailable as away:
            raise Unavailable(f"{away}。") from None

    async def note(self, parked: Parked, queue: str, event: SettledEvent, cause: Cause) -> None:
        id = derived_id("settled", queue, parked.mark)
        await self.settled.record(id, lambda _: [event], cause)


SETTLED: Collection[Settled, SettledEvent, Desk, None] = Collection(
    service="gateway",
    name="settled",
    title="搁置消息处理",
    path="/settled",
    state=Settled,
    events=get_args(SettledEvent),
    evolve=domain.evolve,
    resource=lambda _: {},
    access=Access(sees_all=ADMIN),
    keys=lambda settled: {
        "queue": settled.queue,
        "type": settled.type,
        "opened_at": moment(settled.at),
    },
    indexes=("queue", "opened_at"),
    sorts={"newest": NEWEST},
    filters={"queue": Filter(key="queue")},
    of=lambda desk: desk.settled,
    knows=nothing,
)


class SettleIn(Asked):
    """Which: by their marks, or all of a type; and why."""

    marks: Annotated[tuple[Code, ...], Field(max_length=MOST)] = ()
    type: Short | None = None
    reason: Long


class DeliverIn(SettleIn):
    """`event`: what the one message is mended to, a whole envelope under its own source and id."""

    event: dict[str, Any] | None = None


class Done(TypedDict):
    """How many of those that were asked for were there, and are settled now."""

    settled: int


async def _wanted(desk: Desk, queue: str, asked: SettleIn) -> list[Parked]:
    """Malformed where nothing is said of which."""
    required(asked.reason, "reason")
    if not asked.marks and asked.type is None:
        raise Malformed("请写明是哪些消息：marks 或 type。", field="marks")
    found = {
        one.mark: one
        for one in await desk.parked(queue)
        if (not asked.marks or one.mark in asked.marks) and asked.type in (None, one.type)
    }
    return list(found.values())[:MOST]


@SETTLED.step(
    "重新投递",
    "/parked/{queue}/replay",
    who=ADMIN,
    record=None,
    versioned=False,
)
async def replay(desk: Desk, at: At[None], body: DeliverIn) -> Done:
    """To the queue that gave them up, as if for the first time; what had an effect has it once."""
    at.demand({})
    wanted = await _wanted(desk, at["queue"], body)
    if body.event is not None and len(body.marks) != 1:
        raise Malformed("修改后的事件只能用于一条消息。", field="event")
    if body.event is not None and at["queue"] == PARTNERS:
        raise Malformed("合作方报送的内容由合作方改正后重新报送。", field="event")
    bodies: dict[str, bytes | None] = {}
    for one in wanted:
        mended = domain.mended(one.body, body.event) if body.event is not None else None
        bodies[one.mark] = one.body if mended is None else mended
        replayed = Replayed(
            queue=at["queue"],
            message=one.id,
            type=one.type,
            why=one.reason,
            reason=body.reason,
            body=readable(mended) if mended is not None else None,
            at=at.now,
        )
        await desk.note(one, at["queue"], replayed, at.cause)
    return Done(settled=len(await desk.unpark(at["queue"], bodies)))


@SETTLED.step(
    "丢弃消息",
    "/parked/{queue}/discard",
    who=ADMIN,
    record=None,
    versioned=False,
)
async def discard(desk: Desk, at: At[None], body: SettleIn) -> Done:
    """For good; what it was stands on the trail."""
    at.demand({})
    wanted = await _wanted(desk, at["queue"], body)
    for one in wanted:
        discarded = Discarded(
            queue=at["queue"],
            message=one.id,
            type=one.type,
            why=one.reason,
            reason=body.reason,
            body=readable(one.body),
            at=at.now,
        )
        await desk.note(one, at["queue"], discarded, at.cause)
    gone = await desk.unpark(at["queue"], {one.mark: None for one in wanted})
    return Done(settled=len(gone))


STEPS = (replay, discard)
