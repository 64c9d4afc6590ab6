"""What comes due here: the end of an agreement's due day, the day of a change of boundaries."""

from chassis.deadlines import Timer

from .desk.agreements import AgreementDesk
from .desk.register import RegisterDesk


def timers(register: RegisterDesk, agreements: AgreementDesk) -> tuple[Timer, ...]:
    return (
        Timer(agreements.agreements, agreements.fire),
        Timer(register.changes, register.reach),
    )
