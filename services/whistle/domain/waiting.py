"""Whose move it is (W-17): the offices that a case waits for, each as it acts, and by when.

For what one may do and need not, nobody waits.
"""

from collections.abc import Iterable

from chassis.kernel.clock import Awaits, Ends, ends

from .accountability import Case, CaseStatus
from .course import CALLED, CENTRE, Status
from .events import Level, Marker
from .problem import PARTNER, Problem, ProblemStatus
from .task import Clock, Task
from .unplaced import Unplaced, UnplacedStatus
from .whistle import Whistle

DISCIPLINE = "discipline"


def first(clocks: Iterable[Clock]) -> Ends | None:
    """The next end of those that run."""
    running = [one.deadline for one in clocks if one.running and not one.deadline.paused]
    return ends(min(running, key=lambda one: one.due)) if running else None


def of_whistle(whistle: Whistle) -> Awaits:
    return _called(whistle) if whistle.status in CALLED else dict.fromkeys(_office(whistle))


def _office(whistle: Whistle) -> tuple[str, ...]:
    match whistle.status:
        case Status.BLOWN if whistle.undecided:
            return (whistle.higher,)
        case Status.BLOWN | Status.REGISTERED:
            return (whistle.authority,)
        case Status.HANDLED:
            return (whistle.blower if whistle.word is None else whistle.authority,)
        case Status.VERIFIED:
            return _unmarked(whistle) or (whistle.evaluator,)
        case Status.EVALUATED:
            return (whistle.blower,)
        case _:
            return ()


def _called(whistle: Whistle) -> Awaits:
    """Who has yet to come or to settle it; who was asked for time or for a ruling, or stopped a clock."""
    found = {f"department:{mine.unit}": _own(mine) for mine in whistle.tasks if not mine.filed}
    running = [clock for mine in whistle.tasks for _, clock in mine.clocks() if clock.running]
    if any(clock.deadline.paused for clock in running):
        found[CENTRE] = None
    if asked := [clock for clock in running if clock.asked is not None]:
        found[whistle.authority] = first(asked)
    if whistle.decision is not None and whistle.disputed:
        found[CENTRE] = first([whistle.decision])
    return found


def _own(mine: Task) -> Ends | None:
    return first(clock for _, clock in mine.clocks())


def _unmarked(whistle: Whistle) -> tuple[str, ...]:
    given = {mark.by for mark in whistle.marks}
    wanted = {Marker.STREET: whistle.higher}
    if whistle.level is Level.STREET:
        wanted[Marker.GRID] = CENTRE
    return tuple(office for marker, office in wanted.items() if marker not in given)


def of_problem(problem: Problem) -> Awaits:
    """The secretaries of its place; of what a partner told, the command centre, too, until it is triaged."""
    if problem.status not in (ProblemStatus.COLLECTED, ProblemStatus.TRIAGED):
        return {}
    told = (problem.origin or "").startswith(PARTNER)
    sorting = (CENTRE,) if told and problem.status is ProblemStatus.COLLECTED else ()
    places = (f"community:{problem.community}", f"street:{problem.street}")
    return dict.fromkeys((*places, *sorting))


def of_unplaced(report: Unplaced) -> Awaits:
    return {CENTRE: None} if report.status is UnplacedStatus.WAITING else {}


def of_case(case: Case) -> Awaits:
    """The discipline group closes it when it is answered; unanswered, its time runs out in everybody's sight."""
    match case.status:
        case CaseStatus.OPEN:
            return {case.holder: ends(case.answer_by)}
        case CaseStatus.ANSWERED:
            return {DISCIPLINE: None}
        case CaseStatus.CLOSED:
            return {}
