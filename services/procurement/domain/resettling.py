"""P-10: what a community began goes on with what it was merged into, and what is open of it in the street where that
lies now; whose it was when it was said stays (ours)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Resettled:
    """`community` goes on with it, as its own is no more; `street`: where that lies now. None of what stays."""

    community: str | None = None
    street: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphaned:
    """Its community is no more, and none goes on with it."""

    at: datetime


class Begun(Protocol):
    @property
    def street(self) -> str: ...

    @property
    def community(self) -> str | None: ...

    @property
    def successor(self) -> str | None: ...


class Left(Begun, Protocol):
    @property
    def orphaned(self) -> bool: ...


def carried_by(one: Begun) -> str | None:
    """The community whose it is now."""
    return one.successor or one.community


def resettle(
    one: Begun, before: str, community: str, now: datetime, *, street: str | None = None
) -> tuple[Resettled, ...]:
    """Once; nothing of what isn't `before`'s. Without a `street` it stays in its own."""
    if carried_by(one) != before:
        return ()
    merged = community if community != before else None
    moved = street if street != one.street else None
    return (Resettled(community=merged, street=moved, at=now),) if merged or moved else ()


def orphan(one: Left, now: datetime) -> tuple[Orphaned, ...]:
    """Once; of one whose community has ended, merged into none."""
    return () if one.orphaned else (Orphaned(at=now),)
