"""What there is in a community: counted again whenever something changes, told when the figures do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from .volunteer import ServiceKind, Volunteer

HOUR = 60
TARGETS = {"urban": 10, "village_converted": 5}
"""O-05: social organisations of a community, on average; of kinds as the register of communities has them."""
GROUPS = 10
"""O-05: self-organised groups of every community."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    organisations: int | None = None
    groups: int | None = None


def targets(kinds: Sequence[str | None]) -> Targets:
    """O-05: of these communities together: so many on average is so many times their number. Of
    organisations none where a kind isn't known.
    """
    each = [TARGETS.get(kind or "") for kind in kinds]
    known = [one for one in each if one is not None]
    return Targets(
        organisations=sum(known) if kinds and len(known) == len(each) else None,
        groups=GROUPS * len(kinds) if kinds else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    organisations: int
    groups: int
    volunteers: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """O-15: what is published of service: how often and how long, by community and kind, never by whom."""

    community: str
    kind: ServiceKind
    times: int
    minutes: int
    hours: int


def served(volunteers: Iterable[Volunteer]) -> list[Served]:
    """Of what was confirmed and not reversed."""
    found: dict[tuple[str, ServiceKind], list[int]] = {}
    for volunteer in volunteers:
        for one in volunteer.services:
            if one.confirmed_by is not None and one.counts:
                found.setdefault((volunteer.community, one.kind), []).append(one.minutes)
    return [
        Served(
            community=community,
            kind=kind,
            times=len(minutes),
            minutes=sum(minutes),
            hours=sum(minutes) // HOUR,
        )
        for (community, kind), minutes in sorted(found.items())
    ]


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
    """Nothing where nothing changed, neither the figures nor the street it lies in."""
    if known and (known.figures, known.street) == (counted.figures, counted.street):
        return ()
    return (counted,)


def evolve(_: CommunityCount | None, event: CommunityCounted) -> CommunityCount:
    return CommunityCount(
        community=event.community,
        street=event.street,
        figures=event.figures,
        counted_at=event.at,
    )
