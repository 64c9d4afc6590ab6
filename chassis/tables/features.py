"""GeoJSON (RFC 7946) as a table: one line per feature, its properties as columns, and its geometry as one more."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from .cells import WIDEST, Refused, Row, Sheet
from .columns import Column

SHAPE = "geometry"
"""The column that holds a feature's shape, as text."""
MEDIA = "application/geo+json"
LARGEST = 1024 * 1024
"""Characters of one shape."""


def sheets_of_features(path: Path) -> Iterator[Sheet]:
    try:
        whole = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        raise Refused("文件不是 UTF-8 编码的 GeoJSON。") from None
    features = whole.get("features") if whole.get("type") == "FeatureCollection" else None
    if not isinstance(features, list):
        raise Refused("GeoJSON 须为 FeatureCollection。")
    yield Sheet("", _rows(features))


def _rows(features: Sequence[Any]) -> Iterator[Row]:
    said = [_properties(feature) for feature in features]
    names = list(dict.fromkeys(name for properties in said for name in properties))
    headings = [SHAPE, *(name for name in names if name != SHAPE)][:WIDEST]
    yield Row(0, dict(enumerate(headings)))
    for number, (feature, properties) in enumerate(zip(features, said, strict=True), start=1):
        shape = feature.get(SHAPE) if isinstance(feature, dict) else None
        text = json.dumps(shape, separators=(",", ":")) if shape else ""
        cells = {n: properties[name] for n, name in enumerate(headings) if name in properties}
        if len(text) > LARGEST:
            yield Row(number, cells, {0: f"图形超过 {LARGEST} 个字符。"})
        else:
            yield Row(number, {**cells, 0: text} if text else cells)


def _properties(feature: Any) -> Mapping[str, str]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return {}
    return {
        str(name): value if isinstance(value, str) else json.dumps(value)
        for name, value in properties.items()
        if name != SHAPE and value is not None
    }


async def as_features(
    columns: Sequence[Column], rows: AsyncIterator[Sequence[str | int | None]]
) -> bytes:
    """What `sheets_of_features` reads back."""
    names = [column.name for column in columns]
    features = []
    async for row in rows:
        cells = dict(zip(names, row, strict=True))
        shape = json.loads(str(cells.pop(SHAPE)))
        features.append({"type": "Feature", "properties": cells, SHAPE: shape})
    whole = {"type": "FeatureCollection", "features": features}
    return json.dumps(whole, ensure_ascii=False).encode()
