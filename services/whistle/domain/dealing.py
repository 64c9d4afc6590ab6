"""A developer's agreement that missed dates, as we deal with it: what changes about it concerns each whistle."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleConcerned:
    """A change of the agreement, for the whistle of one date that was missed."""

    agreement: str
    street: str
    community: str | None = None
    due: str
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealing:
    """One document hears of the change and tells it for each date: the whistles are documents of their own."""

    agreement: str
    street: str
    community: str | None = None


def concerned(
    *, agreement: str, street: str, community: str | None, change: str, missed: Sequence[str]
) -> Iterable[WhistleConcerned]:
    return [
        WhistleConcerned(
            agreement=agreement, street=street, community=community, due=due, change=change
        )
        for due in dict.fromkeys(missed)
    ]


def evolve(_: Dealing | None, event: WhistleConcerned) -> Dealing:
    """What was told stands in the trail; nothing is decided on it here."""
    return Dealing(agreement=event.agreement, street=event.street, community=event.community)
