"""Other services' events, taking effect exactly once: checked, handed to one reaction, and settled in one place."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Generic, TypeVar

import structlog
from opentelemetry.trace import SpanKind
from pydantic import ValidationError

from contracts.event import MAX_BYTES, Envelope, Event

from .bus import Delivery, Done, Park, Retry, Verdict
from .cause import Cause
from .faults import first_fault
from .kernel.errors import OutOfOrder, Refusal, Unavailable
from .refused_news import NewsTurnedDown, RefusedNews, teller
from .telemetry import Telemetry, traceparent

E = TypeVar("E", bound=Event)
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Heard(Generic[E]):
    """An event that arrived, and the cause under which a reaction changes its one document.

    The cause's key is the event's source and id: redelivered, it changes nothing.
    """

    event: E
    envelope: Envelope
    cause: Cause

    @property
    def about(self) -> str:
        return self.envelope.about

    @property
    def sequence(self) -> int:
        return int(self.envelope.sequence)


@dataclass(frozen=True, slots=True)
class Subscription(Generic[E]):
    """The reaction to one type of event. A reaction changes one document; one that changes several continues where it
    was interrupted when the event is redelivered.
    """

    event: type[E]
    react: Callable[[Heard[E]], Awaitable[object]]


def _outcome(verdict: Verdict) -> str:
    return type(verdict).__name__.lower()


def not_done(queue: str, delivery: Delivery, verdict: Park | Retry) -> None:
    """In the log, under the trace of what it is about, where that could be read."""
    log.warning(
        "delivery_" + _outcome(verdict),
        queue=queue,
        id=delivery.id,
        type=delivery.type,
        attempt=delivery.attempt,
        reason=verdict.reason,
    )


class Listener:
    """Handles the deliveries of one queue."""

    def __init__(
        self,
        service: str,
        subscriptions: Iterable[Subscription[Any]],
        clock: Callable[[], datetime],
        telemetry: Telemetry,
        titles: Mapping[str, str] = MappingProxyType({}),
        refused_news: RefusedNews | None = None,
    ) -> None:
        """`titles`: of the steps that a refusal may name. `refused_news`: informs partners of refusals."""
        self._service = service
        self._titles = titles
        self._refused_news = refused_news
        self._clock = clock
        self._telemetry = telemetry
        self._by_type = {subscription.event.type: subscription for subscription in subscriptions}

    @property
    def types(self) -> frozenset[str]:
        return frozenset(self._by_type)

    async def handle(self, delivery: Delivery) -> Verdict:
        verdict = await self._judge(delivery)
        known = delivery.type if delivery.type in self._by_type else "unknown"
        self._telemetry.consumed(self._service, known, _outcome(verdict))
        return verdict

    async def _judge(self, delivery: Delivery) -> Verdict:
        read = self._read(delivery)
        if isinstance(read, Park):
            not_done(self._service, delivery, read)
            return read
        subscription, envelope, event = read
        with self._telemetry.span(
            f"process {envelope.type}",
            SpanKind.CONSUMER,
            parent=envelope.traceparent,
            attributes={
                "messaging.destination.name": self._service,
                "messaging.operation.type": "process",
                "messaging.message.id": envelope.id,
                "gongzhi.service": self._service,
            },
        ):
            heard = Heard(event, envelope, self._cause(envelope))
            verdict = await self._react(subscription, heard)
            if isinstance(verdict, Park):
                verdict = await self._told(heard, verdict)
            if not isinstance(verdict, Done):
                not_done(self._service, delivery, verdict)
                return verdict
        age = (self._clock() - envelope.time).total_seconds()
        self._telemetry.heard(self._service, age)
        return verdict

    def _read(self, delivery: Delivery) -> tuple[Subscription[Any], Envelope, Event] | Park:
        if len(delivery.body) > MAX_BYTES:
            return Park(f"oversize: {len(delivery.body)} bytes, more than {MAX_BYTES}")
        try:
            envelope = Envelope.model_validate_json(delivery.body)
        except ValidationError as error:
            return Park("malformed envelope: " + first_fault(error))
        subscription = self._by_type.get(envelope.type)
        if subscription is None:
            return Park(f"unknown type or version: {envelope.type}")
        try:
            return subscription, envelope, subscription.event.model_validate(envelope.data)
        except ValidationError as error:
            return Park("malformed data: " + first_fault(error))

    async def _told(self, heard: Heard[Any], refused: Park) -> Verdict:
        """Before it is parked, so that after a crash in between both happen at the redelivery."""
        partner = teller(heard.envelope.source)
        if self._refused_news is None or partner is None:
            return refused
        told = NewsTurnedDown(
            partner=partner,
            why=refused.reason,
            source=heard.envelope.source,
            news=heard.envelope.id,
            told=heard.envelope.type,
            reference=getattr(heard.event, "reference", None),
            at=heard.cause.now,
        )
        try:
            await self._refused_news.tell(told, heard.cause, mark=heard.cause.key or "")
        except Unavailable as away:
            return Retry(f"{away.kind}: {away.detail}")
        except Exception as fault:
            return self._failed(heard, fault)
        return refused

    def _cause(self, envelope: Envelope) -> Cause:
        return Cause(
            actor=f"event:{envelope.type}",
            now=self._clock(),
            correlation=envelope.correlationid,
            causation=envelope.id,
            traceparent=traceparent(),
            key=f"event:{envelope.source} {envelope.id}",
        )

    async def _react(self, subscription: Subscription[Any], heard: Heard[Any]) -> Verdict:
        try:
            await subscription.react(heard)
        except Unavailable as refusal:
            return Retry(f"{refusal.kind}: {refusal.detail}")
        except OutOfOrder as refusal:
            return Park(f"{refusal.kind}: {refusal.called(self._titles).detail}")
        except Refusal as refusal:
            return Park(f"{refusal.kind}: {refusal.detail}")
        except Exception as fault:
            return self._failed(heard, fault)
        return Done()

    def _failed(self, heard: Heard[Any], fault: Exception) -> Retry:
        """An unknown error isn't hopeless: the delivery is retried, and parked only after the last delay."""
        log.exception("reaction_failed", queue=self._service, id=heard.envelope.id)
        return Retry(f"fault: {type(fault).__name__}")
