"""What comes due here: the end of an agreement's due day, the day of a change of boundaries, an import."""

from collections.abc import Callable
from datetime import datetime

from chassis.brake import Brake
from chassis.deadlines import Timer
from chassis.imports.desk import Imports
from chassis.imports.work import Worker

from .desk import HousingDesk


def timers(desk: HousingDesk) -> tuple[Timer, ...]:
    return (Timer(desk.agreements, desk.fire), Timer(desk.changes, desk.reach))


def jobs(imports: Imports, clock: Callable[[], datetime], brake: Brake) -> tuple[Timer, ...]:
    return (Timer(imports.kept, Worker(imports, clock, brake).fire),)
