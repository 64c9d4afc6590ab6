"""A session: who calls it, its notice, its quorum while it lasts, the floor, and one matter."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from chassis.calendar import NationalCalendar
from chassis.kernel.clock import WorkTime
from chassis.kernel.errors import OURS, Malformed, RuleBroken, UnknownReference
from chassis.kernel.holding import HELD_FOR
from services.consultation.domain import attendance, following
from services.consultation.domain import calling as session_calling
from services.consultation.domain.committee import Level, Member, SeatKind
from services.consultation.domain.events import (
    Conclusion,
    MatterEvent,
    MembersInvited,
    Outcome,
    OutcomeSetAside,
    SessionReserved,
)
from services.consultation.domain.evolution import evolve as evolve_matter
from services.consultation.domain.matter import Matter
from services.consultation.domain.policy import Size
from services.consultation.domain.rollcall import roll
from services.consultation.domain.session import Session, evolve
from services.consultation.domain.session_course import PRINCIPAL, Setting, Status
from services.consultation.domain.session_events import (
    Calling,
    Chair,
    DecisionTaken,
    FloorAsked,
    FloorGiven,
    NoticeGiven,
    QuorumLost,
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
)

WORK = WorkTime(days=NationalCalendar())
MONDAY = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)
NEXT_MONDAY = datetime(2025, 3, 10, 1, 0, tzinfo=UTC)
MATTER_PAST: tuple[MatterEvent, ...] = (
    PROPOSED,
    ACCEPTED,
    RESEARCHED,
    MembersInvited(invited=EXPERT),
)
MATTER = past(None, evolve_matter, MATTER_PAST).state
CLOCKS = following.Clocks(policy=POLICY, work=WORK)
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
    fixed=SEATS,
    held_at=NEXT_MONDAY,
    at=MONDAY,
)
NOTICED = NoticeGiven(papers=("议题方案",), seats=SEATS, days=5, at=MONDAY)
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
        called.breaks("C-06", clause=OURS, field="joined")
        calling(called_by=Calling.MEMBERS, joined=SEATS[:joined], level=Level.STREET).breaks(
            "C-06", clause="官办通〔2018〕58号 六.1.1", field="joined"
        )


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
    calling(unplanned).breaks("C-05", clause=OURS, field="called_by")
    calling(unplanned, called_by=Calling.PARTY_COMMITTEE).leads_to()


# --- C-07


@pytest.mark.parametrize(
    ("day", "enough"),
    [(datetime(2025, 3, 7, 8, 0, tzinfo=UTC), False), (NEXT_MONDAY, True)],
)
def test_C_07_notice_and_papers_go_out_five_working_days_before(
    day: datetime, enough: bool
) -> None:
    called = replace(CALLED, held_at=day)
    opened = held(called, *READY[1:]).when(lambda s: s.open(Chair.SECRETARY, None, SETTING, day))
    if enough:
        opened.leads_to()
    else:
        opened.breaks("C-07", clause="官办通〔2018〕58号 附件3 3", field=None)


def test_C_07_a_notice_is_early_enough_by_the_days_in_force_when_it_was_given() -> None:
    """Who was told as the policy then had it isn't told too late by a later one, nor early enough."""

    def of(days: int) -> Setting:
        return replace(SETTING, policy=replace(POLICY, notice_days=days))

    def opens(noticed: int, today: int, day: datetime) -> Decision[Session]:
        called = held(replace(CALLED, held_at=day))
        told = called.when(lambda s: s.notice(("方案",), of(noticed), MONDAY)).leads_to()
        there = told.when(lambda s: s.arrive(SEATS, of(today), day)).leads_to()
        return there.when(lambda s: s.open(Chair.SECRETARY, None, of(today), day))

    opens(5, 10, NEXT_MONDAY).leads_to()
    opens(5, 1, NEXT_MONDAY - timedelta(days=3)).breaks("C-07", field=None, says="5 个工作日")
    before_it_was_kept = held(CALLED, replace(NOTICED, days=None), ROLL).state
    ten = partial(Session.open, chair=Chair.SECRETARY, why=None, setting=of(10), now=NEXT_MONDAY)
    Given(before_it_was_kept, evolve).when(ten).breaks("C-07", field=None, says="10 个工作日")


