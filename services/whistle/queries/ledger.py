"""The ledger (工作台账, W-15): produced from the whistles, one row each, the same columns everywhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chassis.exports import Cell, Column, Table
from chassis.guarded import Guarded
from chassis.identity import Subject
from chassis.kernel.errors import Malformed
from chassis.kind import Held
from chassis.policy import Policies
from chassis.store import Range
from services.whistle.domain.events import WhistleEvent
from services.whistle.domain.policy import Category, WhistlePolicy
from services.whistle.domain.whistle import Whistle

from .words import WORDS, Names, Registers


def columns(names: Names, categories: Mapping[str, Category]) -> tuple[Column, ...]:
    return (
        Column("number", "编号"),
        Column("status", "状态", WORDS),
        Column("kind", "类型", WORDS),
        Column("level", "层级", WORDS),
        Column("street", "街道", names.streets),
        Column("community", "社区", names.communities),
        Column("category", "类别", {code: one.name for code, one in categories.items()}),
        Column("title", "事项"),
        Column("blower", "吹哨单位", names.offices),
        Column("lead", "牵头单位", names.units),
        Column("units", "召集单位", names.units),
        Column("blown_at", "吹哨时间"),
        Column("arrived", "已报到单位数"),
        Column("late", "逾期次数"),
        Column("outcome", "处理结果", WORDS),
        Column("returns", "退回次数"),
        Column("rating", "群众评价"),
        Column("score", "得分（百分之一分）"),
        Column("answered_at", "答复时间"),
        Column("id", "记录代码"),
    )


@dataclass(frozen=True, slots=True)
class Ledger:
    whistles: Guarded[Whistle, WhistleEvent]
    registers: Registers
    policies: Policies[WhistlePolicy]

    async def table(self, first: date, last: date, reader: Subject) -> Table:
        """The whistles blown on these days, as far as the reader may see them."""
        if last < first:
            raise Malformed("起止日期颠倒。", field="to")
        days = Range(at_least=first.isoformat(), at_most=last.isoformat())
        rows = [_row(held) async for held in self.whistles.every_of(reader, {"blown_on": days})]
        _, policy = await self.policies.current()
        known = columns(await self.registers.names(), policy.categories)
        return Table(f"吹哨报到工作台账 {first} 至 {last}", known, rows)


def _row(held: Held[Whistle]) -> tuple[Cell, ...]:
    whistle = held.aggregate
    tasks = (*whistle.earlier, *whistle.tasks)
    return (
        held.number,
        whistle.status.value,
        whistle.kind.value,
        whistle.level.value,
        whistle.street,
        whistle.community,
        whistle.category,
        whistle.title,
        whistle.blower,
        whistle.lead,
        whistle.summoned,
        whistle.blown_at,
        sum(task.arrived for task in whistle.tasks),
        sum(task.misses for task in tasks),
        whistle.outcome.value if whistle.outcome else None,
        whistle.returns,
        whistle.rating,
        whistle.score,
        whistle.answered_at,
        held.id,
    )
