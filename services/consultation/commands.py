"""What can be asked of the desk: one frozen record per command, already parsed."""

from dataclasses import dataclass

from .domain.committee import Level, Member


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatCommittee:
    """At street level the street is named; below it the community, and its street follows."""

    level: Level
    name: str
    members: tuple[Member, ...]
    street: str | None = None
    community: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeMatter:
    """`community`: which one a street committee's matter concerns, where it is one."""

    committee: str
    title: str
    category: str
    subject: str
    community: str | None = None
