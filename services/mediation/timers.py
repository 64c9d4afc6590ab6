"""What comes due here: the steps of a case, who takes charge of it, and the date of its supervision."""

from chassis.deadlines import Timer

from .desk import MediationDesk


def timers(desk: MediationDesk) -> tuple[Timer, ...]:
    return (Timer(desk.cases, desk.fire),)
