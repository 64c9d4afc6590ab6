"""Where a community lies (H-11): what is no outline is refused, and no two communities have the same ground."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from chassis.kernel.errors import Malformed
from services.housing.domain.outlines import (
    MOST,
    Outline,
    OutlineDrawn,
    area_of,
    draw,
    evolve,
    overlapping,
    read,
    written,
)


def square(east: float, north: float, side: float = 0.01) -> list[list[float]]:
    far, top = east + side, north + side
    return [[east, north], [far, north], [far, top], [east, top], [east, north]]


def polygon(*rings: Any) -> str:
    return json.dumps({"type": "Polygon", "coordinates": rings})


drawn = OutlineDrawn(
    community="haihua",
    street="liujia",
    polygons=read(polygon(square(102.74, 25.01))),
    reason="2026年勘界",
    at=datetime(2026, 3, 2, 4, 0, tzinfo=UTC),
)


def test_an_outline_is_kept_in_millionths_and_given_back_as_it_was() -> None:
    shape = read(polygon(square(102.74, 25.01)))
    assert shape[0][0][0] == (102_740_000, 25_010_000)
    assert read(json.dumps(written(shape))) == shape
    two = {"type": "MultiPolygon", "coordinates": [[square(102.7, 25)], [square(102.8, 25)]]}
    assert len(read(json.dumps(two))) == 2
    high = polygon([[*point, 1891.5] for point in square(102.7, 25)])
    assert read(high)[0][0][0] == (102_700_000, 25_000_000)


def test_what_changes_nothing_is_not_drawn_again() -> None:
    known = evolve(None, drawn)
    assert draw(None, drawn) == (drawn,)
    assert draw(known, drawn) == ()
    assert draw(Outline(community="haihua", polygons=drawn.polygons), drawn) == (drawn,)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "须为 GeoJSON"),
        ("null", "须为 GeoJSON"),
        ('{"type":"Point","coordinates":[102.7,25]}', "须为 GeoJSON"),
        (polygon([["a", "b"]] * 4), "须为 GeoJSON"),
        (polygon([[102.7]] * 4), "须为 GeoJSON"),
        (polygon([[1e999, 25]] * 4), "须为 GeoJSON"),
        (polygon(), "没有图形"),
        ('{"type":"MultiPolygon","coordinates":[]}', "没有图形"),
        (polygon(square(102.7, 25)[:4]), "闭合"),
        (polygon(square(102.7, 25)[:2] + square(102.7, 25)[:1]), "闭合"),
        (polygon(square(25, 102.7)), "先经度"),
        (polygon(square(182, 25)), "先经度"),
        (polygon([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]), "自相交"),
        (polygon([[102 + n / 1e6, 25] for n in range(MOST)] + [[102, 25]]), f"超过 {MOST} 个点"),
    ],
)
def test_H_11_what_is_no_outline_says_why(text: str, why: str) -> None:
    with pytest.raises(Malformed, match=why) as refusal:
        read(text)
    assert refusal.value.field == "geometry"


def areas(**where: tuple[float, float]) -> Mapping[str, Any]:
    return {code: area_of(read(polygon(square(*at)))) for code, at in where.items()}


def test_H_11_no_two_communities_have_the_same_ground() -> None:
    mine = areas(haihua=(102.74, 25.01))["haihua"]
    beside = areas(haihua=(102.74, 25.01), next=(102.75, 25.01), almost=(102.74, 25.01995))
    assert overlapping("haihua", mine, beside) is None
    assert overlapping("haihua", mine, areas(other=(102.745, 25.01))) == "other"
