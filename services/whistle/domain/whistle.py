"""A whistle (哨): units are called, must come, settle it, and are marked; the caller answers the resident.

Decisions read the state and return what now happens, or refuse. `evolve` (in `evolution`) is the only
place where state changes, so nothing can change unannounced.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.clock import WorkTime, local_date, resume, start
from chassis.kernel.errors import Malformed, RuleBroken
from chassis.kernel.required import required

from . import ladder, task
from .blowing import dispatched, known, office_of, summonable
from .course import CALLED, RESIDENT
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
from .policy import WhistlePolicy
from .rules import PLAN, RULES
from .standing import Standing
from .task import Outcome, Result, Which
from .unit import Unit

SEALED = "反映人要求重新办理，理由见诉求原文。"
"""In the place of a reporter's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whistle(Standing):
    """One whistle: what each step of it leads to."""

    # Calling

    def register(self, *, by: str) -> WhistleRegistered:
        self.may("register", by)
        return WhistleRegistered()

    def reject(self, *, by: str, reason: str, policy: tuple[int, WhistlePolicy]) -> WhistleRejected:
        self.may("reject", by)
        if not reason.strip():
            raise RuleBroken(
                RULES["W-04"], "驳回须写明理由。", clause=f"{PLAN} 五.17", field="reason"
            )
        number, numbers = policy
        cost = numbers.scoring.irregular_costs if self.origin is None else 0
        return WhistleRejected(reason=reason, cost=cost, policy=number)

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
        self.may("solve", by)
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
        self.may("blow", by)
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
        self.may("dispatch", by)
        units = (*self.summoned, *chiefs)
        return dispatched(units, self.lead, self.kind, policy, now, work)

    def withdraw(self, *, by: str, reason: str) -> WhistleWithdrawn:
        self.may("withdraw", by)
        required(reason, "reason")
        return WhistleWithdrawn(reason=reason)

    def escalate(
        self, *, by: str, reason: str, now: datetime, rungs: ladder.Steps, over: bool = False
    ) -> tuple[WhistleEvent, ...]:
        """The tasks end here, so what they have missed is said first (W-07). `over`: the community has ended."""
        self.may_escalate(by, over=over)
        required(reason, "reason")
        missed = [event for mine in self.tasks for event in rungs.missed(mine, now)]
        return *missed, WhistleEscalated(reason=reason, rated_anew=True)

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
        self.may_arrive(unit)
        if self.kind in proven:
            task.shown(proofs, "报到")
        arrived = UnitArrived(unit=unit, place=place, proofs=proofs, at=now)
        return *rungs.missed(self.task(unit), now), arrived

    def file_result(
        self,
        *,
        unit: str,
        result: Result,
        now: datetime,
        rungs: ladder.Steps,
        proven: Collection[Kind] = (),
    ) -> tuple[WhistleEvent, ...]:
        self.may_file_result(unit)
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
        return *rungs.missed(self.task(unit), now), filed

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
        self.may_ask_extension(unit, now, which)
        budget = task.asked_extension(days, reason)
        return ExtensionAsked(unit=unit, which=which, budget=budget, reason=reason)

    def grant_extension(
        self, *, unit: str, which: Which, by: str, now: datetime, rungs: ladder.Steps
    ) -> tuple[WhistleEvent, ...]:
        """What was asked for in time; a miss in between stays, and its ladder goes on from the new end."""
        self.may_grant_extension(unit, by, which)
        mine = self.task(unit)
        moved = task.granted_extension(mine.clock(which), by, now, rungs.work)
        missed = [miss for miss in rungs.missed(mine, now) if miss.which is which]
        told = mine.clock(which).rungs or len(missed)
        following = rungs.at(moved, told) if told else None
        extended = DeadlineMoved(
            unit=unit,
            which=which,
            why="extended",
            deadline=moved,
            was=mine.clock(which).deadline.due,
            next_rung=following,
        )
        return *missed, extended

    def pause(self, *, unit: str, reason: str, by: str, now: datetime) -> tuple[DeadlineMoved, ...]:
        """Every clock of the unit that may be; the command centre's act is its approval, at each level."""
        self.may("pause", by)
        return ladder.moved(
            self.task(unit),
            "paused",
            lambda clock: task.may_pause(clock, now),
            lambda clock: task.paused(clock, reason, by, now),
        )

    def resume(
        self, *, unit: str, by: str, now: datetime, work: WorkTime
    ) -> tuple[DeadlineMoved, ...]:
        self.may("resume", by)
        return ladder.moved(
            self.task(unit),
            "resumed",
            task.may_resume,
            lambda clock: resume(clock.deadline, now, work),
        )

    # Judging; marks and scores are in `judging`

    def give_word(self, *, by: str, done: bool, what: str) -> WordGiven:
        self.may("confirm", by)
        if not done:
            required(what, "said")
        return WordGiven(done=done, said=what)

    def verify(self, *, by: str) -> ClosingVerified:
        self.may_verify(by)
        return ClosingVerified()

    def send_back(
        self, *, by: str, units: tuple[str, ...], reason: str, now: datetime, work: WorkTime
    ) -> WhistleReturned:
        self.may("return", by)
        required(reason, "reason")
        if not units or len(set(units)) != len(units):
            raise Malformed("退回须点名单位，且不得重复。", field="units")
        if any(self.task(unit).released for unit in units):
            detail = "已裁定不由该单位办理，不得退回给它。"
            raise RuleBroken(RULES["W-05"], detail, field="units")
        again = tuple(start(self.task(unit).handling.deadline.budget, now, work) for unit in units)
        return WhistleReturned(
            units=units, reason=reason, handling=again, rated_anew=True, unruled=self.disputed
        )

    def answer(self, *, by: str, answer: str, now: datetime, over: bool = False) -> WhistleAnswered:
        self.may_for_blower("answer", by, over)
        required(answer, "answer")
        return WhistleAnswered(answer=answer, at=now)

    def reopen(
        self, *, by: str, reason: str, policy: WhistlePolicy, now: datetime, work: WorkTime
    ) -> WhistleReopened:
        """W-16: a reporter's own words are as confidential as his first ones, and stand in no trail."""
        self.may_reopen(by, policy.reopening.days, now)
        required(reason, "reason")
        mine = [task for task in self.tasks if task.settled]
        again = tuple(start(task.handling.deadline.budget, now, work) for task in mine)
        why = SEALED if by == RESIDENT else reason
        return WhistleReopened(reason=why, handling=again, unruled=self.disputed, keeps=True)

    # Whose it is (W-05)

    def _taken_over(self, unit: str, whose: str) -> None:
        """The first receiver keeps the case until the unit it names has come; and who was named doesn't hand it back to
        who said that it isn't its own, of which the command centre decides, or will when it has been said in return.
        """
        other = next((mine for mine in self.tasks if mine.unit == whose), None)
        if whose == unit or other is None or not other.arrived or other.released:
            detail = "首接负责：所点名的单位到场接手之前，不能以不属本单位结束。"
            raise RuleBroken(RULES["W-05"], detail, field="whose")
        declined = {one.unit for one in self.declined}
        decidable = self.disputed or unit not in declined
        if self.competent is None and whose in declined and decidable:
            detail = "所点名的单位已提出不属其职责，不能直接退给它；有异议的请提出不属本单位，由指挥中心裁定。"
            raise RuleBroken(RULES["W-05"], detail, field="whose")
