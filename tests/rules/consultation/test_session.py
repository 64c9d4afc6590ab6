"""A session: who calls it, its notice, its quorum while it lasts, the floor, and one matter."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chassis.calendar import NationalCalendar
from chassis.kernel.clock import WorkTime
from chassis.kernel.errors import Malformed, UnknownReference
from services.consultation import announce
from services.consultation.domain import agenda
from services.consultation.domain import calling as session_calling
from services.consultation.domain.committee import Level, Member, SeatKind
from services.consultation.domain.events import Conclusion, Disagreement, MembersInvited, Outcome
from services.consultation.domain.evolution import evolve as evolve_matter
from services.consultation.domain.session import Session, evolve
from services.consultation.domain.session_course import Setting, Status
from services.consultation.domain.session_events import (
    AgendaItem,
    AgendaItemHeard,
    Calling,
    Chair,
    DecisionTaken,
    FloorAsked,
    FloorGiven,
    InterestDeclared,
    NoticeGiven,
    OpinionFiled,
    QuorumLost,
    Ratings,
    SeatExcused,
    SeatsArrived,
    SeatsLeft,
    SessionAdjourned,
    SessionCalled,
    SessionClosed,
    SessionEvent,
    SessionKind,
    SessionOpened,
    Side,
    Signatory,
    Source,
    UrgencyDeclared,
    Votes,
)
from tests.support.specification import Decision, Given, past

from .test_matter import (
    ACCEPTED,
    ELEVEN,
    EXPERT,
    MEMBERS,
    POLICY,
    PROPOSED,
    RESEARCHED,
    SEATS,
    SETTLED,
)

WORK = WorkTime(days=NationalCalendar())
MONDAY = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)
NEXT_MONDAY = datetime(2025, 3, 10, 1, 0, tzinfo=UTC)
MATTER = past(
    None, evolve_matter, [PROPOSED, ACCEPTED, RESEARCHED, MembersInvited(invited=EXPERT)]
).state
SETTING = Setting(
    members=MEMBERS, matter=MATTER, policy=POLICY, work=WORK, planned=frozenset({2025})
)
CALLED = SessionCalled(
    committee="c-1",
    level=Level.COMMUNITY,
    street="guanshang",
    community="guanshangzhongxinqu",
    kind=SessionKind.TOPICAL,
    called_by=Calling.PLAN,
    matter="m-1",
    place="居民议事厅",
    held_at=NEXT_MONDAY,
    at=MONDAY,
)
NOTICED = NoticeGiven(papers=("议题方案",), at=MONDAY)
ROLL = SeatsArrived(seats=(*ELEVEN, "x1"), at=NEXT_MONDAY)
OPENED = SessionOpened(chair=Chair.SECRETARY, fixed=SEATS, at=NEXT_MONDAY)
READY: tuple[SessionEvent, ...] = (CALLED, NOTICED, ROLL)
OPEN: tuple[SessionEvent, ...] = (*READY, OPENED)
USABLE = Conclusion(outcome=Outcome.USABLE_HERE, unit="urban_management")
DECIDED = DecisionTaken(
    conclusion=replace(USABLE, present=11, roll=(*ELEVEN, "x1")), at=NEXT_MONDAY
)
CLOSED = SessionClosed(summary="同意划线。", absent=SEATS[11:], at=NEXT_MONDAY)
QUORUM = "官办通〔2018〕58号 附件1 第13条"


def held(*events: SessionEvent) -> Given[Session]:
    return past(None, evolve, events)


def calling(setting: Setting = SETTING, **said: Any) -> Decision[Session]:
    called = replace(CALLED, **said)
    return past(None, evolve, []).when(lambda _: session_calling.call(called, setting))


def recording(session: Given[Session], said: Conclusion = USABLE, votes: Votes | None = None):  # type: ignore[no-untyped-def]
    return session.when(lambda s: s.record(said, votes, SETTING, NEXT_MONDAY))


def opening(s: Session) -> SessionOpened:
    return s.open(Chair.SECRETARY, None, SETTING, NEXT_MONDAY)


# --- C-06


@pytest.mark.parametrize(("joined", "enough"), [(7, True), (6, False), (0, False)])
def test_C_06_a_third_of_the_fixed_members_call_a_session_together(
    joined: int, enough: bool
) -> None:
    called = calling(called_by=Calling.MEMBERS, joined=SEATS[:joined])
    if enough:
        called.leads_to()
    else:
        called.breaks("C-06", clause="官办通〔2018〕58号 六.1.1", field="joined")


def test_C_06_only_fixed_members_join_and_only_where_members_call_it() -> None:
    guests = tuple(Member(seat=f"a{n}", kind=SeatKind.ADHOC, non_party=True) for n in range(9))
    setting = replace(SETTING, members=(*MEMBERS, *guests))
    by_guests = (*SEATS[:6], "a1")
    calling(setting, called_by=Calling.MEMBERS, joined=by_guests).refused(
        UnknownReference, field="joined"
    )
    calling(called_by=Calling.PARTY_COMMITTEE).leads_to()
    calling(called_by=Calling.PARTY_COMMITTEE, joined=SEATS[:9]).refused(Malformed, field="joined")


def test_C_05_by_the_plan_only_a_session_of_a_year_that_has_one_is_called() -> None:
    unplanned = replace(SETTING, planned=frozenset({2024}))
    calling(unplanned).breaks("C-05", clause="官办通〔2018〕58号 六.1.3", field="called_by")
    calling(unplanned, called_by=Calling.PARTY_COMMITTEE).leads_to()


# --- C-07


@pytest.mark.parametrize(
    ("day", "enough"),
    [(datetime(2025, 3, 7, 8, 0, tzinfo=UTC), False), (NEXT_MONDAY, True)],
)
def test_C_07_notice_and_papers_go_out_five_working_days_before(
    day: datetime, enough: bool
) -> None:
    opened = held(*READY).when(lambda s: s.open(Chair.SECRETARY, None, SETTING, day))
    if enough:
        opened.leads_to()
    else:
        opened.breaks("C-07", clause="官办通〔2018〕58号 附件3 3", field="papers")


def test_C_07_without_notice_only_what_is_urgent_opens() -> None:
    held(CALLED, ROLL).when(opening).breaks("C-07", field="papers")
    urgent = UrgencyDeclared(reason="汛期将至。")
    held(CALLED, ROLL, urgent).when(opening).then(OPENED)
    held(CALLED).when(lambda s: s.urgent(" ")).breaks("C-07", field="reason")
    held(CALLED).when(lambda s: s.urgent("汛期将至。")).then(urgent)


@pytest.mark.parametrize("papers", [(), ("方案", " ")])
def test_C_07_a_notice_has_papers(papers: tuple[str, ...]) -> None:
    held(CALLED).when(lambda s: s.notice(papers, MONDAY)).breaks("C-07", field="papers")


# --- C-08


def test_C_08_a_session_opens_with_a_quorum() -> None:
    held(*READY).when(opening).then(OPENED)
    ten = SeatsArrived(seats=(*SEATS[:10], "x1"), at=NEXT_MONDAY)
    held(CALLED, NOTICED, ten).when(opening).breaks("C-08", clause=QUORUM, field="present")


def test_C_08_a_quorum_that_leaves_is_on_the_record_and_nothing_is_decided() -> None:
    left = (
        SeatsLeft(seats=("s3",), at=NEXT_MONDAY),
        QuorumLost(present=10, at=NEXT_MONDAY),
    )
    alone = held(*OPEN).when(lambda s: s.leave(("s3",), NEXT_MONDAY)).then(*left)
    recording(alone).breaks("C-08", clause=QUORUM, field="present")
    asked = held(*OPEN, FloorAsked(seat="s1", side=Side.AGAINST), *left)
    asked.when(lambda s: s.speak("s1", NEXT_MONDAY)).breaks("C-08")
    back = alone.when(lambda s: s.arrive(("s12",), SETTING, NEXT_MONDAY)).leads_to()
    recording(back).leads_to()
    guest = held(*OPEN).when(lambda s: s.leave(("x1",), NEXT_MONDAY))
    guest.then(SeatsLeft(seats=("x1",), at=NEXT_MONDAY))


def test_C_08_the_roll_is_taken_by_several_clerks() -> None:
    half = held(CALLED, SeatsArrived(seats=("s1", "s2"), at=MONDAY))
    half.when(lambda s: s.arrive(("s2", "s3"), SETTING, MONDAY)).then(
        SeatsArrived(seats=("s3",), at=MONDAY)
    )
    half.when(lambda s: s.arrive(("s1",), SETTING, MONDAY)).then()
    half.when(lambda s: s.arrive(("s99",), SETTING, MONDAY)).refused(
        UnknownReference, field="seats"
    )
    half.when(lambda s: s.leave(("s9",), MONDAY)).refused(UnknownReference, field="seats")


# --- C-09


def test_C_09_one_session_has_one_matter() -> None:
    calling().then(CALLED)
    calling(replace(SETTING, matter=None), matter=None).breaks("C-09", field="matter")
    calling(kind=SessionKind.REGULAR).breaks("C-09", field="matter")
    regular = replace(CALLED, kind=SessionKind.REGULAR, matter=None)
    calling(replace(SETTING, matter=None), matter=None, kind=SessionKind.REGULAR).then(regular)
    recording(held(*OPEN, DECIDED)).breaks("C-09")
    recording(held(regular, *OPEN[1:])).breaks("C-09")


def test_C_09_its_matter_is_the_committee_s_and_ready_for_it() -> None:
    calling(committee="c-2").refused(Malformed, field="matter")
    proposed = past(None, evolve_matter, [PROPOSED]).state
    calling(replace(SETTING, matter=proposed)).breaks("C-16")
    concluded = replace(SETTING, matter=proposed)
    held(*OPEN).when(lambda s: s.record(USABLE, None, concluded, NEXT_MONDAY)).breaks("C-16")


@pytest.mark.parametrize(
    ("level", "principal"),
    [(Level.STREET, Chair.DEPUTY_SECRETARY), (Level.BUILDING, Chair.SECRETARY)],
)
@pytest.mark.parametrize("chair", Chair)
def test_C_09_who_chairs_is_who_should_or_why_not(
    level: Level, principal: Chair, chair: Chair
) -> None:
    ready = held(replace(CALLED, level=level), *READY[1:])
    bare = ready.when(lambda s: s.open(chair, None, SETTING, NEXT_MONDAY))
    if chair is principal:
        bare.leads_to()
    else:
        bare.breaks("C-09", field="why_chair")
        ready.when(lambda s: s.open(chair, "书记出差。", SETTING, NEXT_MONDAY)).leads_to()


def test_C_09_nobody_speaks_without_the_floor() -> None:
    held(*OPEN).when(lambda s: s.speak("s1", NEXT_MONDAY)).breaks("C-09", field="seat")
    asked = FloorAsked(seat="s1", side=Side.IN_FAVOUR)
    waiting = held(*OPEN).when(lambda s: s.ask("s1", Side.IN_FAVOUR)).then(asked)
    waiting.when(lambda s: s.ask("s1", Side.AGAINST)).breaks("C-09", field="seat")
    given = FloorGiven(seat="s1", side=Side.IN_FAVOUR, at=NEXT_MONDAY)
    after = waiting.when(lambda s: s.speak("s1", NEXT_MONDAY)).then(given)
    assert after.state.waiting == ()
    held(*OPEN).when(lambda s: s.ask("s15", Side.AGAINST)).refused(UnknownReference, field="seat")
    left = held(*OPEN, asked, SeatsArrived(seats=("s11",), at=MONDAY))
    gone = left.when(lambda s: s.leave(("s1",), NEXT_MONDAY)).leads_to()
    gone.when(lambda s: s.speak("s1", NEXT_MONDAY)).breaks("C-09", field="seat")


def test_C_09_opposing_sides_have_the_floor_in_turn() -> None:
    spoke = FloorGiven(seat="s1", side=Side.IN_FAVOUR, at=NEXT_MONDAY)
    lists = [
        FloorAsked(seat="s2", side=Side.IN_FAVOUR),
        FloorAsked(seat="s3", side=Side.AGAINST),
        FloorAsked(seat="x1", side=Side.NEITHER),
    ]
    here = held(*OPEN, FloorAsked(seat="s1", side=Side.IN_FAVOUR), spoke, *lists)
    here.when(lambda s: s.speak("s2", NEXT_MONDAY)).breaks("C-09", field="seat")
    neither = here.when(lambda s: s.speak("x1", NEXT_MONDAY)).leads_to()
    neither.when(lambda s: s.speak("s2", NEXT_MONDAY)).breaks("C-09", field="seat")
    other = neither.when(lambda s: s.speak("s3", NEXT_MONDAY)).leads_to()
    other.when(lambda s: s.speak("s2", NEXT_MONDAY)).leads_to()


def test_C_09_a_session_ends_summed_up_or_adjourned() -> None:
    held(*OPEN).when(lambda s: s.close("同意。", SETTING, NEXT_MONDAY)).breaks("C-09")
    decided = held(*OPEN, DECIDED)
    decided.when(lambda s: s.close(" ", SETTING, NEXT_MONDAY)).breaks("C-09", field="summary")
    after = decided.when(lambda s: s.close("同意划线。", SETTING, NEXT_MONDAY)).leads_to().state
    assert (after.status, after.summary, after.ended_at) == ("closed", "同意划线。", NEXT_MONDAY)
    adjourned = SessionAdjourned(reason="人数不足。", at=NEXT_MONDAY)
    held(CALLED, NOTICED).when(lambda s: s.adjourn("人数不足。", NEXT_MONDAY)).then(adjourned)
    held(CALLED).when(lambda s: s.adjourn(" ", NEXT_MONDAY)).refused(Malformed, field="reason")


ANY: dict[str, Callable[[Session], Any]] = {
    "notice": lambda s: s.notice(("方案",), MONDAY),
    "urgent": lambda s: s.urgent("汛期。"),
    "arrive": lambda s: s.arrive(("s13",), SETTING, MONDAY),
    "leave": lambda s: s.leave(("x1",), MONDAY),
    "interest": lambda s: s.interest("s1"),
    "opinion": lambda s: s.opinion("意见书", Source.THIRD_PARTY),
    "excuse": lambda s: s.excuse("s13", "出差。", SETTING),
    "open": opening,
    "ask": lambda s: s.ask("s1", Side.NEITHER),
    "record": lambda s: s.record(USABLE, None, SETTING, NEXT_MONDAY),
    "adjourn": lambda s: s.adjourn("休会。", MONDAY),
    "close": lambda s: s.close("同意。", SETTING, MONDAY),
    "sign": lambda s: s.sign(Signatory.CHAIR, "community:x", MONDAY),
    "annex": lambda s: s.annex("更正。", "community:x", MONDAY),
}
MAY = {
    Status.NOTICED: {"urgent", "arrive", "leave", "excuse", "opinion", "open", "adjourn"},
    Status.OPEN: {"opinion", "arrive", "leave", "excuse", "interest", "ask", "record", "adjourn"},
    Status.CLOSED: {"sign", "annex"},
    Status.ADJOURNED: set(),
}
PASTS = {
    Status.NOTICED: READY,
    Status.OPEN: OPEN,
    Status.CLOSED: (*OPEN, DECIDED, CLOSED),
    Status.ADJOURNED: (*OPEN, SessionAdjourned(reason="人数不足。", at=NEXT_MONDAY)),
}


@pytest.mark.parametrize("status", MAY)
@pytest.mark.parametrize("step", ANY)
def test_C_09_a_session_takes_its_steps_in_order(status: Status, step: str) -> None:
    here = held(*PASTS[status])
    assert here.state.status is status
    if step in MAY[status]:
        here.when(ANY[step]).leads_to()
    else:
        here.when(ANY[step]).breaks("C-09")


# --- C-23

REGULAR = replace(CALLED, kind=SessionKind.REGULAR, matter=None, level=Level.STREET)
MEETING: tuple[SessionEvent, ...] = (REGULAR, *OPEN[1:])
NO_MATTER = replace(SETTING, matter=None)
RATINGS = Ratings(good=9, fair=1, poor=1)


def hearing(item: AgendaItem, ratings: Ratings | None = None, record: str = "已听取。"):  # type: ignore[no-untyped-def]
    return lambda s: agenda.hear(s, item, record, ratings, NEXT_MONDAY)


@pytest.mark.parametrize("item", AgendaItem)
def test_C_23_each_item_of_a_regular_meeting_has_its_own_record_once(item: AgendaItem) -> None:
    ratings = RATINGS if item is AgendaItem.APPRAISAL else None
    heard = AgendaItemHeard(item=item, record="已听取。", ratings=ratings, at=NEXT_MONDAY)
    after = held(*MEETING).when(hearing(item, ratings)).then(heard)
    after.when(hearing(item, ratings)).breaks("C-23", field="item")
    held(*MEETING).when(hearing(item, ratings, " ")).breaks("C-23", field="record")
    held(*OPEN).when(hearing(item, ratings)).breaks(
        "C-23", clause="官办通〔2018〕58号 六.1.1", field="item"
    )


def test_C_23_only_an_appraisal_has_ratings_and_they_are_counts_of_who_is_there() -> None:
    held(*MEETING).when(hearing(AgendaItem.BUDGET, RATINGS)).breaks("C-23", field="ratings")
    held(*MEETING).when(hearing(AgendaItem.APPRAISAL)).breaks("C-23", field="ratings")
    for wrong in ((9, 2, 1), (0, 0, 0), (-1, 1, 1)):
        counts = Ratings(good=wrong[0], fair=wrong[1], poor=wrong[2])
        held(*MEETING).when(hearing(AgendaItem.APPRAISAL, counts)).refused(
            Malformed, field="ratings"
        )
    gone = held(*MEETING, SeatsLeft(seats=("s3",), at=NEXT_MONDAY))
    gone.when(hearing(AgendaItem.BUDGET)).breaks("C-08")


def test_C_23_a_street_s_regular_meeting_hears_something() -> None:
    def closing(s: Session) -> SessionClosed:
        return s.close("已听取。", NO_MATTER, NEXT_MONDAY)

    held(*MEETING).when(closing).breaks("C-23", field="item")
    held(*MEETING).when(hearing(AgendaItem.BUDGET)).leads_to().when(closing).leads_to()
    community = replace(REGULAR, level=Level.COMMUNITY)
    held(community, *OPEN[1:]).when(closing).leads_to()


# --- C-26


def test_C_26_what_is_technical_has_an_opinion_from_outside() -> None:
    settled = replace(SETTLED, technical=True)
    technical = replace(SETTING, matter=replace(MATTER, settled=settled))
    decided = held(*OPEN, DECIDED)
    decided.when(lambda s: s.close("同意。", technical, NEXT_MONDAY)).breaks(
        "C-26", clause="官办通〔2018〕58号 六.2.3", field="opinions"
    )
    filed = OpinionFiled(title="交通影响意见书", source=Source.EXPERT)
    with_it = decided.when(lambda s: s.opinion("交通影响意见书", Source.EXPERT)).then(filed)
    with_it.when(lambda s: s.close("同意。", technical, NEXT_MONDAY)).leads_to()
    decided.when(lambda s: s.opinion(" ", Source.EXPERT)).refused(Malformed, field="title")


# --- C-03


def test_C_03_who_never_came_without_a_reason_was_absent() -> None:
    excused = SeatExcused(seat="s20", reason="住院。")
    here = held(*OPEN, DECIDED).when(lambda s: s.excuse("s20", "住院。", SETTING)).then(excused)
    late = here.when(lambda s: s.arrive(("s11",), SETTING, NEXT_MONDAY)).leads_to()
    gone = late.when(lambda s: s.leave(("s11", "s1"), NEXT_MONDAY)).leads_to()
    after = gone.when(lambda s: s.close("同意划线。", SETTING, NEXT_MONDAY)).leads_to().state
    assert after.absent == SEATS[12:20]
    here.when(lambda s: s.excuse("s20", " ", SETTING)).breaks("C-03", field="reason")
    here.when(lambda s: s.excuse("x1", "出差。", SETTING)).refused(UnknownReference, field="seat")


def test_C_03_nobody_is_absent_from_a_session_without_notice() -> None:
    urgent = UrgencyDeclared(reason="汛期将至。")
    here = held(CALLED, urgent, ROLL, OPENED, DECIDED)
    assert (
        here.when(lambda s: s.close("同意。", SETTING, NEXT_MONDAY)).leads_to().state.absent == ()
    )


# --- The decision


def test_C_10_a_decision_is_whole_and_holds_who_was_there() -> None:
    after = recording(held(*OPEN)).then(DECIDED).state
    assert after.conclusion is not None
    assert (after.conclusion.present, after.conclusion.roll) == (11, (*ELEVEN, "x1"))
    recording(held(*OPEN), Conclusion(outcome=Outcome.DECLINED)).breaks("C-10", field="guidance")
    away = (Disagreement(seat="s15", reason="不同意。"),)
    recording(held(*OPEN), replace(USABLE, disagreement=away)).refused(UnknownReference)


def test_C_19_an_interest_is_declared_and_stands_on_the_decision() -> None:
    declared = held(*OPEN).when(lambda s: s.interest("s2")).then(InterestDeclared(seat="s2"))
    after = recording(declared).leads_to().state
    assert after.conclusion is not None
    assert after.conclusion.interested == ("s2",)
    declared.when(lambda s: s.interest("s2")).refused(Malformed, field="seat")
    declared.when(lambda s: s.interest("s15")).refused(UnknownReference, field="seat")


@pytest.mark.parametrize(
    ("counts", "good"), [((9, 1, 1), True), ((9, 1, 2), False), ((-1, 0, 0), False)]
)
def test_votes_are_of_fixed_members_there(counts: tuple[int, int, int], good: bool) -> None:
    votes = Votes(in_favour=counts[0], against=counts[1], abstained=counts[2])
    recorded = recording(held(*OPEN), USABLE, votes)
    if good:
        recorded.then(replace(DECIDED, votes=votes))
    else:
        recorded.refused(Malformed, field="votes")


@pytest.mark.parametrize(
    ("said", "field"),
    [({"place": " "}, "place"), ({"held_at": MONDAY - timedelta(days=1)}, "held_at")],
)
def test_a_session_has_a_place_and_a_time_to_come(said: dict[str, Any], field: str) -> None:
    calling(**said).refused(Malformed, field=field)


def test_what_is_told_of_a_session() -> None:
    decided = held(*OPEN, DECIDED).state
    letter = announce.of_sessions(DECIDED, decided)
    assert letter is not None and letter.type == "consultation.matter_deliberated.v1"
    letter = announce.of_sessions(CLOSED, held(*OPEN, DECIDED, CLOSED).state)
    assert letter is not None and letter.type == "consultation.session_held.v1"
    said = letter.model_dump(mode="json")
    assert (said["present"], said["fixed"], said["matter"]) == (11, 21, "m-1")
    assert (said["kind"], said["committee"]) == ("topical", "c-1")
    assert announce.of_sessions(OPENED, held(*OPEN).state) is None
