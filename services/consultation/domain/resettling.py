"""C-01: what is a community's goes along into another street, or into the community it was merged into (ours)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Resettled:
    """`street`: where the community lies now; `community`: what it was merged into, none where it is itself still."""

    street: str
    community: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Community `before` is `community` now, in `street`; they are one where the street alone is new."""

    before: str
    community: str
    street: str


class Lying(Protocol):
    @property
    def street(self) -> str: ...

    @property
    def community(self) -> str | None: ...


def resettle(one: Lying, to: Moved, now: datetime, *, stays: bool = False) -> tuple[Resettled, ...]:
    """Once. `stays` in its street: what is before a street's committee is that street's, also where it concerns one of
    its communities."""
    street = one.street if stays else to.street
    if one.community != to.before or (one.street, to.before) == (street, to.community):
        return ()
    merged = to.community if to.community != to.before else None
    return (Resettled(street=street, community=merged, at=now),)
