"""The compiled release of a process: where its releases lead to, by the standard's own way of merging."""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from . import model

OMITTED = frozenset({"ocid", "id", "date", "tag"})
"""Of each release: said anew of what they lead to."""


def compiled(releases: Sequence[model.Release]) -> model.CompiledRelease:
    """Of at least one, oldest first: objects are merged by field, lists of what has an id by it, other values
    are the latest."""
    dumped = [one.model_dump(mode="json", by_alias=True, exclude_none=True) for one in releases]
    told = ({name: held for name, held in one.items() if name not in OMITTED} for one in dumped)
    merged: dict[str, Any] = reduce(_merged, told, {})
    last = releases[-1]
    return model.CompiledRelease.model_validate(
        {
            **merged,
            "ocid": last.ocid,
            "id": f"{last.ocid}-{dumped[-1]['date']}",
            "date": dumped[-1]["date"],
            "tag": ["compiled"],
        }
    )


def _merged(before: Any, after: Any) -> Any:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        later = {name: _merged(before.get(name), held) for name, held in after.items()}
        return {**before, **later}
    if _has_ids(before) and _has_ids(after):
        known = {one["id"]: one for one in before}
        for one in after:
            known[one["id"]] = _merged(known.get(one["id"]), one)
        return list(known.values())
    return after


def _has_ids(held: Any) -> bool:
    return isinstance(held, list) and all(isinstance(one, dict) and "id" in one for one in held)
