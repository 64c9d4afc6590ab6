"""What comes due here: an instalment's last moment, and the end of a term of which all is paid."""

from chassis.deadlines import Timer

from .desk import ProcurementDesk


def timers(desk: ProcurementDesk) -> tuple[Timer, ...]:
    return (Timer(desk.contracts, desk.come_due),)
