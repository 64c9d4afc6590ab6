"""Where a community lies (社区范围): its outline, as the district drew it.

Coordinates are longitude and latitude in millionths of a degree (WGS 84, as GeoJSON has them). That outlines
keep apart from one another is ours, not the documents'.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shapely import MultiPolygon, Polygon, is_valid_reason

from chassis.kernel.errors import Malformed

Point = tuple[int, int]
Ring = tuple[Point, ...]
Shape = tuple[tuple[Ring, ...], ...]
"""Polygons, each its outer ring and then its holes; a ring ends where it begins."""

SCALE = 1_000_000
MOST = 5_000
"""Points of one outline: others are told it in one event."""
OVERLAP = 0.01
"""How much of the smaller of two communities both may claim: lines that were drawn twice never quite meet."""
FURTHEST = (180 * SCALE, 90 * SCALE)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineDrawn:
    community: str
    street: str | None = None
    polygons: Shape
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    community: str
    street: str | None = None
    polygons: Shape


def draw(known: Outline | None, drawn: OutlineDrawn) -> tuple[OutlineDrawn, ...]:
    same = known and (known.polygons, known.street) == (drawn.polygons, drawn.street)
    return () if same else (drawn,)


def evolve(outline: Outline | None, event: OutlineDrawn) -> Outline:
    return Outline(community=event.community, street=event.street, polygons=event.polygons)


def read(text: str) -> Shape:
    """A GeoJSON Polygon or MultiPolygon; Malformed says what keeps it from being one."""
    try:
        shape = json.loads(text)
        kind, coordinates = shape["type"], shape["coordinates"]
        polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}[kind]
        read = tuple(tuple(tuple(_point(p) for p in ring) for ring in one) for one in polygons)
    except (ValueError, KeyError, TypeError, IndexError, OverflowError):
        raise _bad("须为 GeoJSON 的 Polygon 或 MultiPolygon。") from None
    _check(read)
    return read


def _point(position: Sequence[float]) -> Point:
    east, north = (round(float(degrees) * SCALE) for degrees in position[:2])
    return east, north


def _check(shape: Shape) -> None:
    rings = [ring for polygon in shape for ring in polygon]
    if not rings or not all(shape):
        raise _bad("没有图形。")
    if sum(len(ring) for ring in rings) > MOST:
        raise _bad(f"超过 {MOST} 个点。")
    for ring in rings:
        if len(ring) < 4 or ring[0] != ring[-1]:
            raise _bad("边界须闭合，至少三个点。")
        if any(abs(east) > FURTHEST[0] or abs(north) > FURTHEST[1] for east, north in ring):
            raise _bad("坐标须为先经度、后纬度。")
    area = area_of(shape)
    if not area.is_valid:
        raise _bad(f"边界自相交或重叠（{is_valid_reason(area)}）。")


def area_of(shape: Shape) -> MultiPolygon:
    return MultiPolygon([Polygon(outer, holes) for outer, *holes in shape])


def overlapping(
    community: str, area: MultiPolygon, others: Mapping[str, MultiPolygon]
) -> str | None:
    """Another community that claims more of the same ground than lines drawn twice would."""
    for code, other in others.items():
        if code == community or not area.intersects(other):
            continue
        if area.intersection(other).area > OVERLAP * min(area.area, other.area):
            return code
    return None


def written(shape: Shape) -> dict[str, Any]:
    """As GeoJSON has it; `read` takes it back as it was."""
    degrees = [
        [[[east / SCALE, north / SCALE] for east, north in ring] for ring in polygon]
        for polygon in shape
    ]
    return {"type": "MultiPolygon", "coordinates": degrees}


def _bad(detail: str) -> Malformed:
    return Malformed(detail, field="geometry")
