"""Which list of its service a field's ids are from: `x-list` says it beside the field, for whoever builds a form."""

from collections.abc import Iterator, Mapping
from typing import Any

LIST = "x-list"
WRITTEN = "^[a-z0-9][a-z0-9_-]{0,63}$"
IDS = (None, "^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$", WRITTEN)
"""What an id of a record looks like, where anything is said of it; the last of them people write."""


def refer(document: Mapping[str, Any]) -> None:
    """A field is called as the list is, or as one of it; each of the list can be had by its id."""
    lists = {named.partition(".")[2]: named for named in _lists(document)}
    for schema in document["components"]["schemas"].values():
        for name, shape in schema.get("properties", {}).items():
            called = next(filter(lists.__contains__, (f"{name}s", name)), None)
            if called and _are_ids(shape):
                shape[LIST] = lists[called]


def _lists(document: Mapping[str, Any]) -> Iterator[str]:
    """`whistle.problems`."""
    known = {one["operationId"] for item in document["paths"].values() for one in item.values()}
    for operation in known:
        name, _, what = operation.rpartition(".")
        if what == "list" and known & {f"{name}.one", f"{name}.show"}:
            yield name


def _are_ids(shape: Mapping[str, Any]) -> bool:
    """One or several."""
    there = [one for one in shape.get("anyOf", (shape,)) if one.get("type") != "null"]
    if len(there) != 1:
        return False
    if there[0].get("type") == "array":
        return _are_ids(there[0].get("items", {}))
    return is_id(there[0])


def is_id(plain: Mapping[str, Any]) -> bool:
    """What has a length is written, though it may be called as a list is: the powers that somebody hands down."""
    text = plain.get("type") == "string" and not plain.keys() & {"enum", "format", "maxLength"}
    return text and plain.get("pattern") in IDS
