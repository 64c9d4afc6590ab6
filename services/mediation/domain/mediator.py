"""M-10: the roster of mediators, by code: level, training, where they work; and what a settled case earns them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required

from .case import Case
from .dispute import How, Risk
from .mediating import led_by, recused_of
from .resettling import Resettled
from .rules import CORPS, RULES


class Grade(StrEnum):
    """Of the professional rating, and before it."""

    UNRATED = "unrated"
    FOURTH = "fourth"
    THIRD = "third"
    SECOND = "second"
    FIRST = "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediatorEnlisted:
    """`street`: none of who works in the whole district; `since`: where it was on the roster before that day, on paper;
    `left_on`: of who comes back, the day it had left; the name is sealed apart."""

    code: str
    street: str | None = None
    community: str | None = None
    grade: Grade
    since: date | None = None
    left_on: date | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MediatorGraded:
    grade: Grade
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MediatorTrained:
    on: date
    hours: int
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MediatorDated:
    """Since when it was on the roster, on paper, where that wasn't said as it was entered."""

    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MediatorLeft:
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MediatorForgotten:
    """It left so long ago that its name is kept no longer."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MediatorRead:
    """Who it is was read."""

    by: str
    reason: str
    at: datetime


MediatorEvent = (
    MediatorEnlisted
    | MediatorGraded
    | MediatorTrained
    | MediatorDated
    | MediatorLeft
    | MediatorForgotten
    | MediatorRead
    | Resettled
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mediator:
    code: str
    street: str | None = None
    community: str | None = None
    grade: Grade
    enlisted_at: datetime
    since: date | None = None
    training: tuple[MediatorTrained, ...] = ()
    left_at: datetime | None = None
    left_on: date | None = None
    """Of who came back, the day it had left before."""
    forgotten: bool = False

    @property
    def over(self) -> datetime | None:
        """Since when it has left, while its name is still kept."""
        return None if self.forgotten else self.left_at

    def listed(self, on: date) -> bool:
        """Whether it was on the roster that day: of who came back, since then."""
        came = self.since or local_date(self.enlisted_at)
        return came <= on and (self.left_at is None or on <= local_date(self.left_at))

    def here(self) -> None:
        if self.left_at is not None:
            raise RuleBroken(RULES["M-10"], "该调解员已离任。", clause=CORPS)


def enlist(known: Mediator | None, enlisted: MediatorEnlisted) -> MediatorEnlisted:
    """Again after it had left."""
    if known is not None and known.left_at is None:
        raise Malformed("该代码已在名册中。", field="code")
    left_on = local_date(known.left_at) if known is not None and known.left_at else None
    if enlisted.since is not None:
        _come(enlisted.since, enlisted.at, "since")
        _since_it_left(left_on, enlisted.since)
    return replace(enlisted, left_on=left_on)


def grade(known: Mediator, to: Grade, on: date, now: datetime) -> MediatorGraded:
    known.here()
    _come(on, now)
    return MediatorGraded(grade=to, on=on)


def train(known: Mediator, on: date, hours: int, subject: str, now: datetime) -> MediatorTrained:
    known.here()
    _come(on, now)
    if hours <= 0:
        raise Malformed("学时须大于零。", field="hours")
    required(subject, "subject", "请写明培训内容。")
    return MediatorTrained(on=on, hours=hours, subject=subject)


def may_date(known: Mediator) -> None:
    """Once."""
    known.here()
    if known.since is not None:
        detail = f"在册起始日期已登记为 {known.since}，不能更改。"
        raise RuleBroken(RULES["M-10"], detail, clause=OURS)


def date_since(known: Mediator, since: date) -> MediatorDated:
    """A day before it was entered here."""
    may_date(known)
    entered = local_date(known.enlisted_at)
    if since > entered:
        detail = f"在册起始日期不得晚于录入名册之日 {entered}。"
        raise RuleBroken(RULES["M-10"], detail, clause=OURS, field="since")
    _since_it_left(known.left_on, since)
    return MediatorDated(since=since)


def _since_it_left(left_on: date | None, since: date) -> None:
    """It wasn't on the roster between."""
    if left_on is not None and since < left_on:
        detail = f"该调解员曾于 {left_on} 离任，再次在册的起始日期不得早于该日。"
        raise RuleBroken(RULES["M-10"], detail, clause=OURS, field="since")


