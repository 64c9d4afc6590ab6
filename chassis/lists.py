"""The query parameters of a list: filters by field and by time, search words, and order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import EnumType
from typing import Any, Literal

from contracts.event import Code

from .documents import plain
from .identity import Subject
from .kernel.errors import Malformed
from .kernel.measure import EXACT
from .kind import ACTORS, BEGUN_BY, WORDS
from .numbers import sought
from .store import Has, In, Range, Where

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Mine = Literal["me"]
"""Whose lists may be requested: the caller's own office only. What others did is in the trails."""
NEVER = EXACT
"""For records without a deadline: later than any time, and so in no list of what is due before one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One query parameter: the key it filters by, its type, and how the key relates to it.

    `from` and `to` include that day, `before` means earlier than that time. A filter by an enumeration may be given
    several times: any of these codes.
    """

    key: str
    type: Any = Code
    how: Literal["is", "from", "to", "before"] = "is"

    @property
    def codes(self) -> Any:
        """The enumeration, where it may be several of it."""
        several = self.how == "is" and isinstance(self.type, EnumType)
        return self.type if several else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """An order, by a key that every record of the collection has."""

    key: str
    descending: bool = False


NEWEST = Sort(key="opened_at", descending=True)
DUE = Sort(key="due")


def by(*keys: str) -> Mapping[str, Filter]:
    """Codes that are asked for by the name of their key."""
    return {key: Filter(key=key) for key in keys}


AWAITS = "awaits"
"""The key of the offices whose move is next."""
OVER = "over"
"""The key that says since when a record is over, of those that hold what has a term (`retention`)."""


def moment(at: datetime) -> int:
    """The key of a time that lists are in the order of: microseconds since 1970."""
    return (at - EPOCH) // timedelta(microseconds=1)


def due(at: datetime | None) -> int:
    """The key of what is due soonest."""
    return moment(at) if at is not None else NEVER


def when(key: int) -> datetime | None:
    """The time of that key; None where nothing is due."""
    return None if key == NEVER else EPOCH + timedelta(microseconds=key)


def own(
    reader: Subject, acted_by: Mine | None, begun_by: Mine | None, waiting: Mine | None
) -> Where:
    """What the reader's own office acted on, what it began, what waits for it."""
    acted = {ACTORS: Has([reader.acts_as])} if acted_by else {}
    begun = {BEGUN_BY: reader.acts_as} if begun_by else {}
    return {**acted, **begun, **({AWAITS: Has([reader.office])} if waiting else {})}


def any_of(codes: Sequence[str]) -> str | In:
    """One is itself, so that what is kept for it still answers; none twice."""
    once = tuple(dict.fromkeys(codes))
    return once[0] if len(once) == 1 else In(once)


def where(filters: Mapping[str, Filter], asked: Mapping[str, Any], words: str | None) -> Where:
    """What is asked for; None means any."""
    wanted: dict[str, Any] = {}
    for name, value in asked.items():
        if value is None:
            continue
        one = filters[name]
        if one.codes is not None:
            wanted[one.key] = any_of(plain(value))
            continue
        said = moment(value) if isinstance(value, datetime) else plain(value)
        if one.how == "is":
            wanted[one.key] = said
            continue
        bounds = {"from": "at_least", "to": "at_most", "before": "below"}
        known = wanted.get(one.key, Range())
        given = {bound: getattr(known, bound) for bound in ("at_least", "at_most", "below")}
        wanted[one.key] = Range(**{**given, bounds[one.how]: said})
    if words is not None:
        tokens = sought(words)
        if not tokens:
            raise Malformed("须写明要找的字。", field="q")
        wanted[WORDS] = Has(tokens)
    return wanted
