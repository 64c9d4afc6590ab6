"""What comes due here: the last moment at which an instalment is paid in time."""

from chassis.deadlines import Timer

from .desk import ProcurementDesk


def timers(desk: ProcurementDesk) -> tuple[Timer, ...]:
    return (Timer(desk.contracts, desk.miss),)