def test_C_07_without_notice_only_what_is_urgent_opens() -> None:
    held(CALLED, ROLL).when(opening).breaks("C-07", field=None)
    urgent = UrgencyDeclared(reason="汛期将至。")
    held(CALLED, ROLL, urgent).when(opening).then(OPENED)
    held(CALLED).when(lambda s: s.urgent(" ")).breaks("C-07", field="reason")
    held(CALLED).when(lambda s: s.urgent("汛期将至。")).then(urgent)


def test_C_14_no_regular_meeting_opens_on_the_day_of_one_that_was_entered_as_on_paper() -> None:
    """A topical session is another one."""
    setting = replace(SETTING, on_paper=frozenset({NEXT_MONDAY.date()}))

    def opens(called: SessionCalled) -> Decision[Session]:
        ready = held(called, *READY[1:])
        return ready.when(lambda s: s.open(Chair.SECRETARY, None, setting, NEXT_MONDAY))

    regular = replace(CALLED, kind=SessionKind.REGULAR, matter=None)
    opens(regular).breaks("C-14", field=None)
    opens(CALLED).then(OPENED)
    setting = replace(setting, on_paper=frozenset({NEXT_MONDAY.date() - timedelta(days=1)}))
    opens(regular).then(OPENED)


def test_C_07_no_session_opens_before_the_time_it_was_called_for() -> None:
    early = NEXT_MONDAY - timedelta(minutes=POLICY.early_minutes)
    urgent = UrgencyDeclared(reason="汛期将至。")
    for told in ((NOTICED,), (NOTICED, urgent), (urgent,)):
        here = held(CALLED, *told, ROLL)
        before = early - timedelta(seconds=1)
        opens = partial(Session.open, chair=Chair.SECRETARY, why=None, setting=SETTING)
        here.when(partial(opens, now=before)).breaks("C-07", field=None)
        here.when(partial(opens, now=early)).leads_to()


def test_C_07_no_session_opens_long_after_the_time_it_was_called_for() -> None:
    """Who came at that time would be absent, and its roll of another day."""
    late = NEXT_MONDAY + timedelta(minutes=POLICY.late_minutes)
    urgent = UrgencyDeclared(reason="汛期将至。")
    for told in ((NOTICED,), (NOTICED, urgent), (urgent,)):
        here = held(CALLED, *told, ROLL)
        opens = partial(Session.open, chair=Chair.SECRETARY, why=None, setting=SETTING)
        here.when(partial(opens, now=late)).leads_to()
        for after in (timedelta(seconds=1), timedelta(days=3)):
            gone = here.when(partial(opens, now=late + after))
            gone.breaks("C-07", clause=OURS, field=None)
        here.when(lambda s: s.adjourn("未按时召开", SETTING, late + timedelta(days=3))).leads_to()


@pytest.mark.parametrize("papers", [(), ("方案", " ")])
def test_C_07_a_notice_has_papers(papers: tuple[str, ...]) -> None:
    held(CALLED).when(lambda s: s.notice(papers, SETTING, MONDAY)).breaks("C-07", field="papers")


# --- C-08


def test_C_08_a_session_opens_with_a_quorum() -> None:
    held(*READY).when(opening).then(OPENED)
    ten = SeatsArrived(seats=(*SEATS[:10], "x1"), at=NEXT_MONDAY)
    held(CALLED, NOTICED, ten).when(opening).breaks("C-08", clause=QUORUM, field=None)


def test_C_08_a_quorum_that_leaves_is_on_the_record_and_nothing_is_decided() -> None:
    left = (
        SeatsLeft(seats=("s3",), at=NEXT_MONDAY),
        QuorumLost(present=10, at=NEXT_MONDAY),
    )
    alone = held(*OPEN).when(lambda s: s.leave(("s3",), NEXT_MONDAY)).then(*left)
    recording(alone).breaks("C-08", clause=QUORUM, field=None)
    asked = held(*OPEN, FloorAsked(seat="s1", side=Side.AGAINST), *left)
    asked.when(lambda s: s.speak("s1", SETTING, NEXT_MONDAY)).breaks("C-08")
    back = alone.when(lambda s: s.arrive(("s12",), SETTING, NEXT_MONDAY)).leads_to()
    recording(back).leads_to()
    guest = held(*OPEN).when(lambda s: s.leave(("x1",), NEXT_MONDAY))
    guest.then(SeatsLeft(seats=("x1",), at=NEXT_MONDAY))


