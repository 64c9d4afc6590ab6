"""A-13, A-14, A-15, A-19: from years of service and certificates to a level, and from it to a month's pay."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from chassis.kernel.clock import local_date

from .scale import FIRST, LEVELLESS, REACH, Post, Scale
from .worker import Certificate, Certified, Entry, Holding, Service, Worker

COUNTED_FROM = date(2001, 1, 1)
STEP = 3
"""Years to a level; the first holds three and what has begun."""
RAISES = {
    Certificate.BACHELOR: 1,
    Certificate.MASTER: 2,
    Certificate.DOCTOR: 3,
    Certificate.JUNIOR: 2,
    Certificate.INTERMEDIATE: 4,
    Certificate.SENIOR: 6,
}
EDUCATION = (Certificate.BACHELOR, Certificate.MASTER, Certificate.DOCTOR)
SOCIAL_WORK = (Certificate.JUNIOR, Certificate.INTERMEDIATE, Certificate.SENIOR)
LOW, HIGH = 60, 300
"""Percent of last year's average wage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bases:
    """What pay is counted by: the tables, what the policy says of posts without a level, and when the street's levels
    were reviewed, by year.
    """

    scale: Scale
    levelless: int
    reviewed: Mapping[int, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pay:
    """A month's, in fen; `level` 0 of a post that has none."""

    post: Post
    level: int
    base: int
    allowance: int

    @property
    def total(self) -> int:
        return self.base + self.allowance


def level_by_years(post: Post, years: int) -> int:
    """0–3 years at the post's first level, 4–6 one above, and so on to its last."""
    steps = 0 if years <= STEP else (years - 1) // STEP
    return FIRST[post] - min(steps, REACH)


def raised(certificates: Iterable[Certificate]) -> int:
    """The highest of each kind; both kinds add up (ours)."""
    held = set(certificates)
    best = (
        max((RAISES[one] for one in kind if one in held), default=0)
        for kind in (EDUCATION, SOCIAL_WORK)
    )
    return sum(best)


def level(post: Post, years: int, certificates: Iterable[Certificate]) -> int:
    """Within the post's range; 0 where there is none."""
    if post in LEVELLESS:
        return 0
    return max(level_by_years(post, years) - raised(certificates), FIRST[post] - REACH)


def full_years(services: Iterable[Service], on: date) -> int:
    """Full months of proven service since 2001, together, in full years; what goes on without a gap on another paper is
    one spell (ours).

    `on` is served to its end: at the last of December a year that began with January is full.
    """
    months = 0
    for since, until in _spells(services, on):
        whole = (until.year - since.year) * 12 + until.month - since.month
        months += whole - (until.day < since.day)
    return max(months, 0) // 12


def _spells(services: Iterable[Service], on: date) -> list[tuple[date, date]]:
    """In order, none counted twice, those without a gap as one; each until the day after its last."""
    spells: list[tuple[date, date]] = []
    for one in sorted(services, key=lambda each: each.since):
        since = max(one.since, COUNTED_FROM)
        until = min(one.until or on, on) + timedelta(days=1)
        if since >= until:
            continue
        if spells and since <= spells[-1][1]:
            before, ended = spells.pop()
            since, until = before, max(ended, until)
        spells.append((since, until))
    return spells


def reviewed_on(worker: Worker, holding: Holding, day: date) -> date:
    """A-16: levels hold from one year's end to the next; of a new post, from its first day."""
    return max(date(day.year - 1, 12, 31), worker.held_since(holding))


def _as_reviewed(worker: Worker, holding: Holding, on: date, bases: Bases) -> Worker:
    """A-16: by what was on record when the street reviewed the year's levels, of whom it then had in that post; what is
    entered later counts from the next review on (ours).
    """
    at = bases.reviewed.get(on.year) if on == date(on.year, 12, 31) else None
    if at is None or worker.taken_at > at or worker.held_since(holding) > local_date(at):
        return worker
    return replace(
        worker,
        services=tuple(one for one in worker.services if _known(worker, one, at)),
        certificates=tuple(one for one in worker.certificates if _known(worker, one, at)),
    )


def _known(worker: Worker, entry: Service | Certified, at: datetime) -> bool:
    """Then; what is entered anew for what was struck since counts as that did."""

    def of(one: Entry) -> tuple[type[Entry], Certificate | None]:
        return type(one), one.kind if isinstance(one, Certified) else None

    struck = (one.entry for one in worker.strikes if one.at > at and of(one.entry) == of(entry))
    entered = [one.at for one in (entry, *struck) if isinstance(one, Service | Certified)]
    return any(one is None or one <= at for one in entered)


def pay_of(worker: Worker, holding: Holding, day: date, bases: Bases) -> Pay:
    on = reviewed_on(worker, holding, day)
    proven = _as_reviewed(worker, holding, on, bases)
    held = [one.kind for one in proven.certificates if one.on <= on]
    its = level(holding.post, full_years(proven.services, on), held)
    if its == 0:
        return Pay(post=holding.post, level=0, base=bases.levelless, allowance=0)
    return Pay(
        post=holding.post,
        level=its,
        base=bases.scale.base[holding.post],
        allowance=bases.scale.allowance[its],
    )


def paid(worker: Worker, day: date, bases: Bases) -> Pay | None:
    """A-12: of two posts the higher; None of who isn't in post that day, or is paid by others."""
    pays = [pay_of(worker, one, day, bases) for one in worker.paid_posts(day)]
    return max(pays, key=lambda one: one.total, default=None)


def insurance_base(pay: Pay, average: int | None) -> int | None:
    """A-19: of 60 to 300 % of last year's average, never a fen beyond; none while it isn't known, none of members."""
    if average is None or pay.post is Post.SUPERVISION_MEMBER:
        return None
    low, high = -(-average * LOW // 100), average * HIGH // 100
    return min(max(pay.total, low), high)
