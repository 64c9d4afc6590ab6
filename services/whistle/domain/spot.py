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


SpotEvent = ReportCounted | SpotRepeated


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    street: str
    community: str
    category: str
    reports: tuple[ReportCounted, ...] = ()
    told: SpotRepeated | None = None


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


def evolve(spot: Spot | None, event: SpotEvent) -> Spot:
    match event:
        case ReportCounted():
            known = spot or Spot(
                street=event.street, community=event.community, category=event.category
            )
            return replace(known, reports=(*known.reports, event))
        case SpotRepeated() if spot is not None:
            return replace(spot, told=event)
        case SpotRepeated():
            raise ValueError("reports are counted first")
        case _:
            assert_never(event)
