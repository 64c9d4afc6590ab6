"""What comes due here: results, reports, remarks, instalments, terms, bars, and the months of a supervision."""

from collections.abc import Callable
from datetime import datetime

from chassis.brake import Brake
from chassis.deadlines import Timer
from chassis.imports.desk import Imports
from chassis.imports.work import Worker

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


def jobs(imports: Imports, clock: Callable[[], datetime], brake: Brake) -> tuple[Timer, ...]:
    return (Timer(imports.kept, Worker(imports, clock, brake).fire),)
