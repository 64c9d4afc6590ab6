"""Every event and state of this service comes back from its document as it was."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chassis.documents import Codec
from services.consultation.domain import evolution, roll, session
from services.consultation.domain.committee import (
    Committee,
    CommitteeSeated,
    Level,
    Member,
    SeatKind,
)
from services.consultation.domain.events import (
    Conclusion,
    Decider,
    Disagreement,
    Ground,
    Invitation,
    Invited,
    MatterDeclined,
    MatterEvent,
    MatterExplained,
    MatterFedBack,
    MatterHanded,
    MatterImplemented,
    MatterInformed,
    MatterProposed,
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
    ServedKind,
    SessionReserved,
    Supervisor,
    Target,
)
from services.consultation.domain.following_events import (
    Answerer,
    Awaited,
    Came,
    ClockRenewed,
    ClockStarted,
    DateMissed,
    DecidedElsewhere,
    MatterClosed,
    MatterReopened,
    MembersToldBack,
    NeedFound,
    OutcomeDecided,
    OutcomeFiled,
    OutcomePublished,
    OutcomeSentUp,
    ProgressReported,
    ReferralAnswered,
)
from services.consultation.domain.following_events import Decision as Adopted
from services.consultation.domain.matter import Matter
from services.consultation.domain.members import (
    AbsencesCounted,
    AbsenceWarned,
    CommitteeDissolved,
    Disqualifier,
    Ended,
    Found,
    Grade,
    MemberAppointed,
    MemberAssessed,
    MemberClass,
    MemberForgotten,
    MemberNamed,
    MemberNominated,
    NameRead,
    NominationAgreed,
    NominationDeliberated,
    NominationDropped,
    NominationPublicised,
    ObjectionRaised,
    ObjectionsAnswered,
    Route,
    SeatEnded,
    SeatsAllocated,
    Work,
)
from services.consultation.domain.minutes import Sealed
from services.consultation.domain.plans import Plan, PlanFiled, PlanMissed, PlannedTopic
from services.consultation.domain.regular_events import (
    RegularMeetingCorrected,
    RegularMeetingEntered,
    RegularMeetingStruck,
)
from services.consultation.domain.resettling import Resettled
from services.consultation.domain.roll import CommitteeEvent
from services.consultation.domain.session import Session
from services.consultation.domain.session_events import (
    AgendaItem,
    AgendaItemHeard,
    AnnexAdded,
    Calling,
    FloorAsked,
    FloorGiven,
    InterestDeclared,
    MinutesSigned,
    OpinionFiled,
    QuorumLost,
    Ratings,
    SeatExcused,
    SeatsLeft,
    SessionAdjourned,
    SessionEvent,
    Side,
    Signatory,
    Source,
    UrgencyDeclared,
    Votes,
)
from services.consultation.domain.watching_events import (
    AnswerRenewed,
    Fault,
    InspectionAnswered,
    Mark,
    MatterCorrected,
    MatterInspected,
    RiskAssessed,
    Stage,
    StageKept,
)
from services.consultation.steps.committees import COMMITTEES
from services.consultation.steps.matters import MATTERS
from services.consultation.steps.sessions import SESSIONS

from .test_assessing import CORRECTED
from .test_matter import ACCEPTED
from .test_session import CALLED, CLOSED, DECIDED, OPEN

AT = datetime(2025, 3, 3, 1, 0, 0, 250000, tzinfo=UTC)
SEATED = CommitteeSeated(
    level=Level.COMMUNITY,
    street="guanshang",
    community="guanshangzhongxinqu",
    name="关上中心区议事委员会",
    members=(
        Member(seat="s1", kind=SeatKind.FIXED, non_party=True),
        Member(seat="s2", kind=SeatKind.ADHOC, non_party=False),
    ),
    policy=2,
    term_ends=date(2028, 3, 3),
    at=AT,
)
PROPOSED = MatterProposed(
    id="m-1",
    committee="c-1",
    level=Level.COMMUNITY,
    street="guanshang",
    community="guanshangzhongxinqu",
    category="parking",
    title="小区停车秩序",
    subject="如何划线。",
    procedure=Procedure.SIX_STEPS_2018,
    at=AT,
)
USABLE = Conclusion(
    outcome=Outcome.USABLE_HERE,
    present=2,
    roll=("s1", "s2", "x1"),
    interested=("x1",),
    unit="urban_management",
    disagreement=(Disagreement(seat="s2", reason="先保障老人。"),),
)
NOT_YET = Conclusion(outcome=Outcome.NOT_YET_POSSIBLE, present=2, explanation="无图。")
DECLINED = Conclusion(outcome=Outcome.DECLINED, present=2, guidance="绿地不改。")
REFERRED = Conclusion(outcome=Outcome.NEEDS_UPPER_LEVEL, present=2, target=Target.WHISTLE)
BEGUN = (PROPOSED, ACCEPTED, MatterResearched(findings="走访。"))
MOVED = Resettled(street="taihe", community="xinshequ", at=AT)
LIVES: tuple[tuple[MatterEvent, ...], ...] = (
    (
        replace(
            PROPOSED,
            level=Level.STREET,
            community=None,
            serves=Served(kind=ServedKind.PREMISES, id="p-1"),
            purpose=Purpose.PREMISES_SITING,
        ),
        MatterRefused(ground=Ground.TWO_PARTY_DISPUTE, to_mediation=True),
    ),
    (
        *BEGUN,
        OutcomeRecorded(conclusion=REFERRED, members=2, at=AT),
        MatterReferred(target=Target.WHISTLE),
    ),
    (
        *BEGUN,
        OutcomeRecorded(conclusion=USABLE, members=2, at=AT),
        MatterHanded(unit="urban_management"),
    ),
    (
        *BEGUN,
        MembersInvited(invited=(Invited(seat="x1", why=Invitation.EXPERT),)),
        SessionReserved(session="s-1", at=AT),
    ),
    (
        replace(PROPOSED, procedure=Procedure.SIX_STEPS_2016, head="order"),
        MatterInformed(told="已张贴。"),
        OutcomeRecorded(conclusion=USABLE, members=2, at=AT),
        MatterHanded(unit="urban_management"),
        MeetingDecided(
            meeting=Meeting.REPRESENTATIVES, adopted=True, result="通过。", on=date(2025, 3, 3)
        ),
        MatterImplemented(done="已划线。"),
        MatterSupervised(by=Supervisor.OVERSIGHT_COMMITTEE, finding="按方案。"),
        MatterFedBack(feedback="已公布。"),
    ),
    (*BEGUN, OutcomeRecorded(conclusion=NOT_YET, members=2, at=AT), MatterExplained()),
    (
        replace(
            PROPOSED, entrusted=True, before=Decider.CONGRESS, referred_from="m-0", by_seat="s1"
        ),
        *BEGUN[1:],
        OutcomeRecorded(conclusion=USABLE, members=2, at=AT),
        MatterHanded(unit="urban_management"),
        ClockStarted(awaited=Awaited.REPORT, due=AT, provisional=True, since=AT, days=5),
        ClockRenewed(due=AT, provisional=False),
        DateMissed(awaited=Awaited.REPORT, due=AT),
        OutcomeSentUp(at=AT),
        OutcomeFiled(at=AT),
        NeedFound(need="m-1.1", title="独居老人探访", at=AT),
        ReferralAnswered(by=Answerer.WHISTLE, about="p-1", outcome=Came.SETTLED, at=AT),
        DecidedElsewhere(adopted=True, result="通过。", at=AT),
        OutcomeDecided(decision=Adopted.PARTLY, reasons="经费不足。", at=AT),
        MembersToldBack(feedback="已书面反馈。", informed=2, written=1, at=AT),
        OutcomePublished(notice="已张贴。", at=AT),
        ProgressReported(progress="已划线。", at=AT),
        MatterClosed(result="已划线。", at=AT),
        MatterInspected(seat="s1", finding="已划线。", at=AT),
        MatterInspected(seat="s1", finding="未划线。", mark=Mark.BADLY, due=AT, at=AT),
        AnswerRenewed(inspection=1, due=AT, provisional=False),
        DateMissed(awaited=Awaited.ANSWER, due=AT, inspection=1),
        InspectionAnswered(inspection=1, answer="已划线。", at=AT),
        StageKept(stage=Stage.DELIBERATION, on=date(2025, 3, 3), photos=("f-1",), at=AT),
        RiskAssessed(made_by="第三方", on=date(2025, 3, 3), document="评估报告", at=AT),
        MatterReopened(reason="另有意见。"),
    ),
    (
        *BEGUN,
        OutcomeRecorded(conclusion=DECLINED, members=2, at=AT),
        MatterDeclined(),
        MatterCorrected(fault=Fault.LAW, back_to=Stage.DELIBERATION, reason="违反规定。", at=AT),
        MOVED,
    ),
    (
        *BEGUN,
        OutcomeRecorded(conclusion=DECLINED, members=2, at=AT),
        MatterDeclined(),
        OutcomeSetAside(session="s-2", outcome=Outcome.NOT_YET_POSSIBLE, at=AT),
    ),
)


def test_every_event_class_is_among_the_examples() -> None:
    assert {type(event) for life in LIVES for event in life} == set(MATTERS.events)


@pytest.mark.parametrize("life", LIVES)
def test_a_matter_comes_back(life: tuple[MatterEvent, ...]) -> None:
    codec: Codec[Matter, MatterEvent] = Codec(MATTERS.state, MATTERS.events)
    for event in life:
        name, data = codec.dump_event(event)
        assert codec.load_event(name, json.loads(json.dumps(data))) == event
    state: Matter | None = None
    for event in life:
        state = evolution.evolve(state, event)
        assert codec.load_state(json.loads(json.dumps(codec.dump_state(state)))) == state


FOUND = Found(ground=Disqualifier.CRIME, evidence="判决书")
MEETING = RegularMeetingEntered(
    on=date(2025, 6, 30),
    place="街道会议室",
    minutes="纪要2025-1",
    summary="听取年度工作报告。",
    present=("s1",),
    fixed=1,
    at=AT,
)
SEATS: tuple[tuple[CommitteeEvent, ...], ...] = (
    (replace(SEATED, level=Level.STREET, community=None),),
    (
        SEATED,
        MemberNominated(
            seat="n1", non_party=True, member_class=MemberClass.RESIDENT, route=Route.SELF
        ),
        NominationDeliberated(seat="n1"),
        NominationPublicised(seat="n1", until=AT),
        ObjectionRaised(seat="n1", text="不住本社区。"),
        ObjectionsAnswered(seat="n1", answer="已核实。"),
        NominationAgreed(seat="n1"),
        MemberAppointed(seat="n1", letter="2025-1", at=AT),
        SeatEnded(seat="n1", why=Ended.DISQUALIFIED, found=FOUND, at=AT),
        MemberNominated(
            seat="n2", non_party=False, member_class=MemberClass.CADRE, route=Route.RECOMMENDED
        ),
        NominationDropped(seat="n2", reason="放弃。"),
        AbsencesCounted(session="s-1", seats=("s1",)),
        AbsenceWarned(seat="s1"),
        PlanFiled(
            plan=Plan(year=2026, topics=(PlannedTopic(head="order", title="停车"),), regular=2),
            publicised_on=date(2026, 2, 1),
            late=False,
            at=AT,
        ),
        PlanMissed(year=2027, due=AT),
        MEETING,
        RegularMeetingCorrected(day=MEETING.on, meeting=MEETING, reason="签到抄错。"),
        RegularMeetingStruck(day=MEETING.on, reason="登记错了。", at=AT),
        SeatsAllocated(seats={MemberClass.RESIDENT: 20}),
        CommitteeDissolved(reason="区划调整。", at=AT),
        MOVED,
        MemberNamed(seat="s1"),
        NameRead(seat="s1", by="street:guanshang", reason="通知开会。"),
        MemberForgotten(seat="s1"),
        MemberAssessed(
            seat="s1",
            year=2025,
            grade=Grade.EXCELLENT,
            work=Work(mediated=3, useful=1, outstanding="牵头加装电梯。"),
            sessions=4,
            attended=4,
            spoke=3,
            proposed=2,
            reward="优秀委员",
            at=AT,
        ),
        CORRECTED,
        SeatEnded(seat="s1", why=Ended.OWN_WISH, note="本人申请。", at=AT),
    ),
)


def test_every_event_class_of_a_committee_is_among_the_examples() -> None:
    assert {type(event) for life in SEATS for event in life} == set(COMMITTEES.events)


@pytest.mark.parametrize("life", SEATS)
def test_a_committee_comes_back(life: tuple[CommitteeEvent, ...]) -> None:
    codec: Codec[Committee, CommitteeEvent] = Codec(COMMITTEES.state, COMMITTEES.events)
    state: Committee | None = None
    for event in life:
        name, data = codec.dump_event(event)
        assert codec.load_event(name, json.loads(json.dumps(data))) == event
        state = roll.evolve(state, event)
        assert codec.load_state(json.loads(json.dumps(codec.dump_state(state)))) == state


LINE = Sealed(text="{}", seal="a" * 64)
LEFT = SeatsLeft(seats=("s3",), at=AT)
SESSION_LIVES: tuple[tuple[SessionEvent, ...], ...] = (
    (
        *OPEN,
        InterestDeclared(seat="s2"),
        SeatExcused(seat="s20", reason="住院。"),
        OpinionFiled(title="意见书", source=Source.EXPERT),
        FloorAsked(seat="s1", side=Side.AGAINST),
        FloorGiven(seat="s1", side=Side.AGAINST, at=AT),
        replace(DECIDED, votes=Votes(in_favour=9, against=1, abstained=1)),
        replace(CLOSED, minutes=LINE),
        MinutesSigned(signatory=Signatory.CHAIR, by="community:x", sealed=LINE, at=AT),
        AnnexAdded(sealed=LINE, at=AT),
        MOVED,
    ),
    (
        *OPEN,
        LEFT,
        QuorumLost(present=10, at=AT),
        SessionAdjourned(reason="人数不足。", at=AT),
    ),
    (
        *OPEN,
        AgendaItemHeard(
            item=AgendaItem.APPRAISAL,
            record="已评议。",
            ratings=Ratings(good=9, fair=1, poor=0),
            at=AT,
        ),
    ),
    (replace(CALLED, called_by=Calling.MEMBERS, joined=("s1",)), UrgencyDeclared(reason="汛期。")),
)


def test_every_event_class_of_a_session_is_among_the_examples() -> None:
    assert {type(event) for life in SESSION_LIVES for event in life} == set(SESSIONS.events)


@pytest.mark.parametrize("life", SESSION_LIVES)
def test_a_session_comes_back(life: tuple[SessionEvent, ...]) -> None:
    codec: Codec[Session, SessionEvent] = Codec(SESSIONS.state, SESSIONS.events)
    state: Session | None = None
    for event in life:
        name, data = codec.dump_event(event)
        assert codec.load_event(name, json.loads(json.dumps(data))) == event
        state = session.evolve(state, event)
        assert codec.load_state(json.loads(json.dumps(codec.dump_state(state)))) == state


def test_what_was_recorded_before_there_was_a_roll_is_still_read() -> None:
    codec: Codec[Matter, MatterEvent] = Codec(MATTERS.state, MATTERS.events)
    old = {
        "conclusion": {"outcome": "not_yet_possible", "present": 12, "explanation": "无图。"},
        "members": 20,
        "at": "2025-03-20T11:30:00.000000Z",
    }
    event = codec.load_event("OutcomeRecorded", old)
    assert isinstance(event, OutcomeRecorded)
    assert (event.conclusion.present, event.conclusion.roll) == (12, ())
