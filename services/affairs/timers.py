"""What comes due here: reviews, funds and terms of admissions; months unpaid, years over;
what wasn't disclosed, what wasn't put right.
"""

from collections.abc import Callable
from datetime import datetime

from chassis.brake import Brake
from chassis.deadlines import Timer
from chassis.imports.desk import Imports
from chassis.imports.work import Worker

from .desk import AffairsDesk


def timers(desk: AffairsDesk) -> tuple[Timer, ...]:
    return (
        Timer(desk.admissions, desk.admission_due),
        Timer(desk.pay, desk.pay_due),
        Timer(desk.years, desk.year_due),
        Timer(desk.disclosures, desk.disclosure_due),
        Timer(desk.checks, desk.check_due),
    )


def jobs(imports: Imports, clock: Callable[[], datetime], brake: Brake) -> tuple[Timer, ...]:
    return (Timer(imports.kept, Worker(imports, clock, brake).fire),)
