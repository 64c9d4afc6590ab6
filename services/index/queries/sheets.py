"""A secretary's sheet (述职评议考核, I-19): what the index holds of a street in a year, for report and review.

Figures and dates only; nobody's mark.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from chassis.identity import Subject
from chassis.kernel.clock import local_date, quarter_of
from chassis.kernel.errors import NotFound
from services.index.access import ACCESS
from services.index.desk import IndexDesk
from services.index.domain.annex9 import Sum, total
from services.index.domain.annex9_events import Marker
from services.index.domain.duty import DutyMissed, DutyRecorded
from services.index.domain.finding import Finding
from services.index.domain.innovation import Step
from services.index.domain.scorecard import Scorecard
from services.index.domain.survey import Kind, Survey
from services.index.domain.weakness import WeaknessFound


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyDone:
    """What a street had to do by the calendar, when it did, and what it missed."""

    title: str
    clauses: tuple[str, ...]
    records: tuple[DutyRecorded, ...]
    missed: tuple[DutyMissed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """A pilot community's innovation assessment: how far it has come."""

    community: str
    step: Step
    passed: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """What a survey of the street or one of its communities came to, in hundredths; `weak`: below the bound."""

    kind: Kind
    community: str | None
    rated: str
    rater: str
    held_on: date
    score: int
    weak: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetOfYear:
    """`consultation`: annex 9 as the street and as its assessor mark it, where anything is known."""

    street: str
    year: int
    as_of: date
    scorecards: tuple[Scorecard, ...]
    weaknesses: tuple[WeaknessFound, ...]
    duties: tuple[DutyDone, ...]
    consultation_own: Sum | None
    consultation_assessed: Sum | None
    innovation: tuple[Assessed, ...]
    findings: tuple[Finding, ...]
    surveys: tuple[Surveyed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetQueries:
    desk: IndexDesk
    clock: Callable[[], datetime]

    async def street(self, street: str, year: int, subject: Subject) -> SheetOfYear:
        """Of a quarter that has begun only; NotFound for no street of ours, or not one's own."""
        if street not in self.desk.quotas or not ACCESS.may_see(subject, {"street": street}):
            raise NotFound(f"没有这张表：{street}")
        now, own = self.clock(), {"street": street}
        quarters = [f"{year}-Q{number}" for number in range(1, 5)]
        begun = [quarter for quarter in quarters if quarter <= quarter_of(now)]
        weak = [held.aggregate.found async for held in self.desk.weaknesses.every(own)]
        duties = [held.aggregate async for held in self.desk.duties.every({**own, "year": year})]
        innovation = [held.aggregate async for held in self.desk.innovation.every(own)]
        findings = [held.aggregate async for held in self.desk.findings.every(own)]
        surveys = [held.aggregate async for held in self.desk.surveys.every({**own, "year": year})]
        consultation = await self.desk.sheets.look(f"{street}.{year}")
        marked = consultation.aggregate if consultation else None
        return SheetOfYear(
            street=street,
            year=year,
            as_of=local_date(now),
            scorecards=tuple([await self.desk.scorecard(street, quarter) for quarter in begun]),
            weaknesses=tuple(one for one in weak if one.quarter in quarters),
            duties=tuple(
                DutyDone(
                    title=duty.opened.title,
                    clauses=duty.opened.clauses,
                    records=duty.records,
                    missed=duty.missed,
                )
                for duty in duties
            ),
            consultation_own=total(marked, Marker.SELF) if marked else None,
            consultation_assessed=total(marked, Marker.ASSESSED) if marked else None,
            innovation=tuple(
                Assessed(
                    community=one.begun.community,
                    step=one.step,
                    passed=one.decided.passed if one.decided else None,
                )
                for one in innovation
            ),
            findings=tuple(one for one in findings if one.made.held_on.year == year),
            surveys=tuple(map(_surveyed, surveys)),
        )


def _surveyed(survey: Survey) -> Surveyed:
    entered = survey.entered
    return Surveyed(
        kind=entered.kind,
        community=entered.community,
        rated=entered.rated,
        rater=entered.rater,
        held_on=entered.held_on,
        score=survey.score,
        weak=survey.weak,
    )
