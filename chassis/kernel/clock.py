"""Deadlines in working time, counted by one engine so that every service means the same by "late".

A deadline is a budget and a ledger of what happened to it (pauses, extensions); when it is due is
always computed from these alone, so it can be computed again when a new year's calendar arrives.
Time is an argument here: nothing in this module knows what time it is. Machines' clocks differ, and are set back: what
is said to happen before what it follows happens with it, and takes no time.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from itertools import islice, pairwise
from operator import itemgetter
from typing import Protocol, Self

# Fixed: China has had one offset and no summer time since 1992, and tzdata is not everywhere.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_NOTHING = timedelta()

_Span = tuple[datetime, datetime]


class WorkingDays(Protocol):
    """Which days are worked; after `valid_through` nothing is known of them."""

    @property
    def valid_through(self) -> date: ...

    @property
    def version(self) -> str:
        """What is known: its last day, and after it a digest of the district's own files, if any."""

    @property
    def certain_through(self) -> date:
        """Until when no later notice may still change it; deadlines after it are provisional."""

    def is_working(self, day: date) -> bool: ...

    def as_known_through(self, end: date) -> "WorkingDays":
        """As it was before the notices of the years after `end` came out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkTime:
    """The working days and the sessions of each, in Shanghai time and in order."""

    days: WorkingDays
    sessions: tuple[tuple[time, time], ...] = (
        (time(9), time(12)),
        (time(13), time(17)),
    )

    def __post_init__(self) -> None:
        bounds = [bound for session in self.sessions for bound in session]
        if not bounds or any(later <= earlier for earlier, later in pairwise(bounds)):
            raise ValueError("working sessions must follow one another")
        if any(bound.microsecond or bound.tzinfo for bound in bounds):
            raise ValueError("working sessions are whole seconds of Shanghai time")

    def as_known_through(self, end: date) -> Self:
        """To count again what was counted then."""
        return replace(self, days=self.days.as_known_through(end))


class Pace(StrEnum):
    """What a budget is counted in."""

    WALL = "wall"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """So many days at the pace of working days, so many seconds at the other two."""

    pace: Pace
    amount: int

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise ValueError("a budget is positive")

    @classmethod
    def minutes(cls, amount: int) -> Self:
        return cls(pace=Pace.WALL, amount=amount * 60)

    @classmethod
    def hours(cls, amount: int) -> Self:
        return cls(pace=Pace.WALL, amount=amount * 3600)

    @classmethod
    def working_hours(cls, amount: int) -> Self:
        return cls(pace=Pace.WORKING_HOURS, amount=amount * 3600)

    @classmethod
    def working_days(cls, amount: int) -> Self:
        return cls(pace=Pace.WORKING_DAYS, amount=amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Time that does not count against the budget; still running while `until` is unknown."""

    since: datetime
    until: datetime | None = None
    reason: str
    approved_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """More budget, added after what was due when it was granted."""

    at: datetime
    budget: Budget
    reason: str
    approved_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A budget, its ledger, and what follows from them: `due` and whether it is `provisional`."""

    started: datetime
    budget: Budget
    due: datetime
    provisional: bool
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()

    @property
    def paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].until is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """When a time ends that somebody was given: in working time or, where `wall`, by the clock on the wall.

    `provisional`: it was counted on days off that aren't announced yet. None: nobody said.
    """

    due: datetime
    provisional: bool | None = None
    wall: bool | None = None


Awaits = Mapping[str, Ends | None]
"""The offices that something waits for, each as it acts, and by when."""


def ends(deadline: Deadline) -> Ends:
    wall = deadline.budget.pace is Pace.WALL
    return Ends(due=deadline.due, provisional=deadline.provisional, wall=wall)


def first_of(those: Iterable[Ends | None]) -> Ends | None:
    """The next of them."""
    return min((one for one in those if one is not None), key=lambda one: one.due, default=None)


def soonest(found: Awaits, running: datetime | None) -> datetime | None:
    """What is due next, missed or not; `running`: what nobody is awaited for, too."""
    one = first_of([*found.values(), Ends(due=running) if running else None])
    return one.due if one else None


def local_date(at: datetime) -> date:
    return _aware(at).astimezone(SHANGHAI).date()


def local_minute(at: datetime) -> str:
    """As people read it: `2026-03-01 00:30`."""
    return f"{_aware(at).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def due_minute(at: datetime) -> str:
    """The same of when something is due: at midnight it is the day before that ends, the last one there is for it
    (ours).
    """
    here = _aware(at).astimezone(SHANGHAI)
    return local_minute(at) if here.time() != time() else f"{here - _DAY:%Y-%m-%d} 24:00"


def begin_of(day: date) -> datetime:
    """Its first moment in Shanghai."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The first moment after it."""
    return begin_of(day + _DAY)


