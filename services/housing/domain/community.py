"""A community (社区) of the register: its street, its kind, its households, and since when this holds."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from chassis.kernel.errors import RuleBroken, UnknownReference
from chassis.kernel.required import required

from . import naming
from .rules import RULES


class CommunityKind(StrEnum):
    """城市社区 or 村改居."""

    URBAN = "urban"
    VILLAGE_CONVERTED = "village_converted"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityEntered:
    """The entry as it is from then on; `listed` is how many the register then holds.

    `reason` is what the entry rests on: a document, or the district's own words; `change` the change
    of boundaries it follows from, if one; `became` the community that it was merged into.
    """

    code: str
    name: str
    street: str | None = None
    kind: CommunityKind | None = None
    households: int | None = None
    valid_from: date
    valid_to: date | None = None
    reason: str
    listed: int
    change: str | None = None
    became: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """The latest entry; the ones before it are in the trail."""

    code: str
    name: str
    street: str | None = None
    kind: CommunityKind | None = None
    households: int | None = None
    valid_from: date
    valid_to: date | None = None
    reason: str
    listed: int
    became: str | None = None

    def holds_on(self, day: date) -> bool:
        return self.valid_to is None or day <= self.valid_to

    def is_called(self, street: str | None, name: str, day: date) -> bool:
        return (self.street, self.name) == (street, name) and self.holds_on(day)

    def says(self, entry: CommunityEntered) -> bool:
        """Whether the entry would change nothing."""
        mine = (self.name, self.street, self.kind, self.households)
        return mine == (entry.name, entry.street, entry.kind, entry.households)


def enter(
    known: Community | None,
    entry: CommunityEntered,
    streets: Collection[str],
    namesakes: Collection[str] = (),
) -> tuple[CommunityEntered, ...]:
    """H-11: by form, with a reason, in a street that exists.

    `namesakes`: codes of the communities of that street which have the name on that day. That there
    may be none but itself is ours, not the documents'. What changes nothing is no entry, whatever it
    lacks: four that the documents name have no street until somebody says which.
    """
    if not entry.reason.strip():
        raise RuleBroken(RULES["H-11"], "登记或修改社区须写明理由。", field="reason")
    required(entry.name, "name", "社区须有名称。")
    if known and known.valid_to is None and known.says(entry):
        return ()
    if entry.street is None:
        raise UnknownReference(f"须写明{entry.name}所属的街道。", field="street")
    if entry.street not in streets:
        raise UnknownReference(f"没有这个街道：{entry.street}", field="street")
    naming.taken({*namesakes} - {entry.code})
    if known and known.valid_to is not None:
        raise RuleBroken(RULES["H-11"], f"{known.name} 已于 {known.valid_to} 终止。", field="code")
    return (entry,)


def evolve(community: Community | None, event: CommunityEntered) -> Community:
    """An entry of an earlier day that is heard late is history: the later one stands."""
    if community and event.valid_from < community.valid_from:
        return replace(community, listed=event.listed)
    return Community(
        code=event.code,
        name=event.name,
        street=event.street,
        kind=event.kind,
        households=event.households,
        valid_from=event.valid_from,
        valid_to=event.valid_to,
        reason=event.reason,
        listed=event.listed,
        became=event.became,
    )
