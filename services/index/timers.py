"""What comes due here: a year's figures, tasks, duties, a quarter's weaknesses, findings; a scorecard is live."""

from chassis.deadlines import Timer

from .desk import IndexDesk


def timers(desk: IndexDesk) -> tuple[Timer, ...]:
    return (
        Timer(desk.years, desk.come_due),
        Timer(desk.tasks, desk.lapse_task),
        Timer(desk.duties, desk.close_period),
        Timer(desk.quarters, desk.close_quarter),
        Timer(desk.findings, desk.lapse_finding),
    )
