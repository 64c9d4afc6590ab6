"""A report whose place nobody knows yet (待确定地点): it waits for the command centre, which says where it belongs.

Once it does, the report is a problem of that community, under the same id: the receipt goes on.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.errors import RuleBroken
from chassis.kernel.required import required

from .placing import Spotted
from .rules import RULES


class UnplacedStatus(StrEnum):
    WAITING = "waiting"
    PLACED = "placed"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnplacedTaken:
    """`place` and `spotted` are of before December 2026: both are sealed since, as they may be his door (W-16)."""

    category: str
    place: str | None = None
    spotted: Spotted | None = None
    has_reporter: bool = False
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnplacedPlaced:
    street: str
    community: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnplacedTurnedAway:
    """It is of another district's ground."""

    reason: str
    at: datetime


UnplacedEvent = UnplacedTaken | UnplacedPlaced | UnplacedTurnedAway


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """What was asked, by whom, and where it is, is sealed elsewhere, as that of a problem is (W-16)."""

    status: UnplacedStatus
    category: str
    place: str | None = None
    spotted: Spotted | None = None
    has_reporter: bool = False
    taken_at: datetime
    moved_at: datetime
    street: str | None = None
    community: str | None = None
    reason: str | None = None

    @property
    def shown(self) -> "Unplaced":
        """Where it is, is read with the words, by who places it."""
        return replace(self, place=None, spotted=None)

    def may_place(self) -> None:
        if self.status is not UnplacedStatus.WAITING:
            raise RuleBroken(RULES["W-17"], "该反映的地点已经处理。")

    def put(self, *, street: str, community: str, now: datetime) -> UnplacedPlaced:
        self.may_place()
        return UnplacedPlaced(street=street, community=community, at=now)

    def turn_away(self, *, reason: str, now: datetime) -> UnplacedTurnedAway:
        self.may_place()
        required(reason, "reason", "请写明为何不属本区。")
        return UnplacedTurnedAway(reason=reason, at=now)


def take(happened: UnplacedTaken, asked: str, categories: Collection[str]) -> UnplacedTaken:
    """W-01, but for the place."""
    if happened.category not in categories:
        raise RuleBroken(RULES["W-01"], f"没有这个类别：{happened.category}", field="category")
    required(asked, "asked", "问题须写明反映内容。")
    return happened


def evolve(report: Unplaced | None, event: UnplacedEvent) -> Unplaced:
    if isinstance(event, UnplacedTaken):
        return Unplaced(
            status=UnplacedStatus.WAITING,
            category=event.category,
            place=event.place,
            spotted=event.spotted,
            has_reporter=event.has_reporter,
            taken_at=event.at,
            moved_at=event.at,
        )
    if report is None:
        raise ValueError("a report begins by being taken")
    match event:
        case UnplacedPlaced():
            return replace(
                report,
                status=UnplacedStatus.PLACED,
                street=event.street,
                community=event.community,
                moved_at=event.at,
            )
        case UnplacedTurnedAway():
            return replace(
                report, status=UnplacedStatus.ELSEWHERE, reason=event.reason, moved_at=event.at
            )
        case _:
            assert_never(event)
