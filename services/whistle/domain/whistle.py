"""A whistle (哨): units are called, must come, settle it, and are marked; the caller answers the resident.

Decisions read the state and return what now happens, or refuse. `evolve` (in `evolution`) is the only
place where state changes, so nothing can change unannounced.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.kernel.clock import WorkTime, local_date, start
from chassis.kernel.errors import Malformed, NotAllowed, RuleBroken, UnknownReference

from . import ladder, task
from .blowing import dispatched, known, office_of, said, summonable
from .course import ALLOWED, CALLED, CENTRE, RESIDENT, UNDECIDED, Status
from .events import (
    ClosingVerified,
    DeadlineMoved,
    ExtensionAsked,
    Kind,
    Level,
    ResultFiled,
    StreetBlew,
    StreetSolves,
    TaskDispatched,
    UnitArrived,
    UnitScore,
    WhistleAnswered,
    WhistleEscalated,
    WhistleEvent,
    WhistleRegistered,
    WhistleRejected,
    WhistleReopened,
    WhistleReturned,
    WhistleWithdrawn,
    WordGiven,
)
from .marks import Declined, Mark
from .policy import WhistlePolicy
from .rules import PLAN, RULES
from .task import Clock, Outcome, Result, Task, Which
from .unit import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Whistle:
    """One whistle. `word` is what the blowing unit says of the result before it is verified.

    `undecided`: it came up from a community, and the street has not yet said what it does with it.
    `earlier`: the tasks that ended when it came up; their misses stay to be seen.
    `scored_under`, `scored_calendar`: the version of the policy, and until when the working days were
    known, when the scores were made.
    `decision` is the command centre's clock for deciding whose it is, `competent` what it decided.
    """

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
    spot: str | None = None
    blown_at: datetime
    undecided: bool = False
    tasks: tuple[Task, ...] = ()
    earlier: tuple[Task, ...] = ()
    declined: tuple[Declined, ...] = ()
    decision: Clock | None = None
    competent: str | None = None
    decided_at: datetime | None = None
    calendar: str | None = None
    solver: str | None = None
    word: bool | None = None
    marks: tuple[Mark, ...] = ()
    rating: int | None = None
    scores: tuple[UnitScore, ...] = ()
    scored_under: int | None = None
    scored_calendar: str | None = None
    returns: int = 0
    cost: int = 0
    answer_given: str | None = None
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
        allowed = [step for step, statuses in ALLOWED.items() if self.status in statuses]
        return [step for step in allowed if (step in UNDECIDED) == self.undecided]

    # Calling

    def register(self, *, by: str) -> WhistleRegistered:
        self.walk("register")
        self._decided()
        self.only(self.authority, by)
        return WhistleRegistered()

    def reject(self, *, by: str, reason: str, policy: tuple[int, WhistlePolicy]) -> WhistleRejected:
        self.walk("reject")
        self._decided()
        self.only(self.authority, by)
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
        units: Mapping[str, Unit],
        policy: tuple[int, WhistlePolicy],
        now: datetime,
        work: WorkTime,
        chiefs: Sequence[str] = (),
    ) -> tuple[WhistleEvent, ...]:
        """W-02: the street settles an escalated whistle itself, naming who answers for it."""
        self._street_decides("solve", by)
        office_of(self.street, known(units.get(office), office, local_date(now), "office"))
        if not leader.strip():
            clause = f"{PLAN} 四.5"
            raise RuleBroken(
                RULES["W-02"], "街道自行解决须明确责任领导。", clause=clause, field="leader"
            )
        solves = StreetSolves(leader=leader, office=office, by=by)
        called = dispatched((office, *chiefs), office, self.kind, policy, now, work)
        return solves, WhistleRegistered(), called

    def blow_at_street(
        self,
        *,
        by: str,
        kind: Kind,
        summoned: tuple[str, ...],
        lead: str,
        units: Mapping[str, Unit],
        now: datetime,
    ) -> StreetBlew:
        """W-02: or the street blows, naming kind, units and lead anew; it is the blower from now on."""
        self._street_decides("blow", by)
        places = (self.street, self.community)
        summonable(summoned, lead, units, level=Level.STREET, places=places, today=local_date(now))
        return StreetBlew(by=by, kind=kind, summoned=summoned, lead=lead, at=now)

    def dispatch(
        self,
        *,
        by: str,
        policy: tuple[int, WhistlePolicy],
        now: datetime,
        work: WorkTime,
        chiefs: Sequence[str] = (),
    ) -> TaskDispatched:
        """To who was named and, for river matters, to the chiefs of that stretch (W-13)."""
        self.walk("dispatch")
        self.only(self.authority, by)
        units = (*self.summoned, *chiefs)
        return dispatched(units, self.lead, self.kind, policy, now, work)

    def withdraw(self, *, by: str, reason: str) -> WhistleWithdrawn:
        self.walk("withdraw")
        self._decided()
        self.only(self.blower, by)
        said(reason, "reason")
        return WhistleWithdrawn(reason=reason)

    def escalate(
        self, *, by: str, reason: str, now: datetime, rungs: ladder.Steps
    ) -> tuple[WhistleEvent, ...]:
        """The tasks end here, so what they have missed is said first (W-07)."""
        self.walk("escalate")
        if self.level is not Level.COMMUNITY:
            raise RuleBroken(RULES["W-02"], "街道的哨不再上报。")
        self.only(self.blower, by)
        said(reason, "reason")
        missed = [event for mine in self.tasks for event in rungs.missed(mine, now)]
        return *missed, WhistleEscalated(reason=reason)

    # Coming

    def arrive(
        self,
        *,
        unit: str,
        now: datetime,
        rungs: ladder.Steps,
        place: str | None = None,
        proofs: tuple[str, ...] = (),
        proven: Collection[Kind] = (),
    ) -> tuple[WhistleEvent, ...]:
        """`proven`: the kinds of which the policy wants a proof."""
        self.walk("arrive")
        mine = self.task(unit)
        if mine.arrived:
            raise RuleBroken(RULES["W-05"], f"{unit} 已经报到。")
        if self.kind in proven:
            task.shown(proofs, "报到")
        arrived = UnitArrived(unit=unit, place=place, proofs=proofs, at=now)
        return *rungs.missed(mine, now), arrived

    def file_result(
        self,
        *,
        unit: str,
        result: Result,
        now: datetime,
        rungs: ladder.Steps,
        proven: Collection[Kind] = (),
    ) -> tuple[WhistleEvent, ...]:
        self.walk("result")
        mine = self.task(unit)
        if not mine.arrived:
            raise RuleBroken(RULES["W-05"], f"{unit} 尚未报到，不能提交结果。")
        if mine.filed:
            raise RuleBroken(RULES["W-05"], f"{unit} 已经提交结果。")
        task.honest(result)
        if self.kind in proven:
            task.proven(result)
        if result.outcome is Outcome.NOT_OURS:
            self._taken_over(unit, result.whose or "")
        filed = ResultFiled(
            unit=unit,
            outcome=result.outcome,
            summary=result.summary,
            ground=result.ground,
            who_can=result.who_can,
            whose=result.whose,
            proofs=result.proofs,
            at=now,
        )
        return *rungs.missed(mine, now), filed

    # Time

    def fire(self, *, now: datetime, rungs: ladder.Steps) -> tuple[WhistleEvent, ...]:
        """Every rung that is due (W-06, W-07); nothing when none is."""
        if self.status not in CALLED:
            return ()
        due = [event for mine in self.tasks for event in rungs.due(mine, now)]
        return *due, *ladder.decision_missed(self.decision, now)

    def ask_extension(
        self, *, unit: str, which: Which, days: int, reason: str, now: datetime
    ) -> ExtensionAsked:
        self.walk("extend")
        budget = task.asked_extension(self.task(unit).clock(which), days, reason, now)
        return ExtensionAsked(unit=unit, which=which, budget=budget, reason=reason)

    def grant_extension(
        self, *, unit: str, which: Which, by: str, now: datetime, rungs: ladder.Steps
    ) -> tuple[WhistleEvent, ...]:
        """What was asked for in time; a miss in between stays, and its ladder goes on from the new end."""
        self.walk("extend")
        self.only(self.authority, by)
        mine = self.task(unit)
        moved = task.granted_extension(mine.clock(which), by, now, rungs.work)
        missed = [miss for miss in rungs.missed(mine, now) if miss.which is which]
        told = mine.clock(which).rungs or len(missed)
        following = rungs.at(moved.due, told) if told else None
        extended = DeadlineMoved(
            unit=unit, which=which, why="extended", deadline=moved, next_rung=following
        )
        return *missed, extended

    def pause(self, *, unit: str, reason: str, by: str, now: datetime) -> tuple[DeadlineMoved, ...]:
        """Every clock of the unit that may be; the command centre's act is its approval, at each level."""
        self.walk("pause")
        self.only(CENTRE, by)
        return ladder.moved(
            self.task(unit),
            "paused",
            lambda clock: task.pausable(clock, now),
            lambda clock: task.paused(clock, reason, by, now),
        )

    def resume(
        self, *, unit: str, by: str, now: datetime, work: WorkTime
    ) -> tuple[DeadlineMoved, ...]:
        self.walk("resume")
        self.only(CENTRE, by)
        return ladder.moved(
            self.task(unit),
            "resumed",
            lambda clock: clock.deadline.paused,
            lambda clock: task.resumed(clock, now, work),
        )

    # Judging; marks and scores are in `judging`

    def give_word(self, *, by: str, done: bool, what: str) -> WordGiven:
        self.walk("confirm")
        self.only(self.blower, by)
        if not done:
            said(what, "said")
        return WordGiven(done=done, said=what)

    def verify(self, *, by: str) -> ClosingVerified:
        self.walk("verify")
        self.only(self.authority, by)
        if self.word is None:
            raise RuleBroken(RULES["W-17"], "吹哨单位尚未确认处理情况，不能核实结项。")
        if self.word is False:
            raise RuleBroken(RULES["W-17"], "吹哨单位认为没有办好，不能核实结项。")
        if self.level is Level.COMMUNITY and self.outcome is Outcome.CANNOT_ACT:
            raise RuleBroken(RULES["W-02"], "社区力量不能办理的上报街道，不得就此结项。")
        return ClosingVerified()

    def send_back(
        self, *, by: str, units: tuple[str, ...], reason: str, now: datetime, work: WorkTime
    ) -> WhistleReturned:
        self.walk("return")
        self.only(self.authority, by)
        said(reason, "reason")
        if not units or len(set(units)) != len(units):
            raise Malformed("退回须点名单位，且不得重复。", field="units")
        again = tuple(start(self.task(unit).handling.deadline.budget, now, work) for unit in units)
        return WhistleReturned(units=units, reason=reason, handling=again)

    def answer(self, *, by: str, answer: str, now: datetime) -> WhistleAnswered:
        self.walk("answer")
        self.only(self.blower, by)
        said(answer, "answer")
        return WhistleAnswered(answer=answer, at=now)

    def reopen(
        self, *, by: str, reason: str, policy: WhistlePolicy, now: datetime, work: WorkTime
    ) -> WhistleReopened:
        self.walk("reopen")
        if by != RESIDENT:
            self.only(f"street:{self.street}", by)
        said(reason, "reason")
        self.still_open_to_complaint(policy.reopening.days, now)
        mine = [task for task in self.tasks if not task.released]
        again = tuple(start(task.handling.deadline.budget, now, work) for task in mine)
        return WhistleReopened(reason=reason, handling=again)

    # Guards

    def walk(self, step: str) -> None:
        """W-17: the step in its order."""
        if self.status not in ALLOWED[step]:
            refused = f"当前状态为 {self.status}，不允许 {step}；允许的步骤："
            raise RuleBroken(RULES["W-17"], f"{refused}{'、'.join(self.next_steps()) or '无'}。")

    def still_open_to_complaint(self, days: int, now: datetime) -> None:
        if self.answered_at is None or now > self.answered_at + timedelta(days=days):
            raise RuleBroken(RULES["W-17"], f"答复已超过 {days} 天，不能重开。")

    @staticmethod
    def only(who: str, by: str) -> None:
        if by != who:
            raise NotAllowed(f"此步骤由 {who} 执行。")

    def _taken_over(self, unit: str, whose: str) -> None:
        """The first receiver keeps the case until the unit it names has come."""
        other = next((mine for mine in self.tasks if mine.unit == whose), None)
        if whose == unit or other is None or not other.arrived or other.released:
            detail = "首接负责：所点名的单位到场接手之前，不能以不属本单位结束。"
            raise RuleBroken(RULES["W-05"], detail, field="whose")

    def _decided(self) -> None:
        if self.undecided:
            raise RuleBroken(RULES["W-02"], "上报的哨先由街道决定：自行解决，或由街道吹哨。")

    def _street_decides(self, step: str, by: str) -> None:
        self.walk(step)
        self.only(f"street:{self.street}", by)
        if not self.undecided:
            raise RuleBroken(RULES["W-02"], "只有社区上报、街道尚未决定的哨才由街道决定。")
