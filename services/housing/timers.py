"""What comes due here: the end of an agreement's due day, the day of a change of boundaries."""

from chassis.deadlines import Timer

from .desk import HousingDesk


def timers(desk: HousingDesk) -> tuple[Timer, ...]:
    return (Timer(desk.agreements, desk.fire), Timer(desk.changes, desk.reach))