def test_C_08_whose_seat_ends_during_the_session_counts_no_longer() -> None:
    """And the seat still does: twelve of 21 become eleven of 21, and then ten, which is no quorum."""
    twelve = replace(ROLL, seats=(*SEATS[:12], "x1"))
    here = held(CALLED, NOTICED, twelve, OPENED)
    without = [replace(SETTING, members=MEMBERS[gone:]) for gone in range(3)]
    for setting, present in zip(without[:2], (12, 11), strict=True):
        decided = here.when(
            partial(Session.record, said=USABLE, votes=None, setting=setting, now=NEXT_MONDAY)
        )
        conclusion = decided.leads_to().state.conclusion
        assert conclusion is not None and conclusion.present == present
        assert conclusion.roll == (*SEATS[12 - present : 12], "x1")
        line = roll(here.state, setting)
        assert (line.attending, line.entitled, line.quorate) == (present, 21, True)
    votes = Votes(in_favour=12, against=0, abstained=0)
    here.when(lambda s: s.record(USABLE, votes, without[1], NEXT_MONDAY)).refused(
        Malformed, field="votes"
    )
    asked = here.when(lambda s: s.ask("s0", Side.NEITHER)).leads_to()
    asked = asked.when(lambda s: s.ask("s5", Side.NEITHER)).leads_to()
    asked.when(lambda s: s.speak("s0", without[1], NEXT_MONDAY)).breaks("C-09", field="seat")
    asked.when(lambda s: s.speak("s5", without[1], NEXT_MONDAY)).leads_to()
    for act in (
        lambda s: s.record(USABLE, None, without[2], NEXT_MONDAY),
        lambda s: s.speak("s5", without[2], NEXT_MONDAY),
    ):
        asked.when(act).breaks("C-08", clause=QUORUM, field=None)
    assert not roll(here.state, without[2]).quorate


def test_C_08_nobody_makes_a_quorum_by_dismissing_who_is_away() -> None:
    """Of 30 when it was called ten who stay away are dismissed: ten there are still of 30."""
    thirty = tuple(replace(MEMBERS[0], seat=f"s{n}") for n in range(30))
    called = calling(replace(SETTING, members=thirty)).leads_to().state.called
    ten = replace(ROLL, seats=SEATS[:10])
    twenty = replace(SETTING, members=thirty[:20])
    short = held(called, NOTICED, ten)
    opens = partial(Session.open, chair=Chair.SECRETARY, why=None, now=NEXT_MONDAY)
    short.when(partial(opens, setting=twenty)).breaks("C-08", clause=QUORUM, field=None)
    assert (roll(short.state, twenty).entitled, roll(short.state, twenty).quorate) == (30, False)
    half = held(called, NOTICED, replace(ROLL, seats=tuple(f"s{n}" for n in range(15))))
    opened = half.when(partial(opens, setting=twenty)).leads_to()
    left = SeatsLeft(seats=("s1",), at=NEXT_MONDAY)
    lost = QuorumLost(present=14, at=NEXT_MONDAY)
    opened.when(lambda s: s.leave(("s1",), NEXT_MONDAY)).then(left, lost)


def test_C_08_who_was_appointed_since_the_call_counts_and_fills_a_seat_that_ended() -> None:
    ten = held(CALLED, NOTICED, replace(ROLL, seats=SEATS[:10]))
    new = replace(MEMBERS[0], seat="n1")
    replaced = replace(SETTING, members=(*MEMBERS[:20], new))
    more = replace(SETTING, members=(*MEMBERS, new, replace(new, seat="n2")))
    for setting, entitled in ((replaced, 21), (more, 23)):
        with_new = ten.when(
            partial(Session.arrive, seats=("n1",), setting=setting, now=NEXT_MONDAY)
        )
        here = with_new.leads_to()
        line = roll(here.state, setting)
        assert (line.attending, line.entitled, line.quorate) == (11, entitled, entitled == 21)