def leave(known: Mediator, reason: str, now: datetime) -> MediatorLeft:
    known.here()
    required(reason, "reason", "请写明原因。")
    return MediatorLeft(reason=reason, at=now)


def forget(known: Mediator, now: datetime) -> tuple[MediatorForgotten, ...]:
    """Once."""
    return (MediatorForgotten(at=now),) if known.over is not None else ()


def resettle(known: Mediator, to: Resettled) -> tuple[Resettled, ...]:
    """Who works in the community, once."""
    works_there = known.community is not None and f"community:{known.community}" == to.before
    there = (to.before, known.street) != (to.office, to.street)
    return (to,) if works_there and there else ()


def _come(on: date, now: datetime, field: str = "on") -> None:
    if on > local_date(now):
        raise Malformed("日期不得晚于今天。", field=field)


def fit(roster: Mapping[str, Mediator], codes: Iterable[str], street: str, on: date) -> None:
    """Who led was on the roster that day, trained, and of this street or the district."""
    for code in codes:
        found = roster.get(code)
        if found is None or not found.listed(on):
            _refuse(f"{code} 当日不在调解员名册中。", CORPS)
        elif not any(one.on <= on for one in found.training):
            _refuse(f"{code} 当日尚无培训记录。", OURS)
        elif found.street not in (None, street):
            _refuse(f"{code} 不在本街道的名册中。", OURS)


def _refuse(detail: str, clause: str) -> None:
    raise RuleBroken(RULES["M-10"], detail, clause=clause, field="mediators")


def evolve(known: Mediator | None, event: MediatorEvent) -> Mediator:
    if isinstance(event, MediatorEnlisted):
        return Mediator(
            code=event.code,
            street=event.street,
            community=event.community,
            grade=event.grade,
            enlisted_at=event.at,
            since=event.since,
            left_on=event.left_on,
            training=known.training if known else (),
        )
    if known is None:
        raise ValueError("a mediator begins on the roster")
    match event:
        case MediatorGraded():
            return replace(known, grade=event.grade)
        case MediatorTrained():
            return replace(known, training=(*known.training, event))
        case MediatorDated():
            return replace(known, since=event.since)
        case MediatorLeft():
            return replace(known, left_at=event.at)
        case MediatorForgotten():
            return replace(known, forgotten=True)
        case MediatorRead():
            return known
        case Resettled():
            community = event.office.partition(":")[2]
            return replace(known, street=event.street, community=community)
        case _:
            assert_never(event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """`settled`: cases; `fen`: what they earn."""

    mediator: str
    settled: int
    fen: int


def rewards(cases: Iterable[Case], per_case: Mapping[Risk, int]) -> list[Reward]:
    """Of settled cases, each shared among who led the session that settled it, the rest to the first.

    Who had to stay out of it has no share.
    """
    earned: dict[str, tuple[int, int]] = {}
    for case in cases:
        out = recused_of(case, led_by(case))
        led = [one for one in led_by(case) if one not in out]
        if case.ended is None or case.ended.how is not How.SETTLED or not led:
            continue
        each, rest = divmod(per_case[case.risk], len(led))
        for place, code in enumerate(led):
            settled, fen = earned.get(code, (0, 0))
            earned[code] = settled + 1, fen + each + (rest if place == 0 else 0)
    return [
        Reward(mediator=code, settled=settled, fen=fen)
        for code, (settled, fen) in sorted(earned.items())
    ]
