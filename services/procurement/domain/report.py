"""An evaluation report (评估报告): to purchaser, supplier and supervisor at once, to everybody within its days."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from chassis.kernel.clock import Budget, Deadline, WorkTime, is_past, recounted, start
from chassis.kernel.errors import RuleBroken

from .contract import Contract
from .evaluation import Evaluation, Stage
from .resettling import Resettled, carried_by
from .rules import PUBLICITY, REPORTED, RULES
from .scheme import Indicator


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportGiven:
    """The purchaser owes it to the public until its clock is over."""

    contract: str
    project: str
    year: int
    title: str
    stage: Stage
    supplier: str
    street: str
    community: str | None = None
    purchaser: str
    clock: Deadline
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPublished:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMissed:
    """It wasn't public by its day: found once."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRenewed:
    """The same days, counted on a calendar that is known better."""

    clock: Deadline


ReportEvent = ReportGiven | ReportPublished | ReportMissed | ReportRenewed | Resettled


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    contract: str
    project: str
    year: int
    title: str
    stage: Stage
    supplier: str
    street: str
    community: str | None = None
    successor: str | None = None
    purchaser: str
    clock: Deadline
    given_at: datetime
    published_at: datetime | None = None
    missed: bool = False

    @property
    def id(self) -> str:
        return id_of(self.contract, self.stage)

    @property
    def next_due(self) -> datetime | None:
        return None if self.missed or self.published_at else self.clock.due

    def publish(self, *, by: str, now: datetime) -> tuple[ReportEvent, ...]:
        """P-24, P-36: by who bought; late is found first, whether or not the timer came by."""
        self.may_publish(by)
        return *self.miss(now), ReportPublished(at=now)

    def miss(self, now: datetime) -> tuple[ReportMissed, ...]:
        """P-36: once."""
        over = self.next_due is not None and is_past(self.clock, now)
        return (ReportMissed(at=now),) if over else ()

    def renew_calendar(self, work: WorkTime, now: datetime) -> tuple[ReportRenewed, ...]:
        again = recounted(self.clock, work, now) if self.next_due is not None else None
        return (ReportRenewed(clock=again),) if again else ()

    def may_publish(self, by: str) -> None:
        if by != self.purchaser:
            raise RuleBroken(RULES["P-24"], "评估报告由购买方公开。", clause=REPORTED)
        if self.published_at is not None:
            raise RuleBroken(RULES["P-36"], "评估报告已经公开。", clause=PUBLICITY)


def id_of(contract: str, stage: str) -> str:
    return f"{contract}.{stage}"


def give(
    known: Report | None, contract: Contract, stage: Stage, *, days: int, work: WorkTime
) -> tuple[ReportGiven, ...]:
    """P-24: with the evaluation, however often it is heard of; its days run from then."""
    if known is not None:
        return ()
    [given] = (one for one in contract.evaluations if one.stage is stage)
    return (
        ReportGiven(
            contract=contract.id,
            project=contract.project,
            year=contract.year,
            title=contract.title,
            stage=stage,
            supplier=contract.supplier,
            street=contract.street,
            community=carried_by(contract),
            purchaser=contract.purchaser,
            clock=start(Budget.working_days(days), given.at, work),
            at=given.at,
        ),
    )


def evolve(report: Report | None, event: ReportEvent) -> Report:
    if isinstance(event, ReportGiven):
        return Report(
            contract=event.contract,
            project=event.project,
            year=event.year,
            title=event.title,
            stage=event.stage,
            supplier=event.supplier,
            street=event.street,
            community=event.community,
            purchaser=event.purchaser,
            clock=event.clock,
            given_at=event.at,
        )
    if report is None:
        raise ValueError("a report begins by being given")
    match event:
        case ReportPublished():
            return replace(report, published_at=event.at)
        case ReportMissed():
            return replace(report, missed=True)
        case ReportRenewed():
            return replace(report, clock=event.clock)
        case Resettled():
            return replace(report, successor=event.community)
        case _:
            assert_never(event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One indicator as it was shown, and what it was given."""

    indicator: Indicator
    points: int
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Second:
    """Another member's points for the same stage, and how far they are from the first ones."""

    points: int
    apart: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedReport:
    """What a report says: the evaluation by part and indicator, and never who sat on the panel."""

    report: Report
    evaluation: Evaluation
    judged: tuple[Judged, ...]
    second: Second | None = None


def printed(report: Report, contract: Contract) -> PrintedReport:
    [evaluation] = (one for one in contract.evaluations if one.stage is report.stage)
    scores = {one.code: one for one in evaluation.scores}
    again = next((one for one in contract.seconds if one.stage is report.stage), None)
    shown: Iterable[Indicator] = contract.scheme.indicators if contract.scheme else ()
    return PrintedReport(
        report=report,
        evaluation=replace(evaluation, by=None),
        second=Second(points=again.points, apart=again.apart) if again else None,
        judged=tuple(
            Judged(
                indicator=one, points=scores[one.code].points, evidence=scores[one.code].evidence
            )
            for one in shown
            if one.code in scores
        ),
    )
