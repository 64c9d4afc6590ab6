"""A-01, A-25: what communities do, stamp and certify, as dated versions; in force is the last that has begun."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from chassis.kernel.clock import local_date
from chassis.kernel.errors import RuleBroken
from chassis.kernel.required import required_by
from chassis.kernel.rule import Rule

from .rules import RULES


class ListKind(StrEnum):
    """Work items, uses of the seal; since 2020 also duties, assistance, certificates."""

    ITEMS = "items"
    SEAL = "seal"
    DUTIES = "duties"
    ASSISTANCE = "assistance"
    CERTIFICATES = "certificates"

    @property
    def rule(self) -> Rule:
        return RULES["A-01" if self in (ListKind.ITEMS, ListKind.SEAL) else "A-25"]


class Role(StrEnum):
    """The community does it itself, or assists."""

    DOES = "does"
    ASSISTS = "assists"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    name: str
    basis: str
    department: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A version that hadn't begun."""

    document: str
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionAdopted:
    """`instead_of`: those that it takes the place of before they began; none of one of before that was kept."""

    list: ListKind
    entries: tuple[Entry, ...]
    document: str
    since: date
    at: datetime
    instead_of: tuple[Dropped, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityList:
    list: ListKind
    versions: tuple[VersionAdopted, ...]

    def on(self, day: date) -> tuple[int, frozenset[str]]:
        """The number of the version in force, and what stands in it; 0 before the first."""
        found = 0
        for number, one in enumerate(self.versions, 1):
            if one.since <= day:
                found = number
        names = {one.name for one in self.versions[found - 1].entries} if found else set[str]()
        return found, frozenset(names)


def adopt(known: CommunityList | None, adopted: VersionAdopted) -> VersionAdopted:
    """In the place of what hasn't begun by then, and was to begin on its day or later: a wrong day stands in nobody's
    way (ours); it says which. What is in force, or was, stays.
    """
    rule = adopted.list.rule
    required_by(rule, adopted.document, "document", "须写明公布文件。")
    names = [one.name for one in adopted.entries]
    if not names or len(set(names)) != len(names):
        raise RuleBroken(rule, "清单至少一项，名称不得重复。", field="entries")
    for one in adopted.entries:
        required_by(rule, one.name, "name", "每项须有名称。")
        required_by(rule, one.basis, "basis", "每项须有依据。")
    if known is None:
        return adopted
    begun, _ = known.on(local_date(adopted.at))
    if begun and adopted.since <= known.versions[begun - 1].since:
        raise RuleBroken(rule, "新版本须晚于现行版本生效。", field="since")
    gone = (one for one in known.versions if one.since >= adopted.since)
    dropped = tuple(Dropped(document=one.document, since=one.since) for one in gone)
    return replace(adopted, instead_of=dropped)


def evolve(known: CommunityList | None, event: VersionAdopted) -> CommunityList:
    if known is None:
        return CommunityList(list=event.list, versions=(event,))
    before = (one for one in known.versions if one.since < event.since)
    return replace(known, versions=(*before, event))
