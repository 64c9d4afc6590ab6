"""What comes due here: the terms of listings."""

from chassis.deadlines import Timer

from .desk import OrganisationsDesk


def timers(desk: OrganisationsDesk) -> tuple[Timer, ...]:
    return (Timer(desk.organisations, desk.organisation_due),)
