"""A community (社区) of the register: its street, its kind, its households, and since when this holds."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chassis.kernel.errors import Malformed, RuleBroken, UnknownReference

from .rules import RULES


class CommunityKind(StrEnum):
    """城市社区 or 村改居."""

    URBAN = "urban"
    VILLAGE_CONVERTED = "village_converted"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityEntered:
    """The entry as it is from then on; `listed` is how many the register then holds.

    `reason` is what the entry rests on: a document, or the district's own words.
    """

    code: str
    name: str
    street: str | None = None
    kind: CommunityKind | None = None
    households: int | None = None
    valid_from: date
    reason: str
    listed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """The latest entry; the ones before it are in the trail."""

    code: str
    name: str
    street: str | None = None
    kind: CommunityKind | None = None
    households: int | None = None
    valid_from: date
    reason: str
    listed: int

    def says(self, entry: CommunityEntered) -> bool:
        """Whether the entry would change nothing."""
        mine = (self.name, self.street, self.kind, self.households)
        return mine == (entry.name, entry.street, entry.kind, entry.households)


def enter(
    known: Community | None, entry: CommunityEntered, streets: Collection[str]
) -> tuple[CommunityEntered, ...]:
    """H-11: by form, with a reason, in a street that exists."""
    if not entry.reason.strip():
        raise RuleBroken(RULES["H-11"], "登记或修改社区须写明理由。", field="reason")
    if not entry.name.strip():
        raise Malformed("社区须有名称。", field="name")
    if entry.street not in streets:
        raise UnknownReference(f"没有这个街道：{entry.street}", field="street")
    return () if known and known.says(entry) else (entry,)


def evolve(community: Community | None, event: CommunityEntered) -> Community:
    return Community(
        code=event.code,
        name=event.name,
        street=event.street,
        kind=event.kind,
        households=event.households,
        valid_from=event.valid_from,
        reason=event.reason,
        listed=event.listed,
    )
