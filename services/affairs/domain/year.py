"""A-16, A-18, A-24: a street's year: its review of levels, who was excellent, and what training it held."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never

from chassis.kernel.clock import end_of, local_date
from chassis.kernel.errors import OURS, RuleBroken
from chassis.kernel.required import required_by

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
class ReviewCorrected:
    """What the review would have said but for a mistake that was found after it: it stands beside it."""

    by_level: Mapping[str, int]
    sum: int
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcellentNamed:
    workers: tuple[str, ...]
    of: int
    on: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcellentCorrected:
    """Who they are in fact."""

    workers: tuple[str, ...]
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class YearClosed:
    """Without training: named to the street by their records. Who is paid elsewhere is no worker of its (ours)."""

    untrained: tuple[str, ...]
    held: bool
    at: datetime


Corrected = ReviewCorrected | ExcellentCorrected
YearEvent = YearOpened | TrainingHeld | LevelsReviewed | ExcellentNamed | Corrected | YearClosed


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetYear:
    street: str
    year: int
    opened_at: datetime
    trainings: tuple[TrainingHeld, ...] = ()
    review: LevelsReviewed | None = None
    review_corrected: ReviewCorrected | None = None
    excellent: ExcellentNamed | None = None
    excellent_corrected: ExcellentCorrected | None = None
    closed: YearClosed | None = None

    @property
    def last(self) -> date:
        return date(self.year, 12, 31)

    @property
    def bonus_to(self) -> tuple[str, ...]:
        """Who are excellent, as it was put right."""
        named = self.excellent_corrected or self.excellent
        return named.workers if named is not None else ()

    @property
    def next_due(self) -> datetime | None:
        return end_of(self.last) if self.closed is None else None


def year_id(street: str, year: int) -> str:
    return f"{street}-{year}"


def hold(known: StreetYear, held: TrainingHeld, now: datetime) -> TrainingHeld:
    required_by(RULES["A-24"], held.subject, "subject", "须写明培训内容。", TRAINING)
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
    required_by(RULES["A-16"], proofs, "proofs", "须写明证明材料。")
    by_level, fen = _counted(known, workers, bases)
    return LevelsReviewed(by_level=by_level, sum=fen, proofs=proofs, at=now)


def may_correct_review(known: StreetYear) -> LevelsReviewed:
    if known.review is None:
        raise RuleBroken(RULES["A-16"], "该年度的职级尚未审定。", clause=OURS)
    return known.review


def correct_review(
    known: StreetYear, workers: Iterable[Worker], bases: Bases, reason: str, now: datetime
) -> ReviewCorrected:
    """By what was on record when it was reviewed, without what was struck since and with what took its place: what is
    proven later counts from the next one on.
    """
    review = may_correct_review(known)
    required_by(RULES["A-16"], reason, "reason", "更正须写明理由。", OURS)
    reviewed = {known.year: review.at}
    by_level, fen = _counted(known, workers, replace(bases, reviewed=reviewed))
    stands = known.review_corrected or review
    if (by_level, fen) == (stands.by_level, stands.sum):
        detail = "按现有档案重新计算，与审定结果相同；登记有误的，先在工作者档案中撤销并重新登记。"
        raise RuleBroken(RULES["A-16"], detail, clause=OURS, field="reason")
    return ReviewCorrected(by_level=by_level, sum=fen, reason=reason, at=now)


def _counted(
    known: StreetYear, workers: Iterable[Worker], bases: Bases
) -> tuple[dict[str, int], int]:
    next_year = date(known.year + 1, 1, 1)
    pays = [
        pay
        for worker in workers
        if worker.in_post(known.last) and (pay := paid(worker, next_year, bases)) is not None
    ]
    levels = Counter(str(pay.level) for pay in pays)
    return dict(sorted(levels.items())), sum(pay.total for pay in pays)


def may_name(known: StreetYear) -> None:
    if known.excellent is not None:
        raise RuleBroken(RULES["A-18"], "该年度的优秀已经评定。", clause=OURS)


def name_excellent(
    known: StreetYear, workers: tuple[str, ...], there: frozenset[str], now: datetime
) -> ExcellentNamed:
    """At most so many of a hundred of a street's workers, rounded down."""
    may_name(known)
    _fit(workers, there)
    return ExcellentNamed(workers=workers, of=len(there), on=local_date(now), at=now)


def may_correct_excellent(known: StreetYear) -> None:
    if known.excellent is None:
        raise RuleBroken(RULES["A-18"], "该年度的优秀尚未评定。", clause=OURS)


def correct_excellent(
    known: StreetYear, workers: tuple[str, ...], there: frozenset[str], reason: str, now: datetime
) -> ExcellentCorrected:
    """Of who was `there` on the day they were named, or nobody. What others were paid is put right on a form (A-17)."""
    may_correct_excellent(known)
    required_by(RULES["A-18"], reason, "reason", "更正须写明理由。", OURS)
    if workers:
        _fit(workers, there)
    if {*workers} == {*known.bonus_to}:
        raise RuleBroken(RULES["A-18"], "与现有名单相同。", clause=OURS, field="workers")
    return ExcellentCorrected(workers=workers, reason=reason, at=now)


def _fit(workers: tuple[str, ...], there: frozenset[str]) -> None:
    if not workers or len(set(workers)) != len(workers) or not set(workers) <= there:
        raise RuleBroken(
            RULES["A-18"], "优秀须为本街道在岗人员，各一次。", clause=AWARDS, field="workers"
        )
    most = len(there) * SHARE // 100
    if len(workers) > most:
        detail = f"优秀不超过在岗人员的 {SHARE}%，即 {most} 人。"
        raise RuleBroken(RULES["A-18"], detail, clause=AWARDS, field="workers")


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
        case ReviewCorrected():
            return replace(known, review_corrected=event)
        case ExcellentNamed():
            return replace(known, excellent=event)
        case ExcellentCorrected():
            return replace(known, excellent_corrected=event)
        case YearClosed():
            return replace(known, closed=event)
        case _:
            assert_never(event)
