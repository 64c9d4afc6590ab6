"""月通报, 季调度, 年总结 (W-14): computed for any period from what is there, within what may be seen."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from chassis.aggregates import Aggregates
from chassis.copies import Copies
from chassis.identity import Subject
from chassis.kernel.counts import shown, total
from chassis.kind import Held
from chassis.policy import Policies
from chassis.store import Range, Where
from contracts.index import WeaknessFlagged
from services.whistle.access import ACCESS
from services.whistle.desk import answered_within
from services.whistle.domain import figures
from services.whistle.domain.accountability import Case, CaseEvent
from services.whistle.domain.events import WhistleEvent
from services.whistle.domain.period import Rhythm, period
from services.whistle.domain.policy import WhistlePolicy
from services.whistle.domain.problem import Problem, ProblemEvent
from services.whistle.domain.whistle import Whistle
from services.whistle.domain.yearly import Year, YearEvent

A = TypeVar("A")


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    whistles: Aggregates[Whistle, WhistleEvent]
    problems: Aggregates[Problem, ProblemEvent]
    cases: Aggregates[Case, CaseEvent]
    years: Aggregates[Year, YearEvent]
    weaknesses: Copies[WeaknessFlagged]
    policies: Policies[WhistlePolicy]

    async def report(self, text: str, reader: Subject, now: datetime) -> dict[str, Any]:
        """As data. `scope`: what the figures are limited to, as the reader is; empty for the district."""
        _, policy = await self.policies.current()
        least = policy.statistics.least
        asked = period(text)
        days = Range(at_least=asked.first.isoformat(), at_most=asked.last.isoformat())
        closed = await _all(self.whistles, reader, answered_within(asked.first, asked.last))
        blown = await _all(self.whistles, reader, {"blown_on": days})
        problems = await _all(self.problems, reader, {"collected_on": days})
        cases = await _all(self.cases, reader, {"opened_on": days})
        by_community = dict(Counter(problem.community for problem in problems))
        report: dict[str, Any] = {
            "period": text,
            "rhythm": asked.rhythm,
            "from": asked.first,
            "to": asked.last,
            "at": now,
            "scope": reader.acts_as if ACCESS.visible(reader) != {} else "",
            "least": least,
            "blown": figures.blown(blown),
            "closed": figures.closed(closed, least),
            "streets": figures.streets(blown, closed, least),
            "departments": figures.departments(closed),
            "problems": {
                "collected": total(by_community, least),
                "by_community": shown(by_community, least),
            },
            "accountability": {
                "opened": len(cases),
                "upheld": sum(case.upheld is True for case in cases),
            },
        }
        if asked.rhythm is Rhythm.QUARTERLY:
            report["overdue_now"] = await self._overdue(reader)
            report["weaknesses"] = await self._weaknesses(text, reader)
        if asked.rhythm is Rhythm.YEARLY:
            report["whistlers"] = figures.whistlers(blown, policy.scoring.year_starts_at)
            years = await _all(self.years, reader, {"year": asked.first.year})
            report["assessed"] = {
                year.unit: said.result for year in years if (said := year.stands) is not None
            }
        return report

    async def _overdue(self, reader: Subject) -> list[dict[str, Any]]:
        """What the dispatch sheet is about: who is late with what, today; the command centre, too (W-05)."""
        return [
            {
                "whistle": held.id,
                "number": held.number,
                "street": held.aggregate.street,
                "unit": unit,
                "which": which,
            }
            async for held in _each(self.whistles, reader, {"overdue": True})
            for unit, which in held.aggregate.late
        ]

    async def _weaknesses(self, quarter: str, reader: Subject) -> dict[str, list[dict[str, Any]]]:
        """What the index found weak in that quarter, by street; for the street and who sees all."""
        may = ACCESS.visible(reader)
        found = [] if may is None else await self.weaknesses.every({**may, "quarter": quarter})
        by_street: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for one in sorted(found, key=lambda one: (one.street, one.theme)):
            shown_of = {"theme": one.theme, "level": one.level, "before": one.before}
            by_street[one.street].append({**shown_of, "why": one.why})
        return by_street


async def _all(aggregates: Aggregates[A, Any], reader: Subject, where: Where) -> list[A]:
    return [held.aggregate async for held in _each(aggregates, reader, where)]


async def _each(
    aggregates: Aggregates[A, Any], reader: Subject, where: Where
) -> AsyncIterator[Held[A]]:
    may = ACCESS.visible(reader)
    if may is None:
        return
    async for held in aggregates.every({**where, **may}):
        yield held
