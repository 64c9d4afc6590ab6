"""What there is in a community: counted again whenever something changes, told when the figures do."""

from dataclasses import dataclass
from datetime import datetime

HOUR = 60
TARGETS = {"urban": 10, "village_converted": 5}
"""O-05: social organisations of a community, on average; of kinds as the register of communities has them."""
GROUPS = 10
"""O-05: self-organised groups of every community."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    organisations: int
    groups: int
    volunteers: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityCounted:
    """Without a community, of what belongs to none."""

    community: str | None = None
    street: str | None = None
    figures: Figures
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityCount:
    community: str | None = None
    street: str | None = None
    figures: Figures
    counted_at: datetime


def count(known: CommunityCount | None, counted: CommunityCounted) -> tuple[CommunityCounted, ...]:
    """Nothing where nothing changed."""
    if known is not None and known.figures == counted.figures:
        return ()
    return (counted,)


def evolve(_: CommunityCount | None, event: CommunityCounted) -> CommunityCount:
    return CommunityCount(
        community=event.community,
        street=event.street,
        figures=event.figures,
        counted_at=event.at,
    )
