"""A whistle (哨): units are called, must come, settle it, and are marked; the caller answers the resident.

Decisions read the state and return what now happens, or refuse. `evolve` (in `evolution`) is the only
place where state changes, so nothing can change unannounced.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from chassis.kernel.clock import WorkTime, local_date, reproject, start
from chassis.kernel.errors import Malformed, NotAllowed, RuleBroken, UnknownReference

from . import assessment, ladder, task
from .events import (
    Assignment,
    CalendarRenewed,
    ClosingVerified,
    DeadlineMoved,
    ExtensionAsked,
    Finding,
    Kind,
    Level,
    Marker,
    MarkGiven,
    Projected,
    ResultFiled,
    StreetSolves,
    TaskDispatched,
    UnitArrived,
    UnitScore,
    WhistleAnswered,
    WhistleBlown,
    WhistleEscalated,
    WhistleEvaluated,
    WhistleEvent,
    WhistleRegistered,
    WhistleRejected,
    WhistleReopened,
    WhistleReturned,
    WhistleWithdrawn,
    WordGiven,
)
from .policy import WhistlePolicy
from .rules import PLAN, RULES
from .task import Outcome, Task, Which
from .unit import Unit, UnitKind

CENTRE = "command_centre"


class Status(StrEnum):
    BLOWN = "blown"
    REGISTERED = "registered"
    DISPATCHED = "dispatched"
    ARRIVED = "arrived"
    HANDLED = "handled"
    VERIFIED = "verified"
    EVALUATED = "evaluated"
    ANSWERED = "answered"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


CALLED = frozenset({Status.DISPATCHED, Status.ARRIVED})
OVER = frozenset({Status.ANSWERED, Status.REJECTED, Status.WITHDRAWN})
ALLOWED: Mapping[str, frozenset[Status]] = {
    "register": frozenset({Status.BLOWN}),
    "reject": frozenset({Status.BLOWN}),
    "solve": frozenset({Status.BLOWN}),
    "withdraw": frozenset({Status.BLOWN, Status.REGISTERED}),
    "dispatch": frozenset({Status.REGISTERED}),
    "escalate": CALLED | {Status.HANDLED},
    "arrive": CALLED,
    "result": CALLED,
    "extend": CALLED,
    "pause": CALLED,
    "resume": CALLED,
    "confirm": frozenset({Status.HANDLED}),
    "return": frozenset({Status.HANDLED}),
    "verify": frozenset({Status.HANDLED}),
    "marks": frozenset({Status.VERIFIED}),
    "evaluate": frozenset({Status.VERIFIED}),
    "answer": frozenset({Status.EVALUATED}),
    "reopen": frozenset({Status.ANSWERED}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What one side thinks of it, 0 to 100, under a version of the policy."""

    by: Marker
    points: int
    findings: tuple[Finding, ...] = ()
    policy: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Whistle:
    """One whistle. `word` is what the blowing unit says of the result before it is verified."""

    status: Status
    level: Level
    kind: Kind
    blower: str
    street: str
    community: str | None = None
    category: str
    title: str
    problem: str | None = None
    summoned: tuple[str, ...]
    lead: str
    origin: str | None = None
    blown_at: datetime
    tasks: tuple[Task, ...] = ()
    calendar: str | None = None
    solver: str | None = None
    word: bool | None = None
    marks: tuple[Mark, ...] = ()
    scores: tuple[UnitScore, ...] = ()
    returns: int = 0
    cost: int = 0
    answered_at: datetime | None = None
    notes: tuple[str, ...] = ()

    # Who

    @property
    def authority(self) -> str:
        """Who registers, dispatches and verifies: the command centre, or the community that blew."""
        return CENTRE if self.level is Level.STREET else self.blower

    @property
    def evaluator(self) -> str:
        """At community level the street alone evaluates."""
        return CENTRE if self.level is Level.STREET else f"street:{self.street}"

    @property
    def outcome(self) -> Outcome | None:
        """The lead's result."""
        return next((task.outcome for task in self.tasks if task.lead), None)

    def task(self, unit: str) -> Task:
        found = next((task for task in self.tasks if task.unit == unit), None)
        if found is None:
            raise UnknownReference(f"此哨没有召集 {unit}。", field="unit")
        return found

    def next_steps(self) -> list[str]:
        return [step for step, statuses in ALLOWED.items() if self.status in statuses]

    # Calling

    def register(self, *, by: str) -> WhistleRegistered:
        self._walk("register")
        self._only(self.authority, by)
        return WhistleRegistered()

    def reject(self, *, by: str, reason: str, policy: tuple[int, WhistlePolicy]) -> WhistleRejected:
        self._walk("reject")
        self._only(self.authority, by)
        if not reason.strip():
            raise RuleBroken(RULES["W-04"], "驳回须写明理由。", field="reason")
        number, numbers = policy
        return WhistleRejected(reason=reason, cost=numbers.scoring.irregular_costs, policy=number)

    def solve(
        self,
        *,
        by: str,
        leader: str,
        office: str,
        policy: tuple[int, WhistlePolicy],
        now: datetime,
        work: WorkTime,
    ) -> tuple[WhistleEvent, ...]:
        """W-02: the street settles an escalated whistle itself, naming who answers for it."""
        self._walk("solve")
        self._only(f"street:{self.street}", by)
        if not leader.strip():
            clause = f"{PLAN} 四.5"
            raise RuleBroken(
                RULES["W-02"], "街道自行解决须明确责任领导。", clause=clause, field="leader"
            )
        solves = StreetSolves(leader=leader, office=office)
        called = _dispatched((office,), office, self.kind, policy, now, work)
        return solves, WhistleRegistered(), called

    def dispatch(
        self, *, by: str, policy: tuple[int, WhistlePolicy], now: datetime, work: WorkTime
    ) -> TaskDispatched:
        self._walk("dispatch")
        self._only(self.authority, by)
        return _dispatched(self.summoned, self.lead, self.kind, policy, now, work)

    def withdraw(self, *, by: str, reason: str) -> WhistleWithdrawn:
        self._walk("withdraw")
        self._only(self.blower, by)
        _said(reason, "reason")
        return WhistleWithdrawn(reason=reason)

    def escalate(self, *, by: str, reason: str) -> WhistleEscalated:
        self._walk("escalate")
        if self.level is not Level.COMMUNITY:
            raise RuleBroken(RULES["W-02"], "街道的哨不再上报。")
        self._only(self.blower, by)
        _said(reason, "reason")
        return WhistleEscalated(reason=reason)

    # Coming

    def arrive(self, *, unit: str, now: datetime, rungs: ladder.Steps) -> tuple[WhistleEvent, ...]:
        self._walk("arrive")
        mine = self.task(unit)
        if mine.arrived:
            raise RuleBroken(RULES["W-05"], f"{unit} 已经报到。")
        return *rungs.missed(mine, now), UnitArrived(unit=unit, at=now)

    def file_result(
        self, *, unit: str, outcome: Outcome, summary: str, now: datetime, rungs: ladder.Steps
    ) -> tuple[WhistleEvent, ...]:
        self._walk("result")
        mine = self.task(unit)
        if not mine.arrived:
            raise RuleBroken(RULES["W-05"], f"{unit} 尚未报到，不能提交结果。")
        if mine.filed:
            raise RuleBroken(RULES["W-05"], f"{unit} 已经提交结果。")
        _said(summary, "summary")
        filed = ResultFiled(unit=unit, outcome=outcome, summary=summary, at=now)
        return *rungs.missed(mine, now), filed

    # Time

    def fire(self, *, now: datetime, rungs: ladder.Steps) -> tuple[WhistleEvent, ...]:
        """Every rung that is due (W-06, W-07); nothing when none is."""
        if self.status not in CALLED:
            return ()
        return tuple(event for mine in self.tasks for event in rungs.due(mine, now))

    def ask_extension(
        self, *, unit: str, which: Which, days: int, reason: str, now: datetime
    ) -> ExtensionAsked:
        self._walk("extend")
        budget = task.asked_extension(self.task(unit).clock(which), days, reason, now)
        return ExtensionAsked(unit=unit, which=which, budget=budget, reason=reason)

    def grant_extension(
        self, *, unit: str, which: Which, by: str, now: datetime, work: WorkTime
    ) -> DeadlineMoved:
        self._walk("extend")
        self._only(self.authority, by)
        moved = task.granted_extension(self.task(unit).clock(which), by, now, work)
        return DeadlineMoved(unit=unit, which=which, why="extended", deadline=moved)

    def pause(self, *, unit: str, reason: str, by: str, now: datetime) -> tuple[DeadlineMoved, ...]:
        """All running clocks of the unit; the dispatching authority's act is the approval."""
        self._walk("pause")
        self._only(self.authority, by)
        return self._moved(unit, "paused", lambda c: task.paused(c, reason, by, now))

    def resume(
        self, *, unit: str, by: str, now: datetime, work: WorkTime
    ) -> tuple[DeadlineMoved, ...]:
        self._walk("resume")
        self._only(self.authority, by)
        return self._moved(unit, "resumed", lambda c: task.resumed(c, now, work))

    def renew_calendar(self, *, work: WorkTime) -> tuple[CalendarRenewed, ...]:
        """Compute what was provisional again once more working days are known."""
        known = work.days.valid_through.isoformat()
        if self.calendar is None or self.calendar >= known:
            return ()
        moved = tuple(
            Projected(unit=mine.unit, which=which, deadline=reproject(clock.deadline, work))
            for mine in self.tasks
            for which, clock in mine.clocks()
            if clock.running and not clock.missed and clock.deadline.provisional
        )
        return (CalendarRenewed(calendar=known, moved=moved),)

    # Judging

    def give_word(self, *, by: str, done: bool, said: str) -> WordGiven:
        self._walk("confirm")
        self._only(self.blower, by)
        if not done:
            _said(said, "said")
        return WordGiven(done=done, said=said)

    def verify(self, *, by: str) -> ClosingVerified:
        self._walk("verify")
        self._only(self.authority, by)
        if self.word is None:
            raise RuleBroken(RULES["W-17"], "吹哨单位尚未确认处理情况，不能核实结项。")
        if self.word is False:
            raise RuleBroken(RULES["W-17"], "吹哨单位认为没有办好，不能核实结项。")
        return ClosingVerified()

    def send_back(
        self,
        *,
        by: str,
        units: tuple[str, ...],
        reason: str,
        policy: WhistlePolicy,
        now: datetime,
        work: WorkTime,
    ) -> WhistleReturned:
        self._walk("return")
        self._only(self.authority, by)
        _said(reason, "reason")
        if not units or len(set(units)) != len(units):
            raise Malformed("退回须点名单位，且不得重复。", field="units")
        for unit in units:
            self.task(unit)
        again = tuple(start(policy.handling[self.kind], now, work) for _ in units)
        return WhistleReturned(units=units, reason=reason, handling=again)

    def mark(
        self, *, by: str, points: int, findings: tuple[Finding, ...], policy: int
    ) -> MarkGiven:
        self._walk("marks")
        if not 0 <= points <= 100:
            raise Malformed("评分为 0 到 100 的整数。", field="points")
        marker = self._marker(by)
        if any(mark.by is marker for mark in self.marks):
            raise RuleBroken(RULES["W-08"], "一哨一考核：这一方已经评过分。")
        return MarkGiven(by=marker, points=points, findings=findings, policy=policy)

    def evaluate(
        self, *, by: str, policy: tuple[int, WhistlePolicy], work: WorkTime
    ) -> WhistleEvaluated:
        self._walk("evaluate")
        self._only(self.evaluator, by)
        given = {mark.by: mark.points for mark in self.marks}
        if Marker.STREET not in given or (Marker.GRID not in given and self.level is Level.STREET):
            raise RuleBroken(RULES["W-09"], "综合评价须有网格评价和街道评价两项评分。")
        number, numbers = policy
        scores = tuple(
            assessment.unit_score(
                mine,
                grid=given.get(Marker.GRID, given[Marker.STREET]),
                street=given[Marker.STREET],
                scoring=numbers.scoring,
                work=work,
            )
            for mine in self.tasks
        )
        return WhistleEvaluated(scores=scores, policy=number)

    def answer(self, *, by: str, answer: str, now: datetime) -> WhistleAnswered:
        self._walk("answer")
        self._only(self.blower, by)
        _said(answer, "answer")
        return WhistleAnswered(answer=answer, at=now)

    def reopen(
        self, *, by: str, reason: str, policy: WhistlePolicy, now: datetime, work: WorkTime
    ) -> WhistleReopened:
        self._walk("reopen")
        self._only(f"street:{self.street}", by)
        _said(reason, "reason")
        days = policy.reopening.days
        if self.answered_at is None or now > self.answered_at + timedelta(days=days):
            raise RuleBroken(RULES["W-17"], f"答复已超过 {days} 天，不能重开。")
        again = tuple(start(policy.handling[self.kind], now, work) for _ in self.tasks)
        return WhistleReopened(reason=reason, handling=again)

    # Guards

    def _walk(self, step: str) -> None:
        if self.status not in ALLOWED[step]:
            allowed = "、".join(self.next_steps()) or "无"
            detail = f"当前状态为 {self.status}，不允许 {step}；允许的步骤：{allowed}。"
            raise RuleBroken(RULES["W-17"], detail)

    @staticmethod
    def _only(who: str, by: str) -> None:
        if by != who:
            raise NotAllowed(f"此步骤由 {who} 执行。")

    def _marker(self, by: str) -> Marker:
        if by == CENTRE and self.level is Level.STREET:
            return Marker.GRID
        if by == f"street:{self.street}":
            return Marker.STREET
        raise NotAllowed("只有指挥中心和所属街道可以评分。")

    def _moved(self, unit: str, why: str, move: ladder.Move) -> tuple[DeadlineMoved, ...]:
        running = [(which, clock) for which, clock in self.task(unit).clocks() if clock.running]
        if not running:
            raise RuleBroken(RULES["W-06"], f"{unit} 没有正在计时的时限。")
        return tuple(
            DeadlineMoved(unit=unit, which=which, why=why, deadline=move(clock))
            for which, clock in running
        )


