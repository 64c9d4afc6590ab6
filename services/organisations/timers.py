"""What comes due here: what organisations owe, groups that sleep, points that expire, what was planned."""

from chassis.deadlines import Timer

from .desk import OrganisationsDesk


def timers(desk: OrganisationsDesk) -> tuple[Timer, ...]:
    return (
        Timer(desk.organisations, desk.organisation_due),
        Timer(desk.groups, desk.group_due),
        Timer(desk.volunteers, desk.volunteer_due),
        Timer(desk.needs, desk.settle),
        Timer(desk.contacts, desk.contact_due),
        Timer(desk.meetings, desk.task_due),
    )
