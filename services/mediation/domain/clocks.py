"""The clocks of a case (M-04): started by a step, missed once, counted again where the calendar changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chassis.kernel.clock import Budget, WorkTime, due_after, end_of, local_date, recounted

from .case import Case, Had
from .dispute import Awaited
from .events import ClockRenewed, ClockStarted, DateMissed
from .policy import MediationPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """The days in force, and which of them are worked."""

    policy: MediationPolicy
    work: WorkTime

    def started(self, awaited: Awaited, now: datetime) -> ClockStarted:
        """`response`, `decision` and `charge`, in working days."""
        days: int = getattr(self.policy, f"{awaited}_days")
        due, assumed = due_after(Budget.working_days(days), now, self.work)
        return ClockStarted(awaited=awaited, due=due, provisional=assumed, since=now, days=days)

    def mediation(self, since: datetime) -> ClockStarted:
        due = end_of(local_date(since) + timedelta(days=self.policy.mediation_days))
        return ClockStarted(awaited=Awaited.MEDIATION, due=due)

    def accepted(self, now: datetime, had: Had | None) -> ClockStarted:
        """M-04: its days are given to an office once; they run on for who gave the case away and has it back (ours)."""
        if had is None:
            return self.mediation(now)
        return ClockStarted(awaited=Awaited.MEDIATION, due=had.due)

    def returned(self, now: datetime, had: Had | None) -> ClockStarted:
        """M-04: what was left of its days when it commissioned another (ours)."""
        if had is None:
            return self.mediation(now)
        away = now - had.at if had.at < had.due else timedelta(0)
        return ClockStarted(awaited=Awaited.MEDIATION, due=had.due + away)

    def visit(self, performed: date) -> ClockStarted:
        due = end_of(performed + timedelta(days=self.policy.visit_days))
        return ClockStarted(awaited=Awaited.VISIT, due=due)


def until(awaited: Awaited, day: date) -> ClockStarted:
    """By the end of a day that was said."""
    return ClockStarted(awaited=awaited, due=end_of(day))


def late(case: Case, now: datetime, *of: Awaited) -> tuple[DateMissed, ...]:
    """What is due and wasn't recorded as missed: by the timer, or by an act that comes late."""
    return tuple(
        DateMissed(awaited=clock.awaited, due=clock.due)
        for clock in case.clocks
        if not clock.missed and now > clock.due and (not of or clock.awaited in of)
    )


def renew(case: Case, work: WorkTime, now: datetime) -> Iterable[ClockRenewed]:
    """Those that are counted in working days."""
    for clock in case.clocks:
        again = recounted(clock.counted, work, now)
        if again:
            yield ClockRenewed(awaited=clock.awaited, due=again.due, provisional=again.provisional)
