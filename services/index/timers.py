"""What comes due here: the reminder and the last day of a year's figures; a scorecard is live."""

from chassis.deadlines import Timer

from .desk import IndexDesk


def timers(desk: IndexDesk) -> tuple[Timer, ...]:
    return (Timer(desk.years, desk.come_due),)
