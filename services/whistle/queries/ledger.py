"""The ledger (工作台账, W-15): produced from the whistles, one row each, the same columns everywhere."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date

from chassis.aggregates import Aggregates, Held
from chassis.exports import Cell, Column, Table
from chassis.identity import Subject
from chassis.kernel.errors import Malformed
from chassis.store import Range
from services.whistle.access import ACCESS
from services.whistle.domain.assessment import mean_score
from services.whistle.domain.events import WhistleEvent
from services.whistle.domain.whistle import Whistle

COLUMNS = (
    Column("id", "编号"),
    Column("status", "状态"),
    Column("kind", "类型"),
    Column("level", "层级"),
    Column("street", "街道"),
    Column("community", "社区"),
    Column("category", "类别"),
    Column("title", "事项"),
    Column("blower", "吹哨单位"),
    Column("lead", "牵头单位"),
    Column("units", "召集单位"),
    Column("blown_at", "吹哨时间"),
    Column("arrived", "已报到单位数"),
    Column("late", "逾期次数"),
    Column("outcome", "处理结果"),
    Column("returns", "退回次数"),
    Column("rating", "群众评价"),
    Column("score", "得分（百分之一分）"),
    Column("answered_at", "答复时间"),
)


@dataclass(frozen=True, slots=True)
class Ledger:
    whistles: Aggregates[Whistle, WhistleEvent]

    async def table(self, first: date, last: date, reader: Subject) -> Table:
        """The whistles blown on these days, as far as the reader may see them."""
        if last < first:
            raise Malformed("起止日期颠倒。", field="to")
        rows = [_row(held) async for held in self._within(first, last, reader)]
        return Table(f"吹哨报到工作台账 {first} 至 {last}", COLUMNS, rows)

    async def _within(
        self, first: date, last: date, reader: Subject
    ) -> AsyncIterator[Held[Whistle]]:
        may = ACCESS.visible(reader)
        if may is None:
            return
        days = Range(at_least=first.isoformat(), at_most=last.isoformat())
        async for held in self.whistles.every({**may, "blown_on": days}):
            yield held


def _row(held: Held[Whistle]) -> tuple[Cell, ...]:
    whistle = held.aggregate
    tasks = (*whistle.earlier, *whistle.tasks)
    return (
        held.id,
        whistle.status.value,
        whistle.kind.value,
        whistle.level.value,
        whistle.street,
        whistle.community,
        whistle.category,
        whistle.title,
        whistle.blower,
        whistle.lead,
        "、".join(whistle.summoned),
        whistle.blown_at,
        sum(task.arrived for task in whistle.tasks),
        sum(task.misses for task in tasks),
        whistle.outcome.value if whistle.outcome else None,
        whistle.returns,
        whistle.rating,
        mean_score(whistle.scores) if whistle.scores else None,
        whistle.answered_at,
    )
