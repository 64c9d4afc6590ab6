"""How a whistle stands: what is known of it, whose each step is, and which steps are open (W-17).

A guard refuses where a step isn't open in this state, to this office, at this time. The decisions call
them first, and whoever asks what can be done next calls nothing else.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from chassis.kernel.errors import OURS, NotAllowed, OutOfOrder, RuleBroken, UnknownReference
from chassis.vocabulary import word_of
from services.whistle.vocabulary import WORDS

from . import ladder, task
from .assessment import mean_score
from .course import ALLOWED, CENTRE, ELSEWHERE, RESIDENT, UNDECIDED, WHOSE, Status
from .events import Kind, Level, UnitScore
from .marks import Declined, Mark
from .rules import PLAN, RULES
from .task import Clock, Outcome, Task, Which


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The state of one whistle. `word` is what the blowing unit says of the result before it is verified.

    `undecided`: it came up from a community, and the street has not yet said what it does with it.
    `earlier`: the tasks that ended when it came up; their misses stay to be seen.
    `scored_under`, `scored_calendar`: the version of the policy, and until when the working days were
    known, when the scores were made.
    `urged` are those who were last asked to hurry.
    `origin`: why the platform blew it in the street's name; of what an office blew there is none.
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
    first_answered_at: datetime | None = None
    notes: tuple[str, ...] = ()
    urged: tuple[str, ...] = ()
    urged_at: datetime | None = None

    # Who

    @property
    def centre(self) -> str:
        return CENTRE

    @property
    def higher(self) -> str:
        """The street, whom a community's whistle comes up to, and who reopens."""
        return f"street:{self.street}"

    @property
    def authority(self) -> str:
        """Who registers, dispatches and verifies: the command centre, or the community that blew."""
        return CENTRE if self.level is Level.STREET else self.blower

    @property
    def evaluator(self) -> str:
        """At community level the street alone evaluates."""
        return CENTRE if self.level is Level.STREET else self.higher

    @property
    def outcome(self) -> Outcome | None:
        """The lead's result."""
        return next((task.outcome for task in self.tasks if task.lead), None)

    @property
    def disputed(self) -> bool:
        """W-05: the command centre has yet to decide whose it is."""
        return self.decision is not None and self.decision.running

    def ruled(self, ended: Collection[str]) -> bool:
        """Whether a decision says whose it is, and doesn't only replace one that came beside the lead."""
        return self.disputed or self.lead in ended

    def let_go(self, unit: str, ended: Collection[str]) -> tuple[Task, ...]:
        """Whose tasks end with a decision for `unit`: who ended, and who declined, where that is in dispute."""
        declined = {one.unit for one in self.declined} if self.disputed else set()
        theirs = {*declined, *ended} - {unit}
        return tuple(mine for mine in self.tasks if mine.unit in theirs and not mine.filed)

    @property
    def late(self) -> tuple[tuple[str, Which], ...]:
        """Who is late with what, the command centre with its own decision."""
        clocks = [(task.unit, *one) for task in self.tasks for one in task.clocks()]
        if self.decision is not None:
            clocks.append((CENTRE, Which.COMPETENCE, self.decision))
        return tuple((unit, which) for unit, which, clock in clocks if clock.alarming)

    @property
    def score(self) -> int | None:
        """W-10: the mean of its units' scores, without those whose it turned out not to be, unless it was nobody's."""
        theirs = {task.unit for task in self.tasks if not task.anothers}
        counted = tuple(one for one in self.scores if one.unit in theirs) or self.scores
        return mean_score(counted) if counted else None

    @property
    def irregular(self) -> bool:
        """W-04: rejected, and blown by whose points it costs: the platform's own for a missed agreement was nobody's
        choice (ours).
        """
        return self.status is Status.REJECTED and self.origin is None

    @property
    def closed_at(self) -> datetime | None:
        """W-08: the first answer, so that what is handled again counts once, where it did already (ours)."""
        return self.first_answered_at or self.answered_at

    def task(self, unit: str) -> Task:
        found = next((task for task in self.tasks if task.unit == unit), None)
        if found is None:
            raise UnknownReference("此哨没有召集该单位。", field="unit")
        return found

    def next_steps(self) -> list[str]:
        return [*_next_steps(self.status, self.undecided)]

    # Guards

    def walk(self, step: str) -> None:
        """W-17: the step in its order; W-02: first the street decides what it does with what came up."""
        if self.status not in ALLOWED[step]:
            named = [ELSEWHERE.get(one, one) for one in self.next_steps()]
            raise OutOfOrder(RULES["W-17"], word_of(self.status, WORDS), step, named)
        if self.undecided and step not in UNDECIDED:
            raise RuleBroken(
                RULES["W-02"],
                "上报的哨先由街道决定：自行解决，或由街道吹哨。",
                clause=f"{PLAN} 四.5",
            )
        if step in UNDECIDED and not self.undecided:
            raise RuleBroken(
                RULES["W-02"], "只有社区上报、街道尚未决定的哨才由街道决定。", clause=f"{PLAN} 四.5"
            )

    def may(self, step: str, by: str) -> None:
        """In its order, and by whose it is."""
        self.walk(step)
        who = getattr(self, WHOSE[step])
        if by != who:
            raise NotAllowed("此步骤不由当前身份执行。")

    def may_escalate(self, by: str, *, over: bool = False) -> None:
        self.walk("escalate")
        if self.level is not Level.COMMUNITY:
            raise RuleBroken(RULES["W-02"], "街道的哨不再上报。", clause=f"{PLAN} 四.5")
        self.may_for_blower("escalate", by, over)

    def may_for_blower(self, step: str, by: str, over: bool) -> None:
        """W-02: who blew; or its street, where it is a community that has ended (ours): nothing is dropped with it."""
        if over and by == self.higher:
            self.walk(step)
        else:
            self.may(step, by)

    def may_arrive(self, unit: str) -> None:
        self.walk("arrive")
        mine = self.task(unit)
        if mine.released:
            raise RuleBroken(RULES["W-05"], "已裁定不由该单位办理，不再报到。")
        if mine.arrived:
            raise RuleBroken(RULES["W-05"], "该单位已经报到。")

    def may_file_result(self, unit: str) -> None:
        self.walk("result")
        mine = self.task(unit)
        if not mine.arrived:
            raise RuleBroken(RULES["W-05"], "该单位尚未报到，不能提交结果。")
        if mine.filed:
            raise RuleBroken(RULES["W-05"], "该单位已经提交结果。")

    def may_prove(self, unit: str) -> None:
        """While the unit may still arrive or file its result."""
        self.walk("result")
        self.task(unit)

    def may_ask_extension(self, unit: str, now: datetime, which: Which | None = None) -> None:
        """Of this clock of the unit, or of either."""
        self.walk("extend")
        self._extendable(unit, which, lambda clock: task.may_ask_extension(clock, now))

    def may_grant_extension(self, unit: str, by: str, which: Which | None = None) -> None:
        self.may("extend", by)
        self._extendable(unit, which, task.may_grant_extension)

    def may_pause(self, unit: str, by: str, now: datetime) -> None:
        self.may("pause", by)
        ladder.open_clocks(self.task(unit), lambda clock: task.may_pause(clock, now))

    def may_resume(self, unit: str, by: str) -> None:
        self.may("resume", by)
        ladder.open_clocks(self.task(unit), task.may_resume)

    def may_verify(self, by: str) -> None:
        self.may("verify", by)
        if self.word is None:
            raise RuleBroken(RULES["W-17"], "吹哨单位尚未确认处理情况，不能核实结项。", clause=OURS)
        if self.word is False:
            raise RuleBroken(RULES["W-17"], "吹哨单位认为没有办好，不能核实结项。", clause=OURS)
        if self.level is Level.COMMUNITY and self.outcome is Outcome.CANNOT_ACT:
            raise RuleBroken(
                RULES["W-02"], "社区力量不能办理的上报街道，不得就此结项。", clause=f"{PLAN} 四.4"
            )

    def may_reopen(self, by: str, days: int, now: datetime) -> None:
        self.walk("reopen")
        if by != RESIDENT:
            self.may("reopen", by)
        self.still_open_to_complaint(days, now)

    def still_open_to_complaint(self, days: int, now: datetime) -> None:
        if self.answered_at is None or now > self.answered_at + timedelta(days=days):
            raise RuleBroken(RULES["W-17"], f"答复已超过 {days} 天，不能重开。", clause=OURS)

    def _extendable(self, unit: str, which: Which | None, may: Callable[[Clock], None]) -> None:
        """The clock that was named, or any that runs."""
        mine = self.task(unit)
        if which is None:
            ladder.open_clocks(mine, may)
            return
        clock = mine.clock(which)
        if (which, clock) not in tuple(mine.clocks()):
            detail = "该单位已不再办理此哨，无须报到，时限不得延长。"
            raise RuleBroken(RULES["W-06"], detail, field="which")
        try:
            may(clock)
        except RuleBroken as refusal:
            refusal.field = "which"
            raise


@cache
def _next_steps(status: Status, undecided: bool) -> tuple[str, ...]:
    """Worked out once: every step that isn't open says it, so whoever looks at a whistle asks it many times."""
    allowed = (step for step, statuses in ALLOWED.items() if status in statuses)
    return tuple(step for step in allowed if (step in UNDECIDED) == undecided)
