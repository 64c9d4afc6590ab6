"""M-11: what a quarter adds up to, by street, kind and way; what is too small isn't shown (W-16's way)."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from chassis.kernel.clock import local_date
from chassis.kernel.counts import shown, total
from chassis.kernel.errors import Malformed

from .case import Case, Counted
from .dispute import STABILITY, How, Way
from .events import CaseEnded, CaseEvent
from .evolution import evolve

QUARTER = re.compile(r"(20\d\d)-Q([1-4])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """None stands for what is too small to be shown, or would tell such a one by subtraction."""

    total: int | None
    by_street: Mapping[str, int | None]
    by_dispute: Mapping[str, int | None]
    by_way: Mapping[str, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of so many."""

    part: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`overdue`: open now, past a date; `success`: settled by people's mediation, of what ended by it, however
    few: the index publishes it.
    """

    quarter: str
    least: int
    found: Measure
    accepted: Measure
    settled: Measure
    performed: Measure
    failed: Measure
    overdue: Measure
    success: Share | None


def days_of(quarter: str) -> tuple[date, date]:
    """Its first and last day."""
    said = QUARTER.fullmatch(quarter)
    if said is None:
        raise Malformed("季度写作 2026-Q4。", field="quarter")
    year, number = int(said[1]), int(said[2])
    first = date(year, 3 * number - 2, 1)
    after = date(year + (number == 4), 3 * number % 12 + 1, 1)
    return first, after - timedelta(days=1)


def concerned(case: Case, office: str, last: date) -> bool:
    """Whether it was the office's to know of by that day: a department's from the day it came there, by whichever way
    came first. Who leads the work knows all of them, a street or community what is in it, from the beginning.
    """
    kind, _, code = office.partition(":")
    if kind != "department" or code == STABILITY:
        return True
    began = local_date(case.registered_at)
    named = [one for one in (*case.screened, case.charge) if one is not None]
    days = [*came(case, office), *(local_date(one.at) for one in named if one.office == office)]
    if case.by == office:
        days.append(began)
    return min(days, default=began) <= last


def ended_with(past: Iterable[CaseEvent], office: str) -> bool:
    """M-10: whether it had the case as it ended, or is the street that stood in for who had: where its community went
    before the end counts, where it went since doesn't.
    """
    case: Case | None = None
    for event in past:
        case = evolve(case, event)
        if isinstance(event, CaseEnded):
            return office in (case.office, f"street:{case.held_in}")
    return False


def came(case: Case, office: str) -> list[date]:
    """The days on which it became the office's, by being registered, returned, decided or handed there."""
    found = [(_begun_at(case), local_date(case.registered_at))]
    found += [(one.to, local_date(one.at)) for one in case.returns[:1]]
    found += [(one.office, one.on) for one in case.assigned if one.on is not None]
    found += [(one.office, local_date(one.at)) for one in case.handed]
    return [day for where, day in found if where == office]


def _begun_at(case: Case) -> str:
    """The office it was registered with: who has it, or was the first who gave it away."""
    gave = [(one.at, one.office) for one in case.returns[:1]]
    gave += [(one.at, by) for one, by in zip(case.handed[:1], case.handed_by[:1], strict=False)]
    return min(gave)[1] if gave else case.office


def figures(cases: Iterable[Case], quarter: str, least: int, office: str) -> Figures:
    """Of these cases, as this office reads them; what happens to them after the quarter changes nothing of it, but
    what is overdue now, and a performance that is struck.
    """
    first, last = days_of(quarter)
    every = [case for case in cases if case.voided is None]
    known = [case for case in every if concerned(case, office, last)]

    def then(*those: Counted | None) -> Way | None:
        """By which way, of the last of them that is of the quarter."""
        its = [one.way for one in those if one is not None and first <= one.on <= last]
        return its[-1] if its else None

    def ended(case: Case, *hows: How) -> Way | None:
        if case.ended is None or case.ended.how not in hows:
            return None
        return then(Counted(on=local_date(case.ended.at), way=case.way))

    def measured(way: Callable[[Case], Way | None], of: Iterable[Case] = known) -> Measure:
        return _measure([(case, by) for case in of if (by := way(case)) is not None], least)

    failures = tuple(set(How) - {How.SETTLED})
    settled = [case for case in known if ended(case, How.SETTLED) is Way.PEOPLE]
    people = [case for case in known if ended(case, *How) is Way.PEOPLE]
    return Figures(
        quarter=quarter,
        least=least,
        found=measured(lambda case: then(case.found)),
        accepted=measured(lambda case: then(case.taken_up)),
        settled=measured(lambda case: ended(case, How.SETTLED)),
        performed=measured(lambda case: then(*case.carried_out)),
        failed=measured(lambda case: ended(case, *failures)),
        overdue=measured(lambda case: case.way if case.late else None, every),
        success=Share(part=len(settled), of=len(people)) if people else None,
    )


def _measure(cases: list[tuple[Case, Way]], least: int) -> Measure:
    by_street = Counter(case.street for case, _ in cases)
    return Measure(
        total=total(by_street, least),
        by_street=shown(by_street, least),
        by_dispute=shown(Counter(case.dispute.value for case, _ in cases), least),
        by_way=shown(Counter(way.value for _, way in cases), least),
    )