def test_C_08_nobody_is_no_quorum() -> None:
    with pytest.raises(RuleBroken) as refusal:
        attendance.quorum((), (), 0, "present")
    assert refusal.value.rule.id == "C-08"


@pytest.mark.parametrize(
    ("level", "least"), [(Level.STREET, 45), (Level.COMMUNITY, 20), (Level.BUILDING, 5)]
)
def test_C_01_a_committee_below_its_least_size_holds_no_session(level: Level, least: int) -> None:
    """Also of its calling: a committee can't be dismissed down to whom one likes, and then called."""
    fixed = tuple(replace(MEMBERS[0], seat=f"s{n}") for n in range(least))
    chair = PRINCIPAL.get(level, Chair.SECRETARY)
    opens = partial(Session.open, chair=chair, why=None, now=NEXT_MONDAY)
    for members in (fixed, fixed[1:]):
        setting = replace(SETTING, members=members)
        seats = tuple(member.seat for member in members)
        called = replace(CALLED, level=level, fixed=seats)
        opened = held(called, NOTICED, replace(ROLL, seats=seats)).when(
            partial(opens, setting=setting)
        )
        if members is fixed:
            opened.leads_to()
        else:
            opened.breaks("C-01")


def test_C_08_nobody_signs_in_before_the_day_of_the_session() -> None:
    midnight = datetime(2025, 3, 9, 16, 0, tzinfo=UTC)
    called = held(CALLED, NOTICED)
    opens = midnight - timedelta(minutes=POLICY.early_minutes)
    before = called.when(lambda s: s.arrive(("s1",), SETTING, opens - timedelta(seconds=1)))
    before.breaks("C-08", clause=OURS, field="seats")
    called.when(lambda s: s.arrive(("s1",), SETTING, opens)).leads_to()
    open_already = held(CALLED, NOTICED, ROLL, replace(OPENED, at=MONDAY))
    open_already.when(lambda s: s.arrive(("s12",), SETTING, MONDAY)).leads_to()


