"""The ledger of disputes (排查化解台账): a row for each case that the reader sees, the same columns everywhere."""

from datetime import date

from chassis.exports import Cell, Column, Table
from chassis.identity import Subject
from chassis.kernel.errors import Malformed
from chassis.kind import Held
from chassis.listing import coded
from chassis.store import Range
from services.mediation.desk import MediationDesk, names
from services.mediation.domain.case import Case, Status
from services.mediation.domain.dispute import Dispute, How, Remedy, Risk, Source, Way
from services.mediation.vocabulary import WORDS


async def table(desk: MediationDesk, first: date, last: date, reader: Subject) -> Table:
    """Registered on these days; of the parties only how many they are."""
    if last < first:
        raise Malformed("起止日期颠倒。", field="to")
    known = await names(desk)
    days = Range(at_least=first.isoformat(), at_most=last.isoformat())
    rows = [_row(held) async for held in desk.cases.every_of(reader, {"opened_on": days})]
    columns = (
        Column("number", "案号"),
        coded("dispute", "纠纷类别", Dispute, WORDS),
        coded("risk", "风险等级", Risk, WORDS),
        coded("source", "来源", Source, WORDS),
        Column("street", "街道", known["street"]),
        Column("community", "社区", known["community"]),
        Column("office", "办理单位", known["offices"]),
        coded("way", "调解方式", Way, WORDS),
        coded("status", "状态", Status, WORDS),
        Column("parties", "当事人方数"),
        Column("returns", "退回次数"),
        Column("registered_at", "登记时间"),
        Column("accepted_at", "受理时间"),
        Column("signed_on", "签字日期"),
        Column("performed_on", "履行日期"),
        Column("ended_at", "结案时间"),
        coded("how", "结案方式", How, WORDS),
        coded("told", "告知的途径", Remedy, WORDS),
        Column("missed", "逾期次数"),
        Column("listed_until", "督办期限"),
        Column("id", "记录代码"),
    )
    return Table(f"矛盾纠纷台账 {first} 至 {last}", columns, rows)


def _row(held: Held[Case]) -> tuple[Cell, ...]:
    case = held.aggregate
    return (
        held.number,
        case.dispute.value,
        case.risk.value,
        case.source.value,
        case.street,
        case.community,
        case.office,
        case.way.value,
        case.status.value,
        len(case.parties),
        len(case.returns),
        case.registered_at,
        case.accepted_at,
        case.agreement.signed_on if case.agreement else None,
        case.performed.on if case.performed else None,
        case.ended.at if case.ended else None,
        case.ended.how.value if case.ended else None,
        tuple(one.value for one in case.ended.told) if case.ended else None,
        len(case.missed),
        case.listed.until if case.listed else None,
        held.id,
    )
