"""Whose move it is (O-01 … O-17): the offices that something waits for, and by when.

What was missed is awaited still. A street may act for its communities, the district for civil affairs: nothing waits
for who only stands in. For what one may do and need not (to defend oneself, to account for oneself), nobody waits.
"""

from collections.abc import Iterable, Iterator

from chassis.kernel.clock import Awaits, Ends, end_of, ends, first_of
from chassis.kernel.offices import one_office

from .complaint import Complaint
from .contact import ContactPlan
from .draw import Draw
from .group import Group, GroupStatus
from .kinds import CheckResult, Status
from .meeting import Meeting, MeetingLevel
from .need import Need, NeedStatus
from .organisation import Organisation
from .parts import Year
from .serving import confirmed_by
from .volunteer import Volunteer

CIVIL = "department:civil_affairs"
Awaited = tuple[str, Ends | None]
"""An office, and by when."""


def _each(those: Iterable[Awaited]) -> Awaits:
    """Every office once, by the first of its dates."""
    found: dict[str, Ends | None] = {}
    for office, by in those:
        found[office] = first_of([found.get(office), by])
    return found


def of_organisation(one: Organisation) -> Awaits:
    """Who decides on it, and what it owes itself while it is on the register."""
    return _each([*_deciding(one), *_audits(one), *(_on_register(one) if one.on_register else ())])


def _deciding(one: Organisation) -> Iterator[Awaited]:
    """A word against it of its supervising unit is civil affairs' to answer."""
    match one.status:
        case Status.APPLIED if not one.direct and one.approval is None:
            yield f"department:{one.supervising}", None
        case Status.APPLIED | Status.EXAMINED | Status.LIQUIDATING:
            yield CIVIL, None
        case _:
            return


def _audits(one: Organisation) -> Iterator[Awaited]:
    for head in one.heads:
        if head.audit is not None and head.audited is None:
            yield CIVIL, ends(head.audit)


def _on_register(one: Organisation) -> Iterator[Awaited]:
    """Heads to be seated, listings to be decided, years to be checked; what it reports."""
    if (
        any(head.seated_on is None and head.left_on is None for head in one.heads)
        or any(listing.open and listing.entered_on is None for listing in one.listings)
        or any(_to_check(year) for year in one.years)
    ):
        yield CIVIL, None
    itself = f"supplier:{one.code}"
    for matter in one.matters:
        if matter.after is None:
            yield itself, ends(matter.clock)
    late = [year.year for year in one.years if year.missed and year.report is None]
    for owed in (*late, *([one.owed] if one.owed is not None else [])):
        yield itself, Ends(due=one.year_due(owed))


def _to_check(year: Year) -> bool:
    """Reported and not checked, or to be checked again."""
    done = year.check is not None and year.check.result is not CheckResult.TO_PUT_RIGHT
    return year.report is not None and not done


def of_group(group: Group) -> Awaits:
    match group.status:
        case GroupStatus.PROPOSED:
            return {f"community:{group.community}": None}
        case GroupStatus.LOOKED_AT:
            return {f"street:{group.street}": None}
        case _:
            return {}


def of_need(need: Need) -> Awaits:
    """Its community matches it, and sees it met."""
    waits = need.status in (NeedStatus.OPEN, NeedStatus.MATCHED)
    return {f"community:{need.community}": None} if waits else {}


def of_volunteer(volunteer: Volunteer) -> Awaits:
    """Who received a service confirms it."""
    return {confirmed_by(volunteer, one): None for one in volunteer.services if one.waits}


def of_complaint(complaint: Complaint) -> Awaits:
    """Civil affairs decide, and make a penalty or ban public."""
    return {CIVIL: None} if complaint.outcome is None or complaint.to_publish else {}


def of_plan(plan: ContactPlan) -> Awaits:
    office = f"community:{plan.community}"
    waiting = (one for one in plan.contacts if one.kept_on is None)
    return _each((office, Ends(due=end_of(one.by))) for one in waiting)


def of_meeting(meeting: Meeting) -> Awaits:
    """Who called it, for its decision; then each office with its tasks."""
    if meeting.called_off is not None:
        return {}
    if meeting.decision is None:
        street = meeting.level is MeetingLevel.STREET
        return {f"street:{meeting.street}" if street else CIVIL: None}
    waiting = (one for one in meeting.tasks if one.done_on is None)
    return _each((one.who, Ends(due=end_of(one.by))) for one in waiting)


def of_draw(draw: Draw) -> Awaits:
    """Another office than listed them: civil affairs, and of their own list whoever looks after them."""
    if draw.seed is not None:
        return {}
    if one_office(draw.listed_by, CIVIL):
        return dict.fromkeys(("discipline", "district_admin"))
    return {CIVIL: None}
