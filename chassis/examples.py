"""A valid request body, made from its schema: shown on the API's pages, and sent by tests."""

from collections.abc import Mapping
from typing import Any

TEXTS = {
    r"^[0-9]{16}$": "0123456789012345",
    r"^20[0-9]{2}-Q[1-4]$": "2026-Q1",
    r"^20[0-9]{2}-(0[1-9]|1[0-2])$": "2026-03",
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$": "2026-03-02",
}
"""By pattern."""
FORMATS = {"date": "2026-03-02", "date-time": "2026-03-02T09:00:00+08:00"}
NAMED = {
    "street": "guanshang",
    "community": "guanshangzhongxinqu",
    "unit": "urban_management",
    "units": "urban_management",
    "lead": "urban_management",
    "reason": "经核实，情况属实",
    "title": "消防通道被占用",
    "url": "https://receiver.example/told",
    "reference": "12345-0001",
}
"""By the field, where a text may be anything."""
AREA = "1200.50"
TEXT = "示例"
CODE = "shili"
CODES = ("^[a-z0-9]", "^[A-Za-z0-9]", "^[0-9A-Za-z]")


def example(schema: Mapping[str, Any], document: Mapping[str, Any], field: str = "") -> Any:
    """With the required fields only; `document` is where its references lead."""
    if reference := schema.get("$ref"):
        return example(
            document["components"]["schemas"][reference.rpartition("/")[2]], document, field
        )
    if alternatives := schema.get("anyOf", schema.get("oneOf")):
        return example(alternatives[0], document, field)
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    match schema.get("type"):
        case "object":
            properties = schema.get("properties", {})
            return {
                name: example(properties[name], document, name)
                for name in schema.get("required", ())
            }
        case "array":
            many = schema.get("minItems", 1)
            return [example(schema["items"], document, field) for _ in range(many)]
        case "integer":
            return int(schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1))
        case "boolean":
            return True
        case _:
            return _text(schema, field)


def _text(schema: Mapping[str, Any], field: str) -> str:
    pattern = schema.get("pattern", "")
    if known := FORMATS.get(schema.get("format", "")) or TEXTS.get(pattern):
        return known
    if field in NAMED:
        return NAMED[field]
    if "area" in field:
        return AREA
    return CODE if pattern.startswith(CODES) else TEXT
