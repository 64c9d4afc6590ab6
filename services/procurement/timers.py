"""What comes due here: results, reports, remarks, instalments, terms, bars, and the months of a supervision."""

from chassis.deadlines import Timer

from .desk import ProcurementDesk


def timers(desk: ProcurementDesk) -> tuple[Timer, ...]:
    return (
        Timer(desk.contracts, desk.come_due),
        Timer(desk.calls, desk.call_due),
        Timer(desk.remarks, desk.remark_due),
        Timer(desk.funds, desk.fund_due),
        Timer(desk.reports, desk.report_due),
        Timer(desk.suppliers, desk.end_bars),
        Timer(desk.supervisions, desk.find_missed),
    )
