"""A weakness (薄弱环节) that the index has found: a theme in which a street was weak in a quarter."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Below the level asked for, or falling against the quarter before."""

    BELOW = "below"
    FALLING = "falling"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weakness:
    """What the dispatch sheet (季调度单) shows; levels are hundredths of a point.

    `sequence` is the teller's: in whatever order the news comes, the latest stands.
    """

    street: str
    theme: str
    quarter: str
    level: int
    before: int | None = None
    why: Why
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeaknessTold:
    weakness: Weakness


def told(known: Weakness | None, weakness: Weakness) -> Iterable[WeaknessTold]:
    if known is not None and known.sequence >= weakness.sequence:
        return ()
    return (WeaknessTold(weakness=weakness),)


def evolve(_: Weakness | None, event: WeaknessTold) -> Weakness:
    return event.weakness
