"""The escalation ladder: a miss is recorded once, then told upwards, each rung once (W-06, W-07)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.clock import Deadline, WorkTime, working_days_after
from chassis.kernel.errors import RuleBroken

from .course import CENTRE
from .events import DeadlineMissed, DeadlineMoved, MissEscalated
from .policy import Rungs
from .rules import RULES
from .task import Clock, Task, Which

Move = Callable[[Clock], Deadline]


def decision_missed(clock: Clock | None, now: datetime) -> tuple[DeadlineMissed, ...]:
    """The command centre's own deadline: recorded once, told, and no rung above."""
    if clock is None or clock.missed or not clock.late_at(now):
        return ()
    due = clock.deadline.due
    return (DeadlineMissed(unit=CENTRE, which=Which.COMPETENCE, due=due),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """When each rung after a miss is due: by the policy under which the clock was started (ours)."""

    rungs: Callable[[datetime], Rungs]
    """Of the policy that was in force at a time."""
    work: WorkTime

    def missed(self, task: Task, now: datetime) -> Iterator[DeadlineMissed]:
        """Misses that no scheduler has recorded yet: an act that comes late says so itself."""
        for which, clock in task.clocks():
            if clock.late_at(now) and not clock.missed:
                yield self._missed(task, which, clock)

    def due(self, task: Task, now: datetime) -> Iterator[DeadlineMissed | MissEscalated]:
        for which, clock in task.clocks():
            if not clock.missed and clock.late_at(now):
                yield self._missed(task, which, clock)
            elif clock.missed and clock.wakes_at is not None and clock.wakes_at <= now:
                yield self._escalated(task, which, clock)

    def _missed(self, task: Task, which: Which, clock: Clock) -> DeadlineMissed:
        first = self.at(clock.deadline, 1)
        return DeadlineMissed(unit=task.unit, which=which, due=clock.deadline.due, next_rung=first)

    def _escalated(self, task: Task, which: Which, clock: Clock) -> MissEscalated:
        to = self.rungs(clock.deadline.started).days()[clock.rungs - 1][0]
        following = self.at(clock.deadline, clock.rungs + 1)
        return MissEscalated(unit=task.unit, which=which, to=to, next_rung=following)

    def at(self, missed: Deadline, rung: int) -> datetime | None:
        """`rung` 1 is the head's; None past the last."""
        steps = self.rungs(missed.started).days()
        if rung > len(steps):
            return None
        return working_days_after(missed.due, steps[rung - 1][1], self.work)


def open_clocks(task: Task, may: Callable[[Clock], None]) -> list[tuple[Which, Clock]]:
    """W-06: the running clocks of a unit that this may be done to; where none is, the first says why not."""
    refused = RuleBroken(RULES["W-06"], "该单位没有正在计时的时限。")
    refusals, found = [], []
    for which, clock in task.clocks():
        if clock.running:
            try:
                may(clock)
            except RuleBroken as refusal:
                refusals.append(refusal)
            else:
                found.append((which, clock))
    if not found:
        raise next(iter(refusals), refused)
    return found


def moved(
    task: Task, why: str, may: Callable[[Clock], None], move: Move
) -> tuple[DeadlineMoved, ...]:
    """Each of these clocks where `move` puts it."""
    return tuple(
        DeadlineMoved(
            unit=task.unit, which=which, why=why, deadline=move(clock), was=clock.deadline.due
        )
        for which, clock in open_clocks(task, may)
    )
