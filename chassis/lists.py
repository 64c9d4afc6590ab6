"""What a list may be asked for: by which fields, from when until when, and in which order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from contracts.event import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One query parameter: the key it asks of, what it may be, and how the key relates to it."""

    key: str
    type: Any = Code
    how: Literal["is", "from", "to"] = "is"


def by(*keys: str) -> Mapping[str, Filter]:
    """Codes that are asked for by the name of their key."""
    return {key: Filter(key=key) for key in keys}
