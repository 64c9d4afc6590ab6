"""Whose move it is (I-16, I-17, I-18, I-19, I-24): the offices that something waits for, and by when.

A standing task waits for its lead in every year. For what one may do and need not, nobody waits.
"""

from chassis.kernel.clock import Awaits, Ends, end_of
from chassis.kernel.offices import one_office

from .checklist import SUPERVISOR, Course, Task
from .duty import PUBLISHED, Duty
from .finding import Finding
from .improvement import Course as Asking
from .improvement import Improvement
from .innovation import Body, Innovation, Step
from .offices import LEAD

DISTRICT = "district_admin"


def of_task(task: Task) -> Awaits:
    """Its lead to report and to do what hangs on it, then who supervises to take it off; no lead judges itself."""
    code = task.entered.code
    lead = f"department:{code}" if code else DISTRICT
    over = task.course is Course.CANCELLED
    reported = task.course is Course.REPORTED and not task.entered.standing
    if over or (reported and not task.outstanding):
        judged = over or one_office(task.reports[-1].by, SUPERVISOR)
        return {} if judged else {SUPERVISOR: None}
    days = [task.items[number - 1].by_day for number in task.outstanding]
    ends = [end_of(day) for day in days if day is not None]
    if task.lapses_at is not None:
        ends.append(task.lapses_at)
    return {lead: Ends(due=min(ends)) if ends else None}


def of_duty(duty: Duty) -> Awaits:
    """Until it is done as often as its period wants; a published edition is nobody's to record."""
    opened, current = duty.opened, duty.current
    if current is None or opened.code == PUBLISHED:
        return {}
    if sum(current.holds(record.held_on) for record in duty.records) >= opened.times:
        return {}
    whose = f"street:{opened.street}" if opened.street else f"department:{opened.unit}"
    return {whose: Ends(due=end_of(current.last))}


def of_finding(finding: Finding) -> Awaits:
    if finding.put_right is not None:
        return {}
    return {f"street:{finding.made.street}": Ends(due=end_of(finding.made.due))}


def of_improvement(one: Improvement) -> Awaits:
    """Its departments to answer, then who leads to look again. What nobody has answered is no record yet.

    An answer of before the next year is collected waits all the same: the next edition isn't published without.
    """
    match one.course:
        case Asking.ASKED:
            return {f"department:{unit}": None for unit in one.asked.units}
        case Asking.ANSWERED:
            return {f"department:{LEAD}": None}
        case Asking.LOOKED_AT:
            return {}


def of_innovation(one: Innovation) -> Awaits:
    match one.step:
        case Step.SELF:
            return {_body(one): None}
        case Step.STREET:
            return {f"street:{one.begun.street}": None}
        case Step.OFFICE | Step.CITY:
            return {f"department:{LEAD}": None}
        case Step.OVER:
            return {}


def _body(one: Innovation) -> str:
    match one.begun.body:
        case Body.COMMUNITY:
            return f"community:{one.begun.community}"
        case Body.STREET:
            return f"street:{one.begun.street}"
        case Body.DEPARTMENT | Body.MASS:
            return f"department:{one.begun.unit}"
