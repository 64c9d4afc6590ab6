"""What comes due here: what organisations owe, groups that sleep, points that expire, what was planned."""

from collections.abc import Callable
from datetime import datetime

from chassis.brake import Brake
from chassis.deadlines import Timer
from chassis.imports.desk import Imports
from chassis.imports.work import Worker

from .desk import OrganisationsDesk


def jobs(imports: Imports, clock: Callable[[], datetime], brake: Brake) -> tuple[Timer, ...]:
    return (Timer(imports.kept, Worker(imports, clock, brake).fire),)


def timers(desk: OrganisationsDesk) -> tuple[Timer, ...]:
    return (
        Timer(desk.organisations, desk.organisation_due),
        Timer(desk.groups, desk.group_due),
        Timer(desk.volunteers, desk.volunteer_due),
        Timer(desk.needs, desk.settle),
        Timer(desk.contacts, desk.contact_due),
        Timer(desk.meetings, desk.task_due),
    )
