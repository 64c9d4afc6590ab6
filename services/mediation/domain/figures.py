"""M-11: what a quarter adds up to, by street, kind and way; what is too small isn't shown (W-16's way)."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from chassis.kernel.clock import local_date
from chassis.kernel.counts import shown, total
from chassis.kernel.errors import Malformed

from .case import Case
from .dispute import How, Way

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


def figures(cases: Iterable[Case], quarter: str, least: int) -> Figures:
    """Of these cases."""
    first, last = days_of(quarter)
    known = list(cases)

    def within(day: date | None) -> bool:
        return day is not None and first <= day <= last

    def ended(case: Case) -> bool:
        return case.ended is not None and within(local_date(case.ended.at))

    def settled(case: Case) -> bool:
        return ended(case) and case.ended is not None and case.ended.how is How.SETTLED

    def measured(counts: Callable[[Case], bool]) -> Measure:
        return _measure([case for case in known if counts(case)], least)

    people = [case for case in known if ended(case) and case.way is Way.PEOPLE]
    success = Share(part=sum(map(settled, people)), of=len(people))
    return Figures(
        quarter=quarter,
        least=least,
        found=measured(lambda case: within(local_date(case.registered_at))),
        accepted=measured(
            lambda case: case.accepted_at is not None and within(local_date(case.accepted_at))
        ),
        settled=measured(settled),
        performed=measured(lambda case: within(case.performed.on if case.performed else None)),
        failed=measured(lambda case: ended(case) and not settled(case)),
        overdue=measured(lambda case: case.late),
        success=success if success.of else None,
    )


def _measure(cases: list[Case], least: int) -> Measure:
    by_street = Counter(case.street for case in cases)
    return Measure(
        total=total(by_street, least),
        by_street=shown(by_street, least),
        by_dispute=shown(Counter(case.dispute.value for case in cases), least),
        by_way=shown(Counter(case.way.value for case in cases), least),
    )
