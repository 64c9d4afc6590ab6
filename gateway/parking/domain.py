"""One message that a consumer gave up (Parked, 搁置消息), and each thing that was done about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from pydantic import ValidationError

from chassis.faults import refused
from chassis.kernel.errors import Malformed
from contracts.event import MAX_BYTES, Envelope


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """`body`: what it was mended to, where it was."""

    queue: str
    message: str
    type: str
    why: str
    reason: str
    body: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Discarded:
    """`body`: what it was; nothing is lost with it."""

    queue: str
    message: str
    type: str
    why: str
    reason: str
    body: str
    at: datetime


SettledEvent = Replayed | Discarded


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """`why` it had been given up, `reason` for what was done; `times` it was delivered again."""

    queue: str
    message: str
    type: str
    why: str
    reason: str
    discarded: bool
    mended: bool
    times: int
    at: datetime


def evolve(settled: Settled | None, event: SettledEvent) -> Settled:
    times = settled.times if settled else 0
    match event:
        case Replayed():
            discarded, mended, times = False, event.body is not None, times + 1
        case Discarded():
            discarded, mended = True, False
        case _:
            assert_never(event)
    return Settled(
        queue=event.queue,
        message=event.message,
        type=event.type,
        why=event.why,
        reason=event.reason,
        discarded=discarded,
        mended=mended,
        times=times,
        at=event.at,
    )


def readable(body: bytes) -> str:
    """As text, whatever it is."""
    return body.decode("utf-8", errors="backslashreplace")


def mended(before: bytes, said: dict[str, object]) -> bytes:
    """The event in its place: a whole envelope, under the source and id that it had; Malformed otherwise."""
    try:
        after = Envelope.model_validate(said)
    except ValidationError as error:
        raise refused(error, under="event.") from None
    body = after.wire()
    if len(body) > MAX_BYTES:
        raise Malformed(f"超过 {MAX_BYTES} 字节。", field="event")
    try:
        known = Envelope.model_validate_json(before)
    except ValidationError:
        return body  # it was none: whose it was can't be told
    if (known.source, known.id) != (after.source, after.id):
        raise Malformed("来源和编号（source、id）不得改动。", field="event.id")
    return body
