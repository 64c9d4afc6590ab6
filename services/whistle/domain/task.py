"""A unit's task (任务): its own two clocks, its own arrival and result, and what it is late with."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chassis.kernel.clock import (
    Budget,
    Deadline,
    Extension,
    Pace,
    WorkTime,
    extend,
    is_past,
    pause,
    worked_seconds,
)
from chassis.kernel.errors import Malformed, RuleBroken
from chassis.kernel.required import required

from .rules import RULES


class Which(StrEnum):
    ARRIVAL = "arrival"
    HANDLING = "handling"
    COMPETENCE = "competence"
    """The command centre's, when it has to decide whose a case is."""


class Outcome(StrEnum):
    """How a unit's result ends; only `resolved` ever counts as resolved."""

    RESOLVED = "resolved"
    PARTLY_RESOLVED = "partly_resolved"
    CANNOT_ACT = "cannot_act"
    NOT_OURS = "not_ours"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a unit says it has done.

    Who cannot act gives the legal ground and who can; `whose` is the unit that it does belong to;
    `proofs` are ids of files that show it.
    """

    outcome: Outcome
    summary: str
    ground: str | None = None
    who_can: str | None = None
    whose: str | None = None
    proofs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One deadline, when it was met, and how far its escalation ladder has come.

    `rungs` counts what has been recorded: the miss itself, then head, linked leader, discipline group.
    `next_rung` is when the next is due; None when the ladder is at its end.
    """

    deadline: Deadline
    met_at: datetime | None = None
    rungs: int = 0
    next_rung: datetime | None = None
    asked: Budget | None = None
    asked_why: str | None = None

    @property
    def running(self) -> bool:
        return self.met_at is None

    @property
    def missed(self) -> bool:
        return self.rungs > 0

    @property
    def alarming(self) -> bool:
        return self.running and self.missed

    @property
    def wakes_at(self) -> datetime | None:
        return self.next_rung if self.running and not self.deadline.paused else None

    def late_at(self, now: datetime) -> bool:
        return self.running and is_past(self.deadline, now)


def running(deadline: Deadline) -> Clock:
    return Clock(deadline=deadline, next_rung=deadline.due)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One handling, from dispatch or return to the result."""

    clock: Clock
    result: Result | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What one summoned unit owes; the last of `rounds` is the current handling.

    `place` is where it has come to, `proofs` are the ids of files that show it.
    `settled_before`: a result of its own was answered with, and the case opened again by a reopening that keeps it.
    """

    unit: str
    lead: bool
    arrival: Clock
    rounds: tuple[Round, ...]
    returns: int = 0
    settled_before: bool = False
    place: str | None = None
    proofs: tuple[str, ...] = ()

    @property
    def handling(self) -> Clock:
        return self.rounds[-1].clock

    @property
    def arrived(self) -> bool:
        return self.arrival.met_at is not None

    @property
    def filed(self) -> bool:
        return self.handling.met_at is not None

    @property
    def outcome(self) -> Outcome | None:
        result = self.rounds[-1].result
        return result.outcome if result else None

    @property
    def misses(self) -> int:
        clocks = [self.arrival, *(one.clock for one in self.rounds)]
        return sum(clock.missed for clock in clocks)

    @property
    def whose(self) -> str | None:
        result = self.rounds[-1].result
        return result.whose if result else None

    @property
    def released(self) -> bool:
        """It turned out to be another's, or became another's when the unit had ended."""
        return self.outcome is Outcome.NOT_OURS

    @property
    def settled(self) -> bool:
        """By a result of its own."""
        return self.filed and not self.released

    @property
    def anothers(self) -> bool:
        """For what counts: released before anything was answered with a result of its own (ours)."""
        return self.released and not self.settled_before

    def clock(self, which: Which) -> Clock:
        if which is Which.COMPETENCE:
            raise Malformed("单位只有报到和处理两个时限。", field="which")
        return self.arrival if which is Which.ARRIVAL else self.handling

    def clocks(self) -> Iterator[tuple[Which, Clock]]:
        """Who was released before it came is waited for no longer."""
        if self.arrived or not self.released:
            yield Which.ARRIVAL, self.arrival
        yield Which.HANDLING, self.handling

    def with_clock(self, which: Which, clock: Clock) -> "Task":
        if which is Which.ARRIVAL:
            return replace(self, arrival=clock)
        return self.with_round(replace(self.rounds[-1], clock=clock))

    def with_round(self, current: Round) -> "Task":
        return replace(self, rounds=(*self.rounds[:-1], current))

    def wakes_at(self) -> datetime | None:
        times = [at for _, clock in self.clocks() if (at := clock.wakes_at) is not None]
        return min(times, default=None)