def quarter_of(at: datetime) -> str:
    day = local_date(at)
    return f"{day.year}-Q{(day.month + 2) // 3}"


def start(budget: Budget, at: datetime, work: WorkTime) -> Deadline:
    at = _aware(at)
    return reproject(Deadline(started=at, budget=budget, due=at, provisional=False), work)


def pause(deadline: Deadline, at: datetime, reason: str, approved_by: str) -> Deadline:
    _refuse_wall(deadline.budget)
    if deadline.paused:
        raise ValueError("it is paused already")
    # Overlapping pauses would give the same time back twice.
    since = max(_aware(at), _last_known(deadline))
    entry = Pause(since=since, reason=reason, approved_by=approved_by)
    return replace(deadline, pauses=(*deadline.pauses, entry))


def resume(deadline: Deadline, at: datetime, work: WorkTime) -> Deadline:
    if not deadline.paused:
        raise ValueError("it is not paused")
    *earlier, running = deadline.pauses
    until = max(_aware(at), running.since)
    return reproject(replace(deadline, pauses=(*earlier, replace(running, until=until))), work)


def extend(deadline: Deadline, extension: Extension, work: WorkTime) -> Deadline:
    _refuse_wall(deadline.budget)
    _refuse_wall(extension.budget)
    granted = replace(extension, at=max(_aware(extension.at), deadline.started))
    return reproject(replace(deadline, extensions=(*deadline.extensions, granted)), work)


def reproject(deadline: Deadline, work: WorkTime) -> Deadline:
    """Compute it from its ledger; the same calendar gives the same deadline."""
    due, provisional = due_after(deadline.budget, deadline.started, work)
    for at, entry in _ledger(deadline):
        due, assumed = _entered(entry, at, due, work)
        provisional = provisional or assumed
    return replace(deadline, due=due, provisional=provisional)


def in_working_days(
    since: datetime | None, days: int | None, due: datetime, *, provisional: bool
) -> Deadline | None:
    """What a record that keeps these counted so; None where it didn't, or since when wasn't kept yet."""
    if since is None or days is None:
        return None
    budget = Budget.working_days(days)
    return Deadline(started=since, budget=budget, due=due, provisional=provisional)


def recounted(deadline: Deadline | None, work: WorkTime, now: datetime) -> Deadline | None:
    """Under what is known of the working days now; None where there is none, or that changes nothing. Time that has run
    out stays so.

    What was sure stays where a year that was known is known no more: its file is missing.
    """
    if deadline is None:
        return None
    forgotten = not deadline.provisional and _is_assumed(deadline.due, work)
    if forgotten or is_past(deadline, now):
        return None
    again = reproject(deadline, work)
    return again if again != deadline else None


def due_after(budget: Budget, at: datetime, work: WorkTime) -> tuple[datetime, bool]:
    """When the budget is used up, and whether days past the calendar's validity were assumed."""
    match budget.pace:
        case Pace.WALL:
            return _aware(at) + budget.amount * _SECOND, False
        case Pace.WORKING_HOURS:
            due = shift(at, budget.amount, work)
        case Pace.WORKING_DAYS:
            due = working_days_after(at, budget.amount, work)
    return due, _is_assumed(due, work)


def working_days_after(at: datetime, n: int, work: WorkTime) -> datetime:
    """The close of the n-th working day after the day of `at`, which itself never counts."""
    if n <= 0:
        raise ValueError("working days are counted from one")
    days = _working_days_from(local_date(at) + _DAY, work)
    last = next(islice(days, n - 1, None))
    return _sessions_on(last, work)[-1][1].astimezone(UTC)


