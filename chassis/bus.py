"""The bus port: confirmed publishing to a topic, and consumption settled in one of three ways.

Delivery is at least once, in any order; taking effect once is up to the consumer (`subscriptions`).
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

WITNESS = "journal"
"""The queue that receives everything. An event that can't reach it leaves no outbox."""

DELAYS = (("1s", 1.0), ("10s", 10.0), ("1m", 60.0), ("10m", 600.0))
"""The waits before a failed delivery is tried again, in order; after the last it is parked."""

PREFETCH = 32
DELIVERY_LIMIT = 20

FINISH_WITHIN = 10.0
"""Seconds that a stopping process gives to deliveries in progress; the rest is requeued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is published: the event's id, its type as routing key, and its bytes."""

    id: str
    type: str
    body: bytes
    headers: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What is handed to a consumer; `attempt` counts the earlier tries that failed."""

    id: str
    type: str
    body: bytes
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    """The effect is stored."""


@dataclass(frozen=True, slots=True)
class Retry:
    """It may succeed later."""

    reason: str


@dataclass(frozen=True, slots=True)
class Park:
    """It never will: parked with the reason, for somebody to look at."""

    reason: str


Verdict = Done | Retry | Park
Handler = Callable[[Delivery], Awaitable[Verdict]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """A delivery that was given up, with why and after how many tries."""

    id: str
    type: str
    body: bytes
    reason: str
    attempt: int

    @property
    def mark(self) -> str:
        """What it is told by: a message's id may be missing, or be another's."""
        said = f"{self.id}\0{self.type}\0".encode() + self.body
        return hashlib.sha256(said).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDepth:
    """How many deliveries of a queue wait or are in work, are delayed until their next try, and are parked."""

    waiting: int
    delayed: int
    parked: int


class BusUnavailable(Exception):
    """The broker can't take it now, or the topology is broken: nothing is wrong with the event."""


Topology = Mapping[str, Sequence[str]]
"""Queue → the event types it is bound to, without version (`whistle.closed`); the witness gets all."""


def after_failing(attempt: int, reason: str) -> tuple[str, float] | Park:
    """The next wait, or parking when all have been used up."""
    return DELAYS[attempt] if attempt < len(DELAYS) else Park(reason)


class Bus(Protocol):
    async def start(self) -> None:
        """Begin connecting; returns at once, and goes on trying while the broker is away."""

    async def publish(self, message: Message, *, only: str | None = None) -> None:
        """Returns when the broker has confirmed it; raises BusUnavailable. `only`: to this queue alone."""

    def consume(self, queue: str, handle: Handler) -> None:
        """Hand every delivery of a queue to `handle`, now and after every reconnection."""

    async def parked(self, queue: str) -> list[Parked]:
        """The parked messages, left where they are."""

    async def unpark(self, queue: str, settled: Mapping[str, bytes | None]) -> set[str]:
        """Take these out, by their marks; which of them there were.

        One with a body is delivered again with it, as if for the first time; the others are gone.
        """

    async def depths(self) -> Mapping[str, QueueDepth]:
        """By each queue that this process consumes; raises BusUnavailable."""

    def trouble(self) -> str | None:
        """Why events don't flow, or None."""

    async def quiesce(self) -> None:
        """Take no more deliveries and let those in progress finish, within a time limit."""

    async def stop(self) -> None: ...
