"""What comes due here: an instalment's last moment, the end of a bar, and of a contract of which all is paid."""

from chassis.deadlines import Timer

from .desk import ProcurementDesk


def timers(desk: ProcurementDesk) -> tuple[Timer, ...]:
    return Timer(desk.contracts, desk.come_due), Timer(desk.suppliers, desk.end_bars)
