"""H-11: what stands in a community that was merged into another, or lies in another street now, goes along (ours)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chassis.kernel.errors import Malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class Resettled:
    """What was community `before`'s is `community`'s, in `street`; they are one where the street alone is new."""

    before: str
    community: str
    street: str
    at: datetime

    def follows(self, office: str) -> str:
        """What an office is called from then on."""
        return f"community:{self.community}" if office == f"community:{self.before}" else office


@dataclass(frozen=True, slots=True, kw_only=True)
class Transferred:
    """By its street into another of its communities: what one was split into, or where it is now."""

    street: str
    community: str
    at: datetime


class Settled(Protocol):
    @property
    def street(self) -> str | None: ...

    @property
    def community(self) -> str | None: ...


def resettle(one: Settled, to: Resettled) -> tuple[Resettled, ...]:
    """Once; nothing of what isn't there, or is where it belongs already."""
    there = one.community == to.before
    return (to,) if there and (one.street, one.community) != (to.street, to.community) else ()


def transfer(one: Settled, to: Transferred) -> Transferred:
    if (one.street, one.community) == (to.street, to.community):
        raise Malformed("已在该社区。", field="community")
    return to
