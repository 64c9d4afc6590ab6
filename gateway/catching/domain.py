"""What was told again to one service (Told Again, 补投), and why."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldAgain:
    """`count` events, from behind number `after` up to number `until` of the journal."""

    service: str
    after: int
    until: int
    count: int
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaughtUp:
    """`count` in all, however often; `reason` of the last time."""

    service: str
    until: int
    count: int
    reason: str
    at: datetime


def evolve(known: CaughtUp | None, event: ToldAgain) -> CaughtUp:
    return CaughtUp(
        service=event.service,
        until=event.until,
        count=event.count + (known.count if known else 0),
        reason=event.reason,
        at=event.at,
    )
