"""P-10: what a community began goes on with what it was merged into; whose it was when it was said stays (ours)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Resettled:
    """Its community is no more, and `community` goes on with it."""

    community: str
    at: datetime


class Begun(Protocol):
    @property
    def community(self) -> str | None: ...

    @property
    def successor(self) -> str | None: ...


def carried_by(one: Begun) -> str | None:
    """The community whose it is now."""
    return one.successor or one.community


def resettle(one: Begun, before: str, community: str, now: datetime) -> tuple[Resettled, ...]:
    """Once; nothing of what isn't `before`'s."""
    return (Resettled(community=community, at=now),) if carried_by(one) == before else ()