def honest(result: Result) -> None:
    """W-05: a result says what was done; who cannot act, on what ground and who can."""
    required(result.summary, "summary")
    if result.outcome is Outcome.CANNOT_ACT:
        for field in ("ground", "who_can"):
            if not (getattr(result, field) or "").strip():
                raise RuleBroken(RULES["W-05"], "不能办理的须写明法律依据和谁能办理。", field=field)
    if result.outcome is Outcome.NOT_OURS and not result.whose:
        raise RuleBroken(RULES["W-05"], "不属本单位的须点名应由哪个单位办理。", field="whose")


def proven(result: Result) -> None:
    """W-05: who says that something was done shows it, where the policy wants that of this kind."""
    if result.outcome in (Outcome.RESOLVED, Outcome.PARTLY_RESOLVED):
        shown(result.proofs, "结果")


def shown(proofs: tuple[str, ...], what: str) -> None:
    if not proofs:
        raise RuleBroken(RULES["W-05"], f"此类哨的{what}须附佐证。", field="proofs")


# What a clock allows (W-06)


def may_ask_extension(clock: Clock, now: datetime) -> None:
    """Not of an emergency's, and not after expiry."""
    _may_be_moved(clock, "延长")
    _not_expired(clock, now, "延长")


def asked_extension(days: int, why: str) -> Budget:
    """The budget asked for; refused without a reason."""
    if not why.strip():
        raise RuleBroken(RULES["W-06"], "申请延长须写明理由。", field="reason")
    if days < 1:
        raise Malformed("延长至少一个工作日。", field="days")
    return Budget.working_days(days)


def may_grant_extension(clock: Clock) -> None:
    """What was asked for before expiry may be granted after it."""
    _may_be_moved(clock, "延长")
    if clock.asked is None or clock.asked_why is None:
        raise RuleBroken(RULES["W-06"], "该单位没有申请延长。")


def granted_extension(clock: Clock, by: str, now: datetime, work: WorkTime) -> Deadline:
    if clock.asked is None:
        raise ValueError("what is granted has been asked for")
    why = clock.asked_why or ""
    more = Extension(at=now, budget=clock.asked, reason=why, approved_by=by)
    return extend(clock.deadline, more, work)


def may_pause(clock: Clock, now: datetime) -> None:
    _may_be_moved(clock, "暂停")
    _not_expired(clock, now, "暂停")
    if clock.deadline.paused:
        raise RuleBroken(RULES["W-06"], "该时限已经暂停。")


def paused(clock: Clock, why: str, by: str, now: datetime) -> Deadline:
    if not why.strip():
        raise RuleBroken(RULES["W-06"], "暂停须写明理由。", field="reason")
    return pause(clock.deadline, now, why, by)


def may_resume(clock: Clock) -> None:
    if not clock.deadline.paused:
        raise RuleBroken(RULES["W-06"], "该时限没有暂停。")


def _may_be_moved(clock: Clock, what: str) -> None:
    if clock.deadline.budget.pace is Pace.WALL:
        raise RuleBroken(RULES["W-06"], f"应急哨的时限不得{what}。")
    if not clock.running:
        raise RuleBroken(RULES["W-06"], f"该时限已经结束，不能{what}。")


def _not_expired(clock: Clock, now: datetime, what: str) -> None:
    if clock.missed or clock.late_at(now):
        raise RuleBroken(RULES["W-06"], f"时限已过，不能再{what}。")


# What it took


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """Seconds from start to met, by the wall and in working time, over all rounds."""

    wall: int
    working: int
    on_time: bool


def took(clocks: list[Clock], work: WorkTime) -> Took:
    # By another machine, whose clock is behind, it may have been met before it was started.
    spans = [
        (clock.deadline.started, max(clock.met_at, clock.deadline.started))
        for clock in clocks
        if clock.met_at
    ]
    return Took(
        wall=sum(int((met - started).total_seconds()) for started, met in spans),
        working=sum(worked_seconds(started, met, work) for started, met in spans),
        on_time=not any(clock.missed for clock in clocks),
    )


def late_days(clock: Clock, work: WorkTime) -> int:
    """Each day or part of a day that a handling was late, in the pace its clock runs by."""
    if not clock.missed or clock.met_at is None or clock.met_at <= clock.deadline.due:
        return 0
    if clock.deadline.budget.pace is Pace.WALL:
        late, day = int((clock.met_at - clock.deadline.due).total_seconds()), 86400
    else:
        late = worked_seconds(clock.deadline.due, clock.met_at, work)
        day = sum(
            (closes.hour - opens.hour) * 3600 + (closes.minute - opens.minute) * 60
            for opens, closes in work.sessions
        )
    return max(1, -(-late // day))
