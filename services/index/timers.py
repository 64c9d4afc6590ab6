"""What comes due here: a year's figures, tasks, duties, a quarter's weaknesses, findings; a scorecard is live."""

from collections.abc import Callable
from datetime import datetime

from chassis.brake import Brake
from chassis.deadlines import Timer
from chassis.imports.desk import Imports
from chassis.imports.work import Worker

from .desk import IndexDesk


def jobs(imports: Imports, clock: Callable[[], datetime], brake: Brake) -> tuple[Timer, ...]:
    return (Timer(imports.kept, Worker(imports, clock, brake).fire),)


def timers(desk: IndexDesk) -> tuple[Timer, ...]:
    return (
        Timer(desk.years, desk.come_due),
        Timer(desk.tasks, desk.lapse_task),
        Timer(desk.duties, desk.close_period),
        Timer(desk.quarters, desk.close_quarter),
        Timer(desk.findings, desk.lapse_finding),
    )
