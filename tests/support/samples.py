"""A small valid value for a JSON Schema, so that a request reaches what stands behind its validation."""

from typing import Any

TEXTS = {
    r"^[0-9]{16}$": "0123456789012345",
    r"^20[0-9]{2}-Q[1-4]$": "2026-Q1",
    r"^20[0-9]{2}-(0[1-9]|1[0-2])$": "2026-03",
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$": "2026-03-02",
}
FORMATS = {"date": "2026-03-02", "date-time": "2026-03-02T09:00:00+08:00"}


def sample(schema: dict[str, Any], document: dict[str, Any]) -> Any:
    """With the required fields only."""
    if reference := schema.get("$ref"):
        return sample(document["components"]["schemas"][reference.rpartition("/")[2]], document)
    if alternatives := schema.get("anyOf"):
        return sample(alternatives[0], document)
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    match schema.get("type"):
        case "object":
            properties = schema.get("properties", {})
            return {name: sample(properties[name], document) for name in schema.get("required", ())}
        case "array":
            return [sample(schema["items"], document) for _ in range(schema.get("minItems", 1))]
        case "integer":
            return int(schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1))
        case "boolean":
            return True
        case _:
            text = FORMATS.get(schema.get("format", "")) or TEXTS.get(schema.get("pattern", ""))
            return text or "1200"
