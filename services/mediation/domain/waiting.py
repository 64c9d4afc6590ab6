"""Whose move it is (M-01, M-03, M-04, M-08, M-13): the offices that something waits for, and by when.

What was missed is awaited still. A street may act for its communities, the district for everybody: nothing waits for
who only stands in. For what one may do and need not, nobody waits.
"""

from chassis.kernel.clock import Awaits, Ends, end_of, first_of

from .case import OPEN, Case, Status
from .dispute import STABILITY, Awaited, Risk
from .notice import RUNGS, Notice
from .screening import Level, Screening

LEADING = f"department:{STABILITY}"
DISTRICT = "district_admin"
HOLDING = frozenset(Awaited) - {Awaited.DECISION, Awaited.CHARGE}
"""Clocks of the office that has the case."""


def of_case(case: Case) -> Awaits:
    """Who has it, or decides whose it is; and, until somebody is in charge of it, street and district (M-08)."""
    found: dict[str, Ends | None] = {}
    if case.status is Status.RETURNED:
        office = f"street:{case.street_now}" if case.deciding == "street" else DISTRICT
        found[office] = _by(case, frozenset({Awaited.DECISION}))
    elif case.status in OPEN:
        found[case.office] = _by(case, HOLDING)
    if case.status in OPEN and case.risk is Risk.MASS and case.charge is None:
        by = _by(case, frozenset({Awaited.CHARGE}))
        for office in (f"street:{case.street_now}", LEADING):
            found[office] = first_of([found.get(office), by])
    return found


def _by(case: Case, of: frozenset[Awaited]) -> Ends | None:
    return first_of(
        Ends(due=one.due, provisional=one.provisional) for one in case.clocks if one.awaited in of
    )


def of_notice(notice: Notice) -> Awaits:
    """The office, until it has said causes and measures on this rung; then who leads the work, and once it is late."""
    if notice.over:
        return {}
    since = notice.climbed[-1].at if notice.climbed else notice.issued_at
    answered = any(one.at >= since for one in notice.answers)
    late = any(one.rung is notice.rung for one in notice.missed)
    found: dict[str, Ends | None] = {}
    if answered or (late and notice.rung is not RUNGS[-1]):
        found[LEADING] = None
    if not answered:
        found[notice.office] = Ends(due=end_of(notice.until))
    return found


def of_screening(known: Screening) -> Awaits:
    """The meeting of the period, of who holds it, while there are meetings to hold."""
    period = known.period
    if period is None or any(period.first <= one.on <= period.last for one in known.meetings):
        return {}
    office = f"street:{known.street}" if known.level is Level.STREET else LEADING
    return {office: Ends(due=period.due)}
