"""What comes due here: the steps of a case, who takes charge of it, the date of its supervision;
the periods of meetings, and what was to be put right.
"""

from chassis.deadlines import Timer

from .desk import MediationDesk


def timers(desk: MediationDesk) -> tuple[Timer, ...]:
    return (
        Timer(desk.cases, desk.fire),
        Timer(desk.screenings, desk.close_period),
        Timer(desk.notices, desk.miss_notice),
    )
