"""C-30: a community's hall (居民议事厅) by its five heads, each described as it is on a day."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from chassis.kernel.clock import local_date
from chassis.kernel.errors import Malformed, RuleBroken
from chassis.kernel.required import required_by

from .resettling import Resettled
from .rules import HALLS, RULES


class HallHead(StrEnum):
    """空间, 人员, 议题, 规则, 共治."""

    SPACE = "space"
    PEOPLE = "people"
    TOPICS = "topics"
    RULES = "rules"
    JOINT = "joint"


@dataclass(frozen=True, slots=True, kw_only=True)
class HallDescribed:
    """One of the five; `what` there is, `on` which day."""

    street: str
    community: str
    head: HallHead
    what: str
    on: date
    at: datetime


HallEvent = HallDescribed | Resettled


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """`heads`: each as it was described last."""

    street: str
    community: str
    heads: Mapping[HallHead, HallDescribed]
    opened_at: datetime

    @property
    def lacking(self) -> tuple[HallHead, ...]:
        return tuple(head for head in HallHead if head not in self.heads)


def describe(hall: Hall | None, described: HallDescribed) -> HallDescribed:
    """A hall begins with its space; a head is described again as of a later day."""
    required_by(RULES["C-30"], described.what, "what", "请写明该项的情况。", HALLS)
    if described.on > local_date(described.at):
        raise Malformed("日期不得晚于今天。", field="on")
    if hall is None and described.head is not HallHead.SPACE:
        raise RuleBroken(RULES["C-30"], "议事厅先登记空间。", clause=HALLS, field="head")
    before = hall.heads.get(described.head) if hall else None
    if before is not None and described.on < before.on:
        raise RuleBroken(RULES["C-30"], "已有更晚日期的登记。", clause=HALLS, field="on")
    return described


def evolve(hall: Hall | None, event: HallEvent) -> Hall:
    if isinstance(event, Resettled):
        if hall is None:
            raise ValueError("a hall begins by being described")
        return replace(hall, street=event.street)
    if hall is None:
        return Hall(
            street=event.street,
            community=event.community,
            heads={event.head: event},
            opened_at=event.at,
        )
    return replace(hall, heads={**hall.heads, event.head: event})
