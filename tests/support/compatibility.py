"""Whether a new JSON Schema keeps the promises of a released one.

Both sides are protected: who reads new events by the released schema, and who reads events written
under it. Fields may be added with a default and lists of words may grow; what this page doesn't
understand counts as broken.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]

WORDS = {"$schema", "$id", "$defs", "$comment", "title", "description", "examples", "deprecated"}
LOWER = {"minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum"}
UPPER = {"maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum"}
RESTRICTING = {"pattern", "format", "multipleOf", "uniqueItems"}
COMPARED = {"type", "enum", "const", "default", "properties", "required", "items", "anyOf"}


def breaking(released: Schema, current: Schema) -> list[str]:
    """What breaks, each with its place; empty when whoever knows the released schema is safe."""
    return list(_Comparison(released, current).differences(released, current, ""))


@dataclass(frozen=True)
class _Comparison:
    released: Schema
    current: Schema

    def differences(self, old: Schema, new: Schema, at: str) -> Iterator[str]:
        old, new = _resolved(self.released, old), _resolved(self.current, new)
        if "anyOf" in old or "anyOf" in new:
            yield from self._choices(old, new, at)
        elif old.get("type") != new.get("type"):
            yield f"{at or '.'}: retyped from {old.get('type')} to {new.get('type')}"
        else:
            yield from _values(old, new, at or ".")
            yield from _limits(old, new, at or ".")
            yield from self._fields(old, new, at)
            if "items" in old or "items" in new:
                yield from self.differences(old.get("items", {}), new.get("items", {}), at + "[]")

    def _choices(self, old: Schema, new: Schema, at: str) -> Iterator[str]:
        offered = new.get("anyOf", [new])
        for choice in old.get("anyOf", [old]):
            if all(any(self.differences(choice, other, at)) for other in offered):
                yield f"{at or '.'}: one of its forms is gone: {dict(choice)}"

    def _fields(self, old: Schema, new: Schema, at: str) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        needed, needs = set(old.get("required", [])), set(new.get("required", []))
        for name in sorted(needs - needed):
            yield f"{at}.{name}: is required now"
        for name, field in before.items():
            if name not in after:
                yield f"{at}.{name}: removed or renamed"
                continue
            if name in needed - needs:
                yield f"{at}.{name}: is no longer promised"
            yield from self.differences(field, after[name], f"{at}.{name}")


def _resolved(document: Schema, part: Schema) -> Schema:
    while "$ref" in part:
        found: Any = document
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = {**found, **{key: value for key, value in part.items() if key != "$ref"}}
    return part


def _values(old: Schema, new: Schema, at: str) -> Iterator[str]:
    before, after = _enumerated(old), _enumerated(new)
    if after is not None and (before is None or set(before) - set(after)):
        yield f"{at}: narrowed from {before or 'anything'} to {after}"
    if before is not None and after is None:
        yield f"{at}: was one of {before}, is anything now"
    if "default" in old and old["default"] != new.get("default", ...):
        yield f"{at}: its absence meant {old['default']!r}, and doesn't now"


def _enumerated(schema: Schema) -> list[Any] | None:
    return [schema["const"]] if "const" in schema else schema.get("enum")


def _limits(old: Schema, new: Schema, at: str) -> Iterator[str]:
    for key in sorted((set(old) | set(new)) - WORDS - COMPARED):
        before, after = old.get(key), new.get(key)
        if before != after and not _wider(key, before, after):
            yield f"{at}: {key} was {before}, is {after}"


def _wider(key: str, before: Any, after: Any) -> bool:
    if after is None:
        return key in LOWER | UPPER | RESTRICTING
    if before is None or key not in LOWER | UPPER:
        return False
    return bool(after < before if key in LOWER else after > before)
