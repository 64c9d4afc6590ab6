"""A secretary's sheet (述职评议考核, I-19): what the index holds of a street in a year, for report and review.

Figures and dates only; nobody's mark.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chassis.identity import Subject
from chassis.kernel.clock import local_date, quarter_of
from chassis.kernel.errors import NotFound
from services.index.access import ACCESS
from services.index.desk import IndexDesk
from services.index.domain.annex9 import Sum, total
from services.index.domain.annex9_events import Marker
from services.index.domain.duty import DutyMissed, DutyRecorded
from services.index.domain.finding import Finding
from services.index.domain.innovation import Innovation, Step
from services.index.domain.note import AccountabilityNoted, HandoverNoted
from services.index.domain.pilot import Pilot
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
    """An innovation assessment, of a pilot community or of the street itself: how far it has come."""

    community: str | None
    step: Step
    passed: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """What a survey that the street or one of its communities has a part in came to, in hundredths.

    `weak`: it, and not a department, is rated below the bound.
    """

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
    accountability: tuple[AccountabilityNoted, ...]
    handed_over: tuple[HandoverNoted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetOfCommunity:
    """A community's: its whistles and rooms by quarter, what it was assessed and surveyed for, its titles."""

    community: str
    street: str
    year: int
    as_of: date
    scorecards: tuple[Scorecard, ...]
    innovation: tuple[Assessed, ...]
    surveys: tuple[Surveyed, ...]
    pilots: tuple[Pilot, ...]
    accountability: tuple[AccountabilityNoted, ...]
    handed_over: tuple[HandoverNoted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetQueries:
    desk: IndexDesk
    clock: Callable[[], datetime]

    async def street(self, street: str, year: int, subject: Subject) -> SheetOfYear:
        """Of a quarter that has begun only; NotFound for no street of ours, or not one's own."""
        if street not in self.desk.quotas or not ACCESS.may_see(subject, {"street": street}):
            raise NotFound(f"没有这张表：{street}")
        now, own = self.clock(), {"street": street}
        quarters, begun = _quarters(year, now)
        weak = [held.aggregate.found async for held in self.desk.weaknesses.every(own)]
        duties = [held.aggregate async for held in self.desk.duties.every({**own, "year": year})]
        innovation = [held.aggregate async for held in self.desk.innovation.every(own)]
        findings = [held.aggregate async for held in self.desk.findings.every(own)]
        surveys = [held.aggregate async for held in self.desk.surveys.every({**own, "year": year})]
        consultation = await self.desk.sheets.look(f"{street}.{year}")
        marked = consultation.aggregate if consultation and consultation.aggregate.known else None
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
            innovation=tuple(map(_assessed, innovation)),
            findings=tuple(one for one in findings if one.made.held_on.year == year),
            surveys=tuple(map(_surveyed, surveys)),
            **await self._noted(own, year),
        )

    async def community(self, community: str, year: int, subject: Subject) -> SheetOfCommunity:
        """For itself, its street and those who lead; NotFound for no community of the register."""
        known = await self.desk.communities.look(community)
        street = known.street if known else None
        seen = ACCESS.may_see(subject, {"community": community, "street": street})
        if street is None or not seen:
            raise NotFound(f"没有这张表：{community}")
        now, own = self.clock(), {"community": community}
        cards = [
            await self.desk.community_card(community, street, quarter)
            for quarter in _quarters(year, now)[1]
        ]
        innovation = await self.desk.innovation.look(community)
        surveys = [held.aggregate async for held in self.desk.surveys.every({**own, "year": year})]
        pilots = [held.aggregate async for held in self.desk.pilots.every(own)]
        return SheetOfCommunity(
            community=community,
            street=street,
            year=year,
            as_of=local_date(now),
            scorecards=tuple(cards),
            innovation=(_assessed(innovation.aggregate),) if innovation else (),
            surveys=tuple(map(_surveyed, surveys)),
            pilots=tuple(pilots),
            **await self._noted(own, year),
        )

    async def _noted(self, own: dict[str, str], year: int) -> dict[str, Any]:
        """Of the street or community, by day."""
        every = [
            held.aggregate.noted async for held in self.desk.notes.every({**own, "year": year})
        ]
        noted = sorted(every, key=lambda one: (one.day, one.event))
        return {
            "accountability": tuple(one for one in noted if isinstance(one, AccountabilityNoted)),
            "handed_over": tuple(one for one in noted if isinstance(one, HandoverNoted)),
        }


def _quarters(year: int, now: datetime) -> tuple[list[str], list[str]]:
    """The year's, and those of them that have begun."""
    quarters = [f"{year}-Q{number}" for number in range(1, 5)]
    return quarters, [quarter for quarter in quarters if quarter <= quarter_of(now)]


def _assessed(one: Innovation) -> Assessed:
    passed = one.decided.passed if one.decided else None
    return Assessed(community=one.begun.community, step=one.step, passed=passed)


def _surveyed(survey: Survey) -> Surveyed:
    entered = survey.entered
    return Surveyed(
        kind=entered.kind,
        community=entered.community,
        rated=entered.rated,
        rater=entered.rater,
        held_on=entered.held_on,
        score=survey.score,
        weak=survey.weak and not entered.rated.startswith("department:"),
    )
