"""A matter (事项) from its topic to where its outcome goes.

Decisions read the state and return what now happens, or refuse; how it changes is in `evolution`, what
becomes of its outcome in `following`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from chassis.kernel.clock import Deadline, in_working_days, local_date
from chassis.kernel.errors import OURS, Malformed, OutOfOrder, RuleBroken
from chassis.vocabulary import word_of
from services.consultation.vocabulary import WORDS

from . import attendance
from .committee import Level, Member, fixed_of
from .conclusion import GOES_ON, sound
from .events import (
    INSTEAD,
    Conclusion,
    Consequence,
    Decider,
    Ground,
    Invited,
    MatterAccepted,
    MatterDeclined,
    MatterEvent,
    MatterExplained,
    MatterFedBack,
    MatterHanded,
    MatterImplemented,
    MatterInformed,
    MatterReferred,
    MatterRefused,
    MatterResearched,
    MatterSupervised,
    Meeting,
    MeetingDecided,
    MembersInvited,
    Outcome,
    OutcomeRecorded,
    OutcomeSetAside,
    Procedure,
    Purpose,
    Served,
    SessionReserved,
    Settled,
    Settler,
    Supervisor,
    Target,
)
from .following_events import (
    Awaited,
    DateMissed,
    DecidedElsewhere,
    Decision,
    NeedFound,
    ProgressReported,
    ReferralAnswered,
)
from .rules import OPINIONS, RULES, SETTLING, SETTLING_WITH, STEPS_2016
from .watching_events import (
    InspectionAnswered,
    MatterCorrected,
    MatterInspected,
    RiskAssessed,
    StageKept,
)


class Status(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    RESEARCHED = "researched"
    DELIBERATED = "deliberated"
    REFERRED = "referred"
    HANDED = "handed"
    EXPLAINED = "explained"
    DECLINED = "declined"
    INFORMED = "informed"
    IMPLEMENTED = "implemented"
    SUPERVISED = "supervised"
    FED_BACK = "fed_back"
    CLOSED = "closed"


CURRENT = Procedure.SIX_STEPS_2018
ALLOWED: Mapping[Procedure, Mapping[str, frozenset[Status]]] = {
    Procedure.SIX_STEPS_2016: {
        "inform": frozenset({Status.PROPOSED}),
        "refuse": frozenset({Status.PROPOSED}),
        "outcome": frozenset({Status.INFORMED}),
        "implement": frozenset({Status.HANDED}),
        "supervise": frozenset({Status.IMPLEMENTED}),
        "feedback": frozenset(
            {Status.SUPERVISED, Status.REFERRED, Status.EXPLAINED, Status.DECLINED}
        ),
    },
    Procedure.SIX_STEPS_2018: {
        "accept": frozenset({Status.PROPOSED}),
        "refuse": frozenset({Status.PROPOSED}),
        "research": frozenset({Status.ACCEPTED}),
        "outcome": frozenset({Status.RESEARCHED}),
    },
}
CLAUSES = {Procedure.SIX_STEPS_2016: STEPS_2016, Procedure.SIX_STEPS_2018: OPINIONS}
BEFORE_THE_SESSION = frozenset(
    {Status.PROPOSED, Status.ACCEPTED, Status.INFORMED, Status.RESEARCHED}
)
"""While somebody may still be asked to it; no step of the procedure."""


SETTLERS = {Level.STREET: Settler.PARTY_COMMITTEE}
OVER = frozenset({Status.REFUSED, Status.FED_BACK, Status.CLOSED})
WENT = frozenset({Status.REFERRED, Status.HANDED, Status.EXPLAINED, Status.DECLINED})
FILED = frozenset({Level.QUARTER, Level.BUILDING})
"""C-21: whose outcomes are filed with the community's party organisation."""
STEPS_FOR: Mapping[Awaited, tuple[str, ...]] = {
    Awaited.REPORT: ("report",),
    Awaited.FILING: ("file",),
    Awaited.DECISION: ("decide",),
    Awaited.FEEDBACK: ("feedback",),
    Awaited.PUBLICATION: ("publish",),
    Awaited.PROGRESS: ("progress", "complete"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaiting:
    """What is due next, and by when."""

    awaited: Awaited
    due: datetime
    provisional: bool
    since: datetime | None = None
    days: int | None = None
    missed: bool = False

    @property
    def counted(self) -> Deadline | None:
        """In working days; None in those of the calendar, or of before it was kept since when."""
        return in_working_days(self.since, self.days, self.due, provisional=self.provisional)


@dataclass(frozen=True, slots=True, kw_only=True)
class Was:
    """Which community it was of, until that was merged into another."""

    community: str | None = None
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One matter, walked by the procedure it began with. Its news carries its id, so it knows it.

    `earlier_on`: the days it was deliberated on before it was taken up again.
    """

    id: str
    status: Status
    procedure: Procedure
    committee: str
    level: Level
    street: str
    community: str | None = None
    communities: tuple[str, ...] = ()
    category: str
    head: str | None = None
    title: str
    subject: str
    proposed_at: datetime
    serves: Served | None = None
    purpose: Purpose | None = None
    ground: Ground | None = None
    to_mediation: bool = False
    instead: str | None = None
    settled: Settled | None = None
    by_seat: str | None = None
    before: Decider | None = None
    referred_from: str | None = None
    findings: str | None = None
    researchers: tuple[str, ...] = ()
    told: str | None = None
    met: MeetingDecided | None = None
    done: str | None = None
    supervised_by: Supervisor | None = None
    supervision: str | None = None
    feedback: str | None = None
    invited: tuple[Invited, ...] = ()
    reserved: SessionReserved | None = None
    conclusion: Conclusion | None = None
    earlier: tuple[str, ...] = ()
    earlier_on: tuple[date, ...] = ()
    set_aside: tuple[OutcomeSetAside, ...] = ()
    members: int | None = None
    concluded_at: datetime | None = None
    entrusted: bool = False
    awaits: Awaiting | None = None
    missed: tuple[DateMissed, ...] = ()
    sent_up_at: datetime | None = None
    decision: Decision | None = None
    reasons: str | None = None
    informed: int | None = None
    written: int | None = None
    notice: str | None = None
    published_at: datetime | None = None
    progress: tuple[ProgressReported, ...] = ()
    result: str | None = None
    closed_at: datetime | None = None
    reopened: tuple[str, ...] = ()
    inspected: tuple[MatterInspected, ...] = ()
    answered: tuple[InspectionAnswered, ...] = ()
    kept: tuple[StageKept, ...] = ()
    risk: RiskAssessed | None = None
    corrected: tuple[MatterCorrected, ...] = ()
    answers: tuple[ReferralAnswered, ...] = ()
    needs: tuple[NeedFound, ...] = ()
    filed_at: datetime | None = None
    elsewhere: DecidedElsewhere | None = None
    was: tuple[Was, ...] = ()

    @property
    def awaited(self) -> Awaited | None:
        """What is due next of an outcome of 2018: first for the party committee, or who entrusted it."""
        if self.awaits is not None:
            return self.awaits.awaited
        if self.status not in WENT or self.conclusion is None:
            return None
        if self.level is Level.STREET:
            return Awaited.REPORT if self.goes_on else Awaited.FEEDBACK
        if self.level in FILED:
            return Awaited.FILING
        return Awaited.REPORT if self.entrusted else Awaited.PUBLICATION

    @property
    def goes_on(self) -> bool:
        """Something is to be carried out, which the party committee hasn't declined."""
        declined = self.decision is Decision.DECLINED
        return not declined and self.conclusion is not None and self.conclusion.outcome in GOES_ON

    @property
    def held_on(self) -> date | None:
        """The day of its session."""
        if self.conclusion is None or self.concluded_at is None:
            return None
        return self.conclusion.held_on or local_date(self.concluded_at)

    def community_on(self, day: date) -> str | None:
        """Whose it was on that day."""
        earlier = (one.community for one in self.was if day < local_date(one.until))
        return next(earlier, self.community)

    @property
    def again(self) -> int:
        """How often it was taken up again or put right: each time what it comes to goes on by itself."""
        return len(self.reopened) + len(self.corrected)

    @property
    def units(self) -> tuple[str, ...]:
        """The responsible unit, once there is one."""
        unit = self.conclusion.unit if self.conclusion else None
        return (unit,) if unit else ()

    @property
    def stands(self) -> str:
        """Where it is, in words, and what the party committee decided of it."""
        decided = (self.decision,) if self.decision and self.status in WENT else ()
        return "，".join(word_of(one, WORDS) for one in (self.status, *decided))

    def gone_past(self, session: str) -> bool:
        """Whether its outcome was that of an earlier time it was deliberated, or stood aside."""
        return session in self.earlier or any(one.session == session for one in self.set_aside)

    @property
    def over(self) -> bool:
        """Nothing is to be done about it any more, unless it is taken up again."""
        return self.status in OVER and self.awaited is None

    @property
    def disputed(self) -> bool:
        """C-16: under 2016, to be carried out and not agreed, nor adopted by the residents' meeting."""
        older = self.procedure is Procedure.SIX_STEPS_2016 and self.status is Status.HANDED
        held = self.conclusion is not None and bool(self.conclusion.disagreement)
        return older and held and not (self.met is not None and self.met.adopted)

    def next_steps(self) -> list[str]:
        if self.disputed:
            return ["meeting"] if self.met is None else ["feedback"]
        steps = [step for step, at in ALLOWED[self.procedure].items() if self.status in at]
        if self.status in BEFORE_THE_SESSION:
            return [*steps, "invite"]
        if self.procedure is Procedure.SIX_STEPS_2018 and self.status in WENT | {Status.CLOSED}:
            awaited = STEPS_FOR[self.awaited] if self.awaited else ()
            answers = ("elsewhere",) if self.before and self.elsewhere is None else ()
            return [*awaited, *answers, "reopen", "inspect"]
        return steps

    def accept(self, settled: Settled) -> MatterAccepted:
        """C-24: by whose right it is, with form, participants and a plan."""
        self.may("accept")
        right = SETTLERS.get(self.level, Settler.PARTY_ORGANISATION)
        if settled.by is not right:
            detail = f"{word_of(self.level, WORDS)}的议题由{word_of(right, WORDS)}确定。"
            raise RuleBroken(RULES["C-24"], detail, clause=SETTLING, field="by")
        for field, what in (("participants", "参加人员"), ("plan", "会议方案")):
            if not getattr(settled, field).strip():
                detail = f"确定议题须一并确定{what}。"
                raise RuleBroken(RULES["C-24"], detail, clause=SETTLING_WITH, field=field)
        return MatterAccepted(settled=settled)

    def refuse(self, *, ground: Ground | None) -> MatterRefused:
        """C-04: which of the five it is, and where it goes instead; a dispute of two parties to mediation."""
        self.may("refuse")
        if ground is None:
            raise RuleBroken(RULES["C-04"], "不予受理须写明属于五不议的哪一项。", field="ground")
        disputed = ground is Ground.TWO_PARTY_DISPUTE
        return MatterRefused(ground=ground, to_mediation=disputed, instead=INSTEAD[ground])

    def research(self, *, findings: str, seats: tuple[str, ...] = ()) -> MatterResearched:
        self.may("research")
        said = _said(findings, "findings", "请写明调研情况。")
        return MatterResearched(findings=said, seats=seats)

    def inform(self, *, told: str) -> MatterInformed:
        """Of 2016, in place of accepting and researching."""
        self.may("inform")
        return MatterInformed(told=_said(told, "told", "请写明告知的方案和材料。"))

    def meet(
        self, meeting: Meeting, *, adopted: bool, result: str, on: date, now: datetime
    ) -> MeetingDecided:
        """Of 2016: what stayed disputed, before it is carried out or, not adopted, fed back."""
        self.may("meeting")
        self.dated(on, "on", now)
        if self.held_on is not None and on < self.held_on:
            detail = f"协商会议在 {self.held_on}，会议决定不得早于此日。"
            raise RuleBroken(RULES["C-16"], detail, clause=OURS, field="on")
        said = _said(result, "result", "请写明会议决定。")
        return MeetingDecided(meeting=meeting, adopted=adopted, result=said, on=on)

    def implement(self, *, done: str) -> MatterImplemented:
        self.may("implement")
        return MatterImplemented(done=_said(done, "done", "请写明实施情况。"))

    def supervise(self, *, by: Supervisor, finding: str) -> MatterSupervised:
        self.may("supervise")
        said = _said(finding, "finding", "请写明监督情况。")
        return MatterSupervised(by=by, finding=said)

    def feed_back(self, *, feedback: str, now: datetime) -> MatterFedBack:
        self.may("feedback")
        return MatterFedBack(feedback=_said(feedback, "feedback", "请写明反馈内容。"), at=now)

    def invite(self, asked: Iterable[Invited], members: Iterable[Member]) -> MembersInvited:
        """C-19: for this matter, each by a code that nobody else has."""
        self.may("invite")
        invited = tuple(asked)
        if not invited:
            raise Malformed("请写明邀请的席位。", field="invited")
        taken = {one.seat for one in self.invited} | {one.seat for one in members}
        codes = [one.seat for one in invited]
        if len(set(codes)) != len(codes) or taken & set(codes):
            raise Malformed("席位代码已被使用。", field="invited")
        return MembersInvited(invited=invited)

    def conclude(
        self, said: Conclusion, *, members: tuple[Member, ...], now: datetime
    ) -> tuple[MatterEvent, ...]:
        """Of a session held on paper: recorded, and sent where it goes. `members`: the committee's."""
        self.may("outcome")
        fixed = [member.seat for member in fixed_of(members)]
        seats = [*(one.seat for one in members), *(one.seat for one in self.invited)]
        there = attendance.checked(said.roll, seats, "present")
        conclusion = replace(said, present=attendance.quorum(there, fixed, len(fixed), "present"))
        attendance.checked(conclusion.interested, there, "interested")
        sound(conclusion, there, self.community)
        if conclusion.held_on is not None:
            self.dated(conclusion.held_on, "held_on", now)
        return self.deliberated(conclusion, members=len(fixed), now=now)

    def deliberated(
        self, conclusion: Conclusion, *, members: int, now: datetime
    ) -> tuple[MatterEvent, ...]:
        """As a session with so many fixed members came to it, which has checked it."""
        self.may("outcome")
        recorded = OutcomeRecorded(conclusion=conclusion, members=members, at=now)
        return recorded, *self._need(conclusion.need, now), _consequence(conclusion)

    def _need(self, title: str | None, now: datetime) -> tuple[NeedFound, ...]:
        if title is None:
            return ()
        return (NeedFound(need=f"{self.id}.{len(self.needs) + 1}", title=title, at=now),)

    def dated(self, on: date, field: str, now: datetime) -> None:
        """C-16: nothing is dated before its topic, nor before it was sent back to be put right, or was deliberated
        when it was taken up again since."""
        if on > local_date(now):
            raise Malformed("日期不得晚于今天。", field=field)
        begun = [local_date(self.proposed_at), *(local_date(one.at) for one in self.corrected)]
        since = max([*begun, *self.earlier_on])
        if on < since:
            what = "提出或退回" if since in begun else "上次协商"
            detail = f"事项于 {since} {what}，日期不得早于此日。"
            raise RuleBroken(RULES["C-16"], detail, clause=OURS, field=field)

    def may(self, step: str) -> None:
        """C-16: in the order of the procedure it began with."""
        if step not in self.next_steps():
            raise OutOfOrder(
                RULES["C-16"],
                self.stands,
                step,
                self.next_steps(),
                CLAUSES[self.procedure],
            )


def _said(text: str, field: str, wanting: str) -> str:
    if not text.strip():
        raise Malformed(wanting, field=field)
    return text


# Where an outcome goes


def _consequence(conclusion: Conclusion) -> Consequence:
    match conclusion:
        case Conclusion(outcome=Outcome.NEEDS_UPPER_LEVEL, target=Target() as target):
            return MatterReferred(target=target)
        case Conclusion(outcome=Outcome.USABLE_HERE, unit=str() as unit):
            return MatterHanded(unit=unit)
        case Conclusion(outcome=Outcome.NOT_YET_POSSIBLE):
            return MatterExplained()
        case Conclusion(outcome=Outcome.DECLINED):
            return MatterDeclined()
        case _:
            raise ValueError("an outcome without what it needs is refused before")
