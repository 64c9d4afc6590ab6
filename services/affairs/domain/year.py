"""A-16, A-18, A-24: a street's year: its review of levels, who was excellent, and what training it held."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never

from chassis.kernel.clock import end_of, local_date
from chassis.kernel.errors import RuleBroken
from chassis.kernel.said import said_by

from .levels import Bases, paid
from .rules import AWARDS, RULES, TRAINING
from .worker import Worker

DECEMBER = 12
SHARE = 15
"""Of a hundred workers of a street, at most so many are excellent."""
EXCELLENT = 120_000
"""Fen, once that year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOpened:
    street: str
    year: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingHeld:
    """A general one in social work."""

    on: date
    subject: str
    hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelsReviewed:
    """`by_level`: how many of each; `sum`: what they bring in in a month of the next year."""

    by_level: Mapping[str, int]
    sum: int
    proofs: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcellentNamed:
    workers: tuple[str, ...]
    of: int
    on: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class YearClosed:
    """Without training: named to the street by their records. Who is paid elsewhere is no worker of its (ours)."""

    untrained: tuple[str, ...]
    held: bool
    at: datetime


YearEvent = YearOpened | TrainingHeld | LevelsReviewed | ExcellentNamed | YearClosed


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetYear:
    street: str
    year: int
    opened_at: datetime
    trainings: tuple[TrainingHeld, ...] = ()
    review: LevelsReviewed | None = None
    excellent: ExcellentNamed | None = None
    closed: YearClosed | None = None

    @property
    def last(self) -> date:
        return date(self.year, 12, 31)

    @property
    def next_due(self) -> datetime | None:
        return end_of(self.last) if self.closed is None else None


def year_id(street: str, year: int) -> str:
    return f"{street}-{year}"


def hold(known: StreetYear, held: TrainingHeld, now: datetime) -> TrainingHeld:
    said_by(RULES["A-24"], held.subject, "subject", "须写明培训内容。", TRAINING)
    if held.hours <= 0:
        raise RuleBroken(RULES["A-24"], "须写明学时。", clause=TRAINING, field="hours")
    if held.on.year != known.year or held.on > local_date(now):
        raise RuleBroken(RULES["A-24"], "培训日期须在该年度、今天之前。", field="on")
    return held


def may_review(known: StreetYear, now: datetime) -> None:
    if known.review is not None:
        raise RuleBroken(RULES["A-16"], "该年度的职级已经审定。")
    if local_date(now) < date(known.year, DECEMBER, 1):
        raise RuleBroken(RULES["A-16"], f"职级每年年底审定一次，{known.year} 年自 12 月 1 日起。")


def review(
    known: StreetYear,
    workers: Iterable[Worker],
    bases: Bases,
    proofs: str,
    now: datetime,
) -> LevelsReviewed:
    """Of who is in post that month; what it gives goes into next year's budget."""
    may_review(known, now)
    said_by(RULES["A-16"], proofs, "proofs", "须写明证明材料。")
    next_year = date(known.year + 1, 1, 1)
    pays = [
        pay
        for worker in workers
        if worker.in_post(known.last) and (pay := paid(worker, next_year, bases)) is not None
    ]
    levels = Counter(str(pay.level) for pay in pays)
    return LevelsReviewed(
        by_level=dict(sorted(levels.items())),
        sum=sum(pay.total for pay in pays),
        proofs=proofs,
        at=now,
    )


def may_name(known: StreetYear) -> None:
    if known.excellent is not None:
        raise RuleBroken(RULES["A-18"], "该年度的优秀已经评定。", clause=AWARDS)


def name_excellent(
    known: StreetYear, workers: tuple[str, ...], there: frozenset[str], now: datetime
) -> ExcellentNamed:
    """At most so many of a hundred of a street's workers, rounded down."""
    may_name(known)
    if not workers or len(set(workers)) != len(workers) or not set(workers) <= there:
        raise RuleBroken(
            RULES["A-18"], "优秀须为本街道在岗人员，各一次。", clause=AWARDS, field="workers"
        )
    most = len(there) * SHARE // 100
    if len(workers) > most:
        detail = f"优秀不超过在岗人员的 {SHARE}%，即 {most} 人。"
        raise RuleBroken(RULES["A-18"], detail, clause=AWARDS, field="workers")
    return ExcellentNamed(workers=workers, of=len(there), on=local_date(now), at=now)


def close(
    known: StreetYear, workers: Iterable[tuple[str, Worker]], now: datetime
) -> tuple[YearClosed, ...]:
    due = known.next_due
    if due is None or now < due:
        return ()
    untrained = tuple(
        id
        for id, worker in workers
        if worker.paid_posts(known.last) and not worker.trained_in(known.year)
    )
    return (YearClosed(untrained=untrained, held=bool(known.trainings), at=now),)


def evolve(known: StreetYear | None, event: YearEvent) -> StreetYear:
    if isinstance(event, YearOpened):
        return StreetYear(street=event.street, year=event.year, opened_at=event.at)
    if known is None:
        raise ValueError("a year begins by being opened")
    match event:
        case TrainingHeld():
            return replace(known, trainings=(*known.trainings, event))
        case LevelsReviewed():
            return replace(known, review=event)
        case ExcellentNamed():
            return replace(known, excellent=event)
        case YearClosed():
            return replace(known, closed=event)
        case _:
            assert_never(event)