def test_C_08_the_roll_is_taken_by_several_clerks() -> None:
    half = held(CALLED, SeatsArrived(seats=("s1", "s2"), at=NEXT_MONDAY))
    half.when(lambda s: s.arrive(("s2", "s3"), SETTING, NEXT_MONDAY)).then(
        SeatsArrived(seats=("s3",), at=NEXT_MONDAY)
    )
    half.when(lambda s: s.arrive(("s1",), SETTING, NEXT_MONDAY)).then()
    half.when(lambda s: s.arrive(("s99",), SETTING, NEXT_MONDAY)).refused(
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


def test_C_09_while_its_session_isn_t_over_a_matter_has_no_second_one() -> None:
    """Nor once a session came to an outcome, until the matter is taken up again."""
    begun = held(CALLED).state
    assert not session_calling.over("s-1", begun, MATTER)
    assert session_calling.over("s-1", held(*PASTS[Status.ADJOURNED]).state, MATTER)
    closed = held(*PASTS[Status.CLOSED]).state
    news = following.heard(MATTER, DECIDED.conclusion, "s-1", 21, CLOCKS, NEXT_MONDAY)
    taken = past(None, evolve_matter, [*MATTER_PAST, *news])
    for matter in (MATTER, taken.state):
        assert not session_calling.over("s-1", closed, matter)
    again = taken.when(lambda m: following.reopen(m, "另有意见。", NEXT_MONDAY)).leads_to().state
    assert session_calling.over("s-1", closed, again)
    assert not session_calling.over("s-2", begun, again)
    session_calling.alone(None)
    with pytest.raises(RuleBroken) as refusal:
        session_calling.alone(begun)
    assert (refusal.value.rule.id, refusal.value.field) == ("C-09", "matter")
    assert refusal.value.clause is None


def test_C_09_a_matter_whose_outcome_is_recorded_reserves_no_session() -> None:
    def reserve(session: str, now: datetime = MONDAY) -> Callable[[Matter], object]:
        return lambda m: session_calling.reserve(m, session, now)

    standing = past(None, evolve_matter, MATTER_PAST)
    reserved = SessionReserved(session="s-1", at=MONDAY)
    after = standing.when(reserve("s-1")).then(reserved)
    assert session_calling.awaited(after.state, MONDAY) == "s-1"
    assert not after.when(reserve("s-1")).happened
    later = MONDAY + HELD_FOR
    assert session_calling.awaited(after.state, later) is None
    after.when(reserve("s-1", later)).then(replace(reserved, at=later))
    news = following.heard(MATTER, DECIDED.conclusion, "s-1", 21, CLOCKS, NEXT_MONDAY)
    past(None, evolve_matter, [*MATTER_PAST, *news]).when(reserve("s-2")).breaks("C-16")


def test_C_09_an_outcome_that_comes_second_stands_aside_where_it_is_seen() -> None:
    first = following.heard(MATTER, DECIDED.conclusion, "s-1", 21, CLOCKS, NEXT_MONDAY)
    taken = past(None, evolve_matter, [*MATTER_PAST, *first])
    declined = Conclusion(outcome=Outcome.DECLINED, guidance="依法申请。", present=11)
    aside = OutcomeSetAside(session="s-2", outcome=Outcome.DECLINED, at=NEXT_MONDAY)
    after = taken.when(lambda m: following.heard(m, declined, "s-2", 21, CLOCKS, NEXT_MONDAY)).then(
        aside
    )
    assert replace(after.state, set_aside=()) == taken.state
    assert after.state.set_aside == (aside,)
    assert session_calling.over("s-2", held(*PASTS[Status.CLOSED]).state, after.state)


def test_C_09_a_session_that_came_to_an_outcome_isn_t_adjourned() -> None:
    decided = held(*OPEN, DECIDED)
    decided.when(lambda s: s.adjourn("不想形成纪要。", SETTING, NEXT_MONDAY)).breaks("C-09")
    decided.when(lambda s: s.close("同意划线。", NEXT_MONDAY)).leads_to()


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
    small = replace(SETTING, policy=replace(POLICY, street_size=Size(least=5, most=55)))
    bare = ready.when(lambda s: s.open(chair, None, small, NEXT_MONDAY))
    if chair is principal:
        bare.leads_to()
    else:
        bare.breaks("C-09", field="why_chair")
        ready.when(lambda s: s.open(chair, "书记出差。", small, NEXT_MONDAY)).leads_to()


def test_C_09_nobody_speaks_without_the_floor() -> None:
    held(*OPEN).when(lambda s: s.speak("s1", SETTING, NEXT_MONDAY)).breaks("C-09", field="seat")
    asked = FloorAsked(seat="s1", side=Side.IN_FAVOUR)
    waiting = held(*OPEN).when(lambda s: s.ask("s1", Side.IN_FAVOUR)).then(asked)
    waiting.when(lambda s: s.ask("s1", Side.AGAINST)).breaks("C-09", field="seat")
    given = FloorGiven(seat="s1", side=Side.IN_FAVOUR, at=NEXT_MONDAY)
    after = waiting.when(lambda s: s.speak("s1", SETTING, NEXT_MONDAY)).then(given)
    assert after.state.waiting == ()
    held(*OPEN).when(lambda s: s.ask("s15", Side.AGAINST)).refused(UnknownReference, field="seat")
    left = held(*OPEN, asked, SeatsArrived(seats=("s11",), at=MONDAY))
    gone = left.when(lambda s: s.leave(("s1",), NEXT_MONDAY)).leads_to()
    gone.when(lambda s: s.speak("s1", SETTING, NEXT_MONDAY)).breaks("C-09", field="seat")


def test_C_09_opposing_sides_have_the_floor_in_turn() -> None:
    spoke = FloorGiven(seat="s1", side=Side.IN_FAVOUR, at=NEXT_MONDAY)
    lists = [
        FloorAsked(seat="s2", side=Side.IN_FAVOUR),
        FloorAsked(seat="s3", side=Side.AGAINST),
        FloorAsked(seat="x1", side=Side.NEITHER),
    ]
    here = held(*OPEN, FloorAsked(seat="s1", side=Side.IN_FAVOUR), spoke, *lists)
    here.when(lambda s: s.speak("s2", SETTING, NEXT_MONDAY)).breaks("C-09", field="seat")
    neither = here.when(lambda s: s.speak("x1", SETTING, NEXT_MONDAY)).leads_to()
    neither.when(lambda s: s.speak("s2", SETTING, NEXT_MONDAY)).breaks("C-09", field="seat")
    other = neither.when(lambda s: s.speak("s3", SETTING, NEXT_MONDAY)).leads_to()
    other.when(lambda s: s.speak("s2", SETTING, NEXT_MONDAY)).leads_to()


def test_C_09_a_session_ends_summed_up_or_adjourned() -> None:
    held(*OPEN).when(lambda s: s.close("同意。", NEXT_MONDAY)).breaks("C-09")
    decided = held(*OPEN, DECIDED)
    decided.when(lambda s: s.close(" ", NEXT_MONDAY)).breaks("C-09", field="summary")
    after = decided.when(lambda s: s.close("同意划线。", NEXT_MONDAY)).leads_to().state
    assert (after.status, after.summary, after.ended_at) == ("closed", "同意划线。", NEXT_MONDAY)
    adjourned = SessionAdjourned(reason="人数不足。", at=NEXT_MONDAY)
    held(CALLED, NOTICED).when(lambda s: s.adjourn("人数不足。", SETTING, NEXT_MONDAY)).then(
        adjourned
    )
    held(CALLED).when(lambda s: s.adjourn(" ", SETTING, NEXT_MONDAY)).refused(
        Malformed, field="reason"
    )


ANY: dict[str, Callable[[Session], Any]] = {
    "notice": lambda s: s.notice(("方案",), SETTING, MONDAY),
    "urgent": lambda s: s.urgent("汛期。"),
    "arrive": lambda s: s.arrive(("s13",), SETTING, NEXT_MONDAY),
    "leave": lambda s: s.leave(("x1",), MONDAY),
    "interest": lambda s: s.interest("s1"),
    "opinion": lambda s: s.opinion("意见书", Source.THIRD_PARTY),
    "excuse": lambda s: s.excuse("s13", "出差。", SETTING),
    "open": opening,
    "ask": lambda s: s.ask("s1", Side.NEITHER),
    "record": lambda s: s.record(USABLE, None, SETTING, NEXT_MONDAY),
    "adjourn": lambda s: s.adjourn("休会。", SETTING, MONDAY),
    "close": lambda s: s.close("同意。", MONDAY),
    "sign": lambda s: s.sign(Signatory.CHAIR, "community:x", MONDAY),
    "annex": lambda s: s.annex("更正。", "community:x", MONDAY),
}
MAY = {
    Status.NOTICED: {"urgent", "arrive", "leave", "excuse", "opinion", "open", "adjourn"},
    Status.OPEN: {"opinion", "arrive", "leave", "excuse", "interest", "ask", "record", "adjourn"},
    Status.CLOSED: {"excuse", "sign", "annex"},
    Status.ADJOURNED: {"excuse"},
}
PASTS = {
    Status.NOTICED: READY,
    Status.OPEN: OPEN,
    Status.CLOSED: (*OPEN, DECIDED, CLOSED),
    Status.ADJOURNED: (
        *OPEN,
        SessionAdjourned(reason="人数不足。", absent=("s13",), at=NEXT_MONDAY),
    ),
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


def test_C_08_the_roll_says_who_is_there_and_what_is_missing() -> None:
    """Excused and interested seats are told apart; guests stand on it and count for nothing."""
    came = SeatsArrived(seats=(*SEATS[:10], "x1"), at=NEXT_MONDAY)
    short = roll(held(CALLED, NOTICED, came).state, SETTING)
    assert (short.attending, short.entitled, short.quorate) == (10, len(SEATS), False)
    assert "不足" in (short.short or "")
    lines = {line.seat: line for line in short.seats}
    assert lines["x1"].there and lines["x1"].kind is SeatKind.ADHOC
    assert not lines[SEATS[-1]].there
    more = SeatsArrived(seats=(SEATS[10],), at=NEXT_MONDAY)
    whole = roll(held(CALLED, NOTICED, came, more).state, SETTING)
    assert (whole.attending, whole.quorate, whole.short) == (11, True, None)
