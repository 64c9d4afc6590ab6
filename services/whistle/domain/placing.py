"""Where a report without a community's code belongs: by its point on the map, else by a name in its address.

That both are looked at, in this order, and that nobody is guessed at, is ours.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shapely import MultiPolygon, Point, Polygon

SCALE = 1_000_000
"""Coordinates are millionths of a degree."""
KIND = "社区"
Shape = tuple[tuple[tuple[tuple[int, int], ...], ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spotted:
    """A point on the map, WGS 84, in millionths of a degree."""

    east: int
    north: int

    def __str__(self) -> str:
        """As people enter it into a map."""
        return f"北纬 {self.north / SCALE:.6f}，东经 {self.east / SCALE:.6f}"


def spotted(lat: float, long: float) -> Spotted:
    return Spotted(east=round(long * SCALE), north=round(lat * SCALE))


def bounds(shape: Shape) -> dict[str, int]:
    """The least box around an outline, by which it is found."""
    east = [east for polygon in shape for east, _ in polygon[0]]
    north = [north for polygon in shape for _, north in polygon[0]]
    return {"west": min(east), "east": max(east), "south": min(north), "north": max(north)}


def around(point: Spotted, outlines: Mapping[str, Shape]) -> str | None:
    """The one community whose outline holds the point; None where none does, or several."""
    here = Point(point.east, point.north)
    found = [
        code
        for code, shape in outlines.items()
        if MultiPolygon([Polygon(outer, holes) for outer, *holes in shape]).covers(here)
    ]
    return found[0] if len(found) == 1 else None


def named(address: str, names: Mapping[str, str]) -> str | None:
    """The one community that the address names, as a community if it says so of any; `names`: code → name."""
    bare = {code: name.removesuffix(KIND) for code, name in names.items()}
    called = _met(address, {code: name + KIND for code, name in bare.items()})
    found = called or _met(address, bare)
    return found[0] if len(found) == 1 else None


def _met(address: str, names: Mapping[str, str]) -> list[str]:
    """Those whose name stands in it, and not only as a part of a longer one."""
    left, met = address, set[str]()
    for name in _longest_first(names.values()):
        if name in left:
            met.add(name)
            left = left.replace(name, "\n")
    return [code for code, name in names.items() if name in met]


def _longest_first(names: Iterable[str]) -> list[str]:
    return sorted({name for name in names if name}, key=lambda name: (-len(name), name))
