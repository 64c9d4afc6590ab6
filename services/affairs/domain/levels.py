"""A-13, A-14, A-15, A-19: from years of service and certificates to a level, and from it to a month's pay."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from chassis.kernel.clock import local_date

from .scale import FIRST, LEVELLESS, REACH, Post, Scale
from .worker import Certificate, Certified, Holding, Service, Worker

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
    known = _known(worker, at)
    return replace(
        worker,
        services=tuple(one for one in worker.services if id(one) in known),
        certificates=tuple(one for one in worker.certificates if id(one) in known),
    )


def _known(worker: Worker, at: datetime) -> set[int]:
    """Then; and for each of those that was struck since one that was entered anew, which counts as that did. By
    identity: two that are alike may have been entered at different times.
    """
    struck = [
        (one.at, one.entry) for one in worker.strikes if isinstance(one.entry, Service | Certified)
    ]
    every = [*worker.services, *worker.certificates, *(entry for _, entry in struck)]
    entered = sorted(((one.at or at, one) for one in every), key=lambda each: each[0])
    known = {id(one) for when, one in entered if when <= at}
    for since, gone in struck:
        if since > at and id(gone) in known:
            later = (one for when, one in entered if when >= since and id(one) not in known)
            known.update([id(one) for one in later if _in_place_of(gone, one)][:1])
    return known


def _in_place_of(gone: Service | Certified, entry: Service | Certified) -> bool:
    """A certificate of the same kind, a spell of some of the same days."""
    match gone, entry:
        case Certified(), Certified():
            return gone.kind is entry.kind
        case Service(), Service():
            begins, ends = max(gone.since, entry.since), (gone.until, entry.until)
            return all(until is None or begins <= until for until in ends)
        case _:
            return False


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
