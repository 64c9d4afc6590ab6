"""What everybody may know of a published plan (公布的计划): what is bought, from what money, to what standard."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from .item import Item
from .plan import Line, MatterSettled, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedPlan:
    """`items` are those of the table that finance returned (购买服务项目表), and what was `settled` since."""

    id: str
    purchaser: str
    year: int
    lines: tuple[Line, ...]
    items: tuple[Item, ...]
    settled: tuple[MatterSettled, ...]
    opinion: str | None
    published_at: datetime | None


def published(plans: Iterable[Plan]) -> tuple[PublishedPlan, ...]:
    """P-02: of plans that are public, by purchaser."""
    return tuple(
        PublishedPlan(
            id=one.id,
            purchaser=one.purchaser,
            year=one.year,
            lines=one.lines,
            items=one.table,
            settled=one.settled,
            opinion=one.opinion,
            published_at=one.published_at,
        )
        for one in sorted(plans, key=lambda one: one.purchaser)
    )
