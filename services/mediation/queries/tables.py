"""Meetings, mediators and notices as tables to save; cases have the ledger."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from chassis.exports import Cell, Column, Table
from chassis.identity import Subject
from chassis.listing import Sheet, coded, says
from services.mediation.desk import MediationDesk, names
from services.mediation.domain.mediator import Grade
from services.mediation.domain.notice import Rung
from services.mediation.domain.screening import Level
from services.mediation.vocabulary import WORDS

Names = Mapping[str, Mapping[str, str]]


class ListName(StrEnum):
    SCREENINGS = "screenings"
    MEDIATORS = "mediators"
    NOTICES = "notices"


async def table(desk: MediationDesk, of: ListName, reader: Subject) -> Table:
    sheet = SHEETS[of](await names(desk))
    return await sheet.of(getattr(desk, of.value), reader)


def screenings(known: Names) -> Sheet[Any]:
    return Sheet(
        "排查会议",
        (
            says(coded("level", "层级", Level, WORDS)),
            says(Column("street", "街道", known["street"])),
            (Column("held", "已开次数"), lambda held: len(held.aggregate.meetings)),
            (Column("last", "最近一次"), lambda held: _last(held.aggregate)),
            (Column("missed", "未开的周期"), lambda held: _periods(held.aggregate)),
        ),
    )


def _last(one: Any) -> Cell:
    return max((meeting.on for meeting in one.meetings), default=None)


def _periods(one: Any) -> tuple[str, ...]:
    return tuple(missed.period for missed in one.missed)


def mediators(known: Names) -> Sheet[Any]:
    return Sheet(
        "调解员名册",
        (
            says(Column("code", "代码")),
            says(Column("street", "街道", known["street"])),
            says(Column("community", "社区", known["community"])),
            says(coded("grade", "等级", Grade, WORDS)),
            (Column("hours", "培训学时"), lambda held: _hours(held.aggregate)),
            says(Column("enlisted_at", "列入时间")),
            says(Column("left_at", "离任时间")),
        ),
    )


def _hours(one: Any) -> int:
    return sum(training.hours for training in one.training)


def notices(known: Names) -> Sheet[Any]:
    return Sheet(
        "督办通知",
        (
            (Column("id", "编号"), lambda held: held.id),
            says(Column("office", "单位", known["offices"])),
            says(Column("quarter", "季度")),
            says(Column("cases", "纠纷数")),
            says(coded("rung", "督办级别", Rung, WORDS)),
            says(Column("until", "整改期限")),
            (Column("answered", "已报送措施"), lambda held: bool(held.aggregate.answers)),
            (Column("missed", "逾期次数"), lambda held: len(held.aggregate.missed)),
            (Column("lifted", "已销号"), lambda held: held.aggregate.lifted is not None),
            (Column("withdrawn", "已撤销"), lambda held: held.aggregate.withdrawn is not None),
            (Column("vetoed", "一票否决"), lambda held: held.aggregate.vetoed is not None),
        ),
    )


SHEETS: Mapping[ListName, Callable[[Names], Sheet[Any]]] = {
    ListName.SCREENINGS: screenings,
    ListName.MEDIATORS: mediators,
    ListName.NOTICES: notices,
}
