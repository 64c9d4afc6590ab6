"""What comes due here: the steps of a case, who takes charge of it, the date of its supervision;
the periods of meetings, and what was to be put right.
"""

from collections.abc import Callable
from datetime import datetime

from chassis.brake import Brake
from chassis.deadlines import Timer
from chassis.imports.desk import Imports
from chassis.imports.work import Worker

from .desk import MediationDesk


def timers(desk: MediationDesk) -> tuple[Timer, ...]:
    return (
        Timer(desk.cases, desk.fire),
        Timer(desk.screenings, desk.close_period),
        Timer(desk.notices, desk.miss_notice),
    )


def jobs(imports: Imports, clock: Callable[[], datetime], brake: Brake) -> tuple[Timer, ...]:
    return (Timer(imports.kept, Worker(imports, clock, brake).fire),)
