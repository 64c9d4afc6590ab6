"""The catalogue (政府向社会力量购买服务指导性目录): what may be bought, an edition a year."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required

from .rules import CATALOGUE, RULES

CODE = re.compile(r"[A-Z][0-9]{4}")
NEW = "F"
"""The class for what is new, occasional or for a time (新增、临时性、阶段性服务)."""


class Listing(StrEnum):
    """Which list: 指导性目录; 群团购买, 社区服务购买, 转移事项, each drawn up as it is and shipped empty."""

    GUIDANCE = "guidance"
    MASS_ORGANISATIONS = "mass_organisations"
    COMMUNITY_SERVICES = "community_services"
    HANDED_OVER = "handed_over"


class CatalogueStatus(StrEnum):
    DRAFTED = "drafted"
    APPROVED = "approved"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry (项), such as A0101; `kind` (类) and `group` (款) are what the edition calls them."""

    code: str
    name: str
    kind: str
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueDrafted:
    year: int
    entries: tuple[Entry, ...]
    listing: Listing = Listing.GUIDANCE
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueApproved:
    """`document` is the district government's approval."""

    document: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CataloguePublished:
    """From now on it is in force, until a later year's is published."""

    at: datetime


CatalogueEvent = CatalogueDrafted | CatalogueApproved | CataloguePublished


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    year: int
    entries: tuple[Entry, ...]
    status: CatalogueStatus
    listing: Listing = Listing.GUIDANCE
    document: str | None = None
    published_at: datetime | None = None

    def entry(self, code: str) -> Entry | None:
        return next((one for one in self.entries if one.code == code), None)

    def may_approve(self) -> None:
        self._is(CatalogueStatus.DRAFTED, "只有待批准的目录可以批准。")

    def may_publish(self) -> None:
        self._is(CatalogueStatus.APPROVED, "目录报区政府批准后方可公布。")

    def approve(self, *, document: str, now: datetime) -> CatalogueApproved:
        self.may_approve()
        required(document, "document")
        return CatalogueApproved(document=document, at=now)

    def publish(self, *, now: datetime) -> CataloguePublished:
        self.may_publish()
        return CataloguePublished(at=now)

    def _is(self, status: CatalogueStatus, detail: str) -> None:
        if self.status is not status:
            raise RuleBroken(RULES["P-01"], detail, clause=CATALOGUE)


def id_of(listing: Listing, year: int) -> str:
    """The guidance catalogue's is its year."""
    return str(year) if listing is Listing.GUIDANCE else f"{listing.value}-{year}"


def comparable(earlier: Catalogue, later: Catalogue) -> None:
    """P-40: two editions of one list."""
    if earlier.listing is not later.listing:
        raise RuleBroken(RULES["P-40"], "只能比较同一种目录。", clause=OURS, field="with")


def draft(
    known: Catalogue | None,
    *,
    year: int,
    entries: tuple[Entry, ...],
    listing: Listing = Listing.GUIDANCE,
    now: datetime,
) -> CatalogueDrafted:
    """P-01: drawn up anew as long as it isn't approved."""
    if known is not None:
        known._is(CatalogueStatus.DRAFTED, "已经批准的目录不得修改，可编制下一年度的目录。")
    codes = [one.code for one in entries]
    if len(set(codes)) < len(codes):
        raise Malformed("目录代码不得重复。", field="entries")
    for one in entries:
        if not CODE.fullmatch(one.code):
            raise Malformed(f"目录代码写作 A0101：{one.code}。", field="entries")
        required(one.name, "name")
    return CatalogueDrafted(year=year, entries=entries, listing=listing, at=now)


def evolve(catalogue: Catalogue | None, event: CatalogueEvent) -> Catalogue:
    if isinstance(event, CatalogueDrafted):
        return Catalogue(
            year=event.year,
            entries=event.entries,
            status=CatalogueStatus.DRAFTED,
            listing=event.listing,
        )
    if catalogue is None:
        raise ValueError("a catalogue begins by being drafted")
    match event:
        case CatalogueApproved():
            return replace(catalogue, status=CatalogueStatus.APPROVED, document=event.document)
        case CataloguePublished():
            return replace(catalogue, status=CatalogueStatus.PUBLISHED, published_at=event.at)
        case _:
            assert_never(event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """What a later edition has that an earlier one hasn't, and the other way round."""

    added: tuple[Entry, ...]
    removed: tuple[Entry, ...]
    renamed: tuple[Entry, ...]
    """As the later one calls them."""


def compare(earlier: Iterable[Entry], later: Iterable[Entry]) -> Differences:
    before, after = ({one.code: one for one in edition} for edition in (earlier, later))
    return Differences(
        added=tuple(one for code, one in after.items() if code not in before),
        removed=tuple(one for code, one in before.items() if code not in after),
        renamed=tuple(
            one for code, one in after.items() if code in before and before[code].name != one.name
        ),
    )
