"""One place with one kind of trouble (W-12): how often it was reported within the policy's days."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from chassis.kernel.clock import WorkTime, working_days_after

from .policy import Accountability


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCounted:
    problem: str
    street: str
    community: str
    category: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotRepeated:
    """Reports within the days are as many as the policy says: each run is told, no report counts for two (ours)."""

    problems: tuple[str, ...]
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotLookedAt:
    """Whether its reports are ignored was asked again, and is once more at `next_at`."""

    next_at: datetime | None = None


SpotEvent = ReportCounted | SpotRepeated | SpotLookedAt
LOOKED_AT_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """`look_at`: once a run was told, when it is asked next whether its reports are ignored."""

    street: str
    community: str
    category: str
    reports: tuple[ReportCounted, ...] = ()
    told: SpotRepeated | None = None
    look_at: datetime | None = None


def times(reports: Iterable[ReportCounted], policy: Accountability, work: WorkTime) -> int:
    """How often that is: whoever tells it again before there was time to act on it (ours) tells of the same time."""
    found, acted_by = 0, None
    for at in sorted(one.at for one in reports):
        if acted_by is None or at > acted_by:
            found, acted_by = found + 1, working_days_after(at, policy.apart, work)
    return found


def count(
    spot: Spot | None, report: ReportCounted, policy: Accountability, work: WorkTime
) -> Iterable[SpotEvent]:
    """Each report once, in whatever order they come."""
    known = spot.reports if spot else ()
    if any(one.problem == report.problem for one in known):
        return ()
    reports = sorted((*known, report), key=lambda one: (one.at, one.problem))
    last = reports[-1].at
    since = last - timedelta(days=policy.days)
    run = [one for one in reports if one.at >= since]
    told = spot.told if spot else None
    if told is not None:
        run = [one for one in run if one.at > told.last]
    if times(run, policy, work) < policy.reports:
        return (report,)
    problems = tuple(one.problem for one in run)
    return report, SpotRepeated(problems=problems, first=run[0].at, last=last)


def goes_on(spot: Spot, at: datetime, policy: Accountability) -> bool:
    """Whether a report of then may be of one run with those that there are."""
    return at - max(one.at for one in spot.reports) <= timedelta(days=policy.days)


def run_of(
    reports: Iterable[ReportCounted], policy: Accountability, work: WorkTime
) -> tuple[ReportCounted, ...]:
    """The first of these, of whichever runs they were told with, that are as many within the days."""
    ordered = sorted(reports, key=lambda one: (one.at, one.problem))
    for last in ordered:
        since = last.at - timedelta(days=policy.days)
        within = tuple(one for one in ordered if since <= one.at <= last.at)
        if times(within, policy, work) >= policy.reports:
            return within
    return ()


def looked_at(spot: Spot, policy: Accountability, now: datetime) -> tuple[SpotLookedAt, ...]:
    """Every day until the days are over since the last report (ours): a deadline may pass after it."""
    if spot.look_at is None or now < spot.look_at:
        return ()
    last = max(one.at for one in spot.reports)
    following = now + LOOKED_AT_EVERY
    over = following > last + timedelta(days=policy.days)
    return (SpotLookedAt(next_at=None if over else following),)


def evolve(spot: Spot | None, event: SpotEvent) -> Spot:
    match event:
        case ReportCounted():
            known = spot or Spot(
                street=event.street, community=event.community, category=event.category
            )
            look_at = known.look_at or (event.at + LOOKED_AT_EVERY if known.told else None)
            return replace(known, reports=(*known.reports, event), look_at=look_at)
        case SpotRepeated() if spot is not None:
            look_at = spot.look_at or event.last + LOOKED_AT_EVERY
            return replace(spot, told=event, look_at=look_at)
        case SpotLookedAt() if spot is not None:
            return replace(spot, look_at=event.next_at)
        case SpotRepeated() | SpotLookedAt():
            raise ValueError("reports are counted first")
        case _:
            assert_never(event)