# Blowing


def blow(
    blown: WhistleBlown,
    units: Mapping[str, Unit],
    *,
    policy: tuple[int, WhistlePolicy],
    work: WorkTime,
) -> tuple[WhistleEvent, ...]:
    """W-02, W-03: at community level blowing, registering and dispatching are one step."""
    _said(blown.title, "title")
    if blown.category not in policy[1].categories:
        raise RuleBroken(RULES["W-01"], f"没有这个类别：{blown.category}", field="category")
    _summonable(blown, units, local_date(blown.at))
    if blown.level is Level.STREET:
        return (blown,)
    called = _dispatched(blown.summoned, blown.lead, blown.kind, policy, blown.at, work)
    return blown, WhistleRegistered(), called


def _summonable(blown: WhistleBlown, units: Mapping[str, Unit], today: date) -> None:
    if not blown.summoned or len(set(blown.summoned)) != len(blown.summoned):
        raise Malformed("须召集至少一个单位，且不得重复。", field="units")
    if blown.lead not in blown.summoned:
        raise RuleBroken(RULES["W-05"], "牵头单位须在被召集单位之中。", field="lead")
    for code in blown.summoned:
        unit = units.get(code)
        if unit is None or not unit.valid_on(today):
            raise UnknownReference(f"没有这个单位：{code}", field="units")
        if blown.level is Level.COMMUNITY and not _own(unit, {blown.community, blown.street}):
            detail = f"社区的哨只召集本社区力量，{unit.name} 不属于或未联系本社区。"
            raise RuleBroken(RULES["W-02"], detail, field="units")


def _own(unit: Unit, places: Collection[str | None]) -> bool:
    beyond = unit.kind in (UnitKind.RIVER_CHIEF, UnitKind.LINKED_LEADER)
    return not beyond and any(place in places for place in unit.serves)


def _dispatched(
    units: Iterable[str],
    lead: str,
    kind: Kind,
    policy: tuple[int, WhistlePolicy],
    now: datetime,
    work: WorkTime,
) -> TaskDispatched:
    number, numbers = policy
    return TaskDispatched(
        tasks=tuple(
            Assignment(
                unit=unit,
                lead=unit == lead,
                arrival=start(numbers.arrival[kind], now, work),
                handling=start(numbers.handling[kind], now, work),
            )
            for unit in units
        ),
        policy=number,
        calendar=work.days.valid_through.isoformat(),
        at=now,
    )


def _said(text: str, field: str) -> None:
    if not text.strip():
        raise Malformed("此项不能为空。", field=field)
