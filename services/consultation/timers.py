"""What comes due here: what is awaited of a matter after its session, the year's plan, names."""

from chassis.deadlines import Timer

from .desk import ConsultationDesk


def timers(desk: ConsultationDesk) -> tuple[Timer, ...]:
    return (Timer(desk.matters, desk.fire), Timer(desk.committees, desk.committee_due))
