"""What comes due here: reviews, funds and terms of admissions."""

from chassis.deadlines import Timer

from .desk import AffairsDesk


def timers(desk: AffairsDesk) -> tuple[Timer, ...]:
    return (Timer(desk.admissions, desk.admission_due),)
