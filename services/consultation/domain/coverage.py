"""C-29: how many communities consulted on something in a year, by street and kind of community."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from .matter import Matter

Kind = Literal["urban", "village_converted"]
TARGETS: Mapping[Kind, tuple[int, int, int]] = {
    "urban": (30, 80, 80),
    "village_converted": (30, 50, 50),
}
"""Percent in 2017, 2018 and 2019; from 2020 on all of them."""
FIRST, ALL_FROM = 2017, 2020


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """`kind` is none where the register names none; `percent` is rounded down; `target` in percent, none
    before there was one or for an unknown kind."""

    street: str
    kind: Kind | None
    communities: int
    consulted: int
    percent: int
    target: int | None
    met: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    community: str
    street: str
    kind: Kind | None


def consulted_by(matter: Matter, year: int) -> frozenset[str]:
    """The communities that a matter deliberated in the year counts for: whose it was then, or each of several."""
    held = [day for day in (*matter.earlier_on, matter.held_on) if day and day.year == year]
    several = matter.communities if held else ()
    codes = (*(matter.community_on(day) for day in held), *several)
    return frozenset(code for code in codes if code)


def gone_on(consulted: Iterable[str], became: Mapping[str, str]) -> frozenset[str]:
    """And what each of them became, one merger after the other: whose matter it was doesn't leave it without one."""
    found: set[str] = set()
    for code in consulted:
        while code not in found:
            found.add(code)
            code = became.get(code, code)
    return frozenset(found)


def target_of(kind: Kind | None, year: int) -> int | None:
    if kind is None or year < FIRST:
        return None
    return 100 if year >= ALL_FROM else TARGETS[kind][year - FIRST]


def covered(places: Iterable[Place], consulted: Collection[str], year: int) -> list[Covered]:
    groups: dict[tuple[str, Kind | None], list[str]] = {}
    for place in places:
        groups.setdefault((place.street, place.kind), []).append(place.community)
    ordered = sorted(groups.items(), key=lambda group: (group[0][0], group[0][1] or ""))
    return [_row(street, kind, codes, consulted, year) for (street, kind), codes in ordered]


def _row(
    street: str, kind: Kind | None, codes: Collection[str], consulted: Collection[str], year: int
) -> Covered:
    count = len(set(codes) & set(consulted))
    target = target_of(kind, year)
    return Covered(
        street=street,
        kind=kind,
        communities=len(codes),
        consulted=count,
        percent=count * 100 // len(codes),
        target=target,
        met=None if target is None else count * 100 >= target * len(codes),
    )
