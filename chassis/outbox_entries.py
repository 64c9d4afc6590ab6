"""The event published of a change, as it waits in the outbox: one that could never be published is refused before it is
written."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from contracts.event import MAX_BYTES, Envelope, Event

from .cause import Cause
from .faults import refused
from .kernel.errors import Malformed

A = TypeVar("A")
E = TypeVar("E")


def announcement(announce: Callable[[E, A], Event | None], event: E, state: A) -> Event | None:
    """What is promised of it; Malformed for what the promise doesn't admit."""
    try:
        return announce(event, state)
    except ValidationError as error:
        raise refused(error, saying="无法作为事件公布：") from None


def outbox_entry(
    told: Event,
    voice: tuple[str, str],
    subject: str,
    entry: Mapping[str, Any],
    correlation: str,
    cause: Cause,
) -> dict[str, Any]:
    """The outbox entry: the envelope as it will travel, from `voice` (source and id)."""
    source, id = voice
    envelope = Envelope(
        id=id,
        source=source,
        type=told.type,
        subject=subject,
        time=cause.now,
        sequence=f"{entry['version']:012d}",
        correlationid=cause.correlation or correlation,
        causationid=cause.causation,
        traceparent=cause.traceparent,
        trailhead=entry["mark"],
        data=told.model_dump(mode="json", exclude_none=True),
    )
    if len(envelope.wire()) > MAX_BYTES:
        raise Malformed("内容过大，无法作为事件发布。")
    return {**envelope.model_dump(mode="json", exclude_none=True), "since": entry["at"]}
