"""What the clock does to an organisation, and what becomes of its clocks on another calendar."""

from collections.abc import Iterable
from datetime import datetime

from chassis.kernel.clock import Deadline, WorkTime, recounted

from .events import ClockRenewed, OrganisationEvent
from .heads import audits_missed
from .listing import end_terms
from .matters import missed as matters_missed
from .organisation import Organisation
from .ratings import ended
from .registering import Numbers
from .yearly import missed as years_missed


def come_due(
    organisation: Organisation, now: datetime, numbers: Numbers
) -> tuple[OrganisationEvent, ...]:
    return (
        *end_terms(organisation, now),
        *ended(organisation, now),
        *audits_missed(organisation, now),
        *matters_missed(organisation, now),
        *years_missed(organisation, now, numbers),
    )


def renew(organisation: Organisation, work: WorkTime, now: datetime) -> tuple[ClockRenewed, ...]:
    """What still runs, where the working days have turned out otherwise."""
    return tuple(
        ClockRenewed(about=about, clock=again)
        for about, clock in _running(organisation)
        if (again := recounted(clock, work, now)) is not None
    )


def _running(organisation: Organisation) -> Iterable[tuple[str, Deadline]]:
    for head in organisation.heads:
        if head.audit and head.audited is None and not head.audit_missed:
            yield head.seat, head.audit
    for matter in organisation.matters:
        if matter.awaited:
            yield matter.id, matter.clock