def announced(
    until: datetime, since: datetime | None, days: int | None, work: WorkTime
) -> datetime:
    """When a time ends that people were told the end of (ours): never before that, and later over a day that has turned
    out to be off; as it was told where `days`, or since when, wasn't kept yet.
    """
    if since is None or days is None:
        return until
    return max(until, working_days_after(since, days, work))


def shift(at: datetime, seconds: int, work: WorkTime) -> datetime:
    """The instant by which so many working seconds have passed since `at`."""
    at, left = _aware(at), seconds * _SECOND
    if left < _NOTHING:
        raise ValueError("working time is shifted forward only")
    if not left:
        return at
    spans = _spans_from(at, work)
    opens, closes = next(spans)
    # Ending exactly at a close is ending there, not at the next opening.
    while closes - opens < left:
        left -= closes - opens
        opens, closes = next(spans)
    return (opens + left).astimezone(UTC)


def worked_seconds(since: datetime, until: datetime, work: WorkTime) -> int:
    """The working seconds between two instants, each taken at its whole second.

    Cutting the instants and not the result keeps it additive: the parts of a span add up to it.
    """
    since, until = _aware(since).replace(microsecond=0), _aware(until).replace(microsecond=0)
    if until < since:
        raise ValueError("working time is counted forward only")
    worked, day, last = _NOTHING, local_date(since), local_date(until)
    while day <= last:
        if work.days.is_working(day):
            for opens, closes in _sessions_on(day, work):
                worked += max(min(closes, until) - max(opens, since), _NOTHING)
        day += _DAY
    return worked // _SECOND


def is_past(deadline: Deadline, now: datetime) -> bool:
    return _aware(now) > deadline.due and not deadline.paused


def _entered(
    entry: Pause | Extension, at: datetime, due: datetime, work: WorkTime
) -> tuple[datetime, bool]:
    if isinstance(entry, Extension):
        return due_after(entry.budget, due, work)
    due = shift(due, worked_seconds(entry.since, at, work), work)
    # A pause on assumed days may shift nothing now and something later.
    return due, _is_assumed(max(due, at), work)


def _ledger(deadline: Deadline) -> list[tuple[datetime, Pause | Extension]]:
    """What moved the deadline, when it did: a pause does so when it ends.

    At the same instant the pause comes first, so that the extension adds to what was then due.
    """
    entries: list[tuple[datetime, Pause | Extension]] = [
        (entry.until, entry) for entry in deadline.pauses if entry.until is not None
    ]
    entries += [(entry.at, entry) for entry in deadline.extensions]
    return sorted(entries, key=itemgetter(0))


def _last_known(deadline: Deadline) -> datetime:
    ended = deadline.pauses[-1].until if deadline.pauses else None
    return ended or deadline.started


def _spans_from(at: datetime, work: WorkTime) -> Iterator[_Span]:
    for day in _working_days_from(local_date(at), work):
        for opens, closes in _sessions_on(day, work):
            if closes > at:
                yield max(opens, at), closes


def _working_days_from(day: date, work: WorkTime) -> Iterator[date]:
    while True:
        if work.days.is_working(day):
            yield day
        day += _DAY


def _sessions_on(day: date, work: WorkTime) -> list[_Span]:
    return [
        (datetime.combine(day, opens, SHANGHAI), datetime.combine(day, closes, SHANGHAI))
        for opens, closes in work.sessions
    ]


def known_through(version: str) -> date:
    """Until when the days were known under a calendar of that version."""
    return date.fromisoformat(version[:10])


def is_outdated(version: str, days: WorkingDays) -> bool:
    """Whether what was counted under it has to be counted again: more is known now, or something else."""
    return version != days.version and known_through(version) <= days.valid_through


def _is_assumed(at: datetime, work: WorkTime) -> bool:
    return local_date(at) > work.days.certain_through


def _refuse_wall(budget: Budget) -> None:
    if budget.pace is Pace.WALL:
        raise ValueError("a clock that runs by the wall is neither paused nor extended")


def _aware(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError("an instant needs its offset")
    return at.astimezone(UTC)
