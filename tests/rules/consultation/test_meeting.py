"""What a session hears, needs and comes to: its agenda, opinions, absences, and the decision."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from chassis.kernel.errors import OURS, Malformed, UnknownReference
from services.consultation import announce
from services.consultation.domain import agenda, rights
from services.consultation.domain.committee import Level
from services.consultation.domain.events import Conclusion, Disagreement, Outcome
from services.consultation.domain.session import Session
from services.consultation.domain.session_course import Setting
from services.consultation.domain.session_events import (
    AgendaItem,
    AgendaItemHeard,
    InterestDeclared,
    OpinionFiled,
    Ratings,
    SeatExcused,
    SeatsArrived,
    SeatsLeft,
    SessionClosed,
    SessionEvent,
    SessionKind,
    Source,
    UrgencyDeclared,
    Votes,
)
from services.consultation.shown import sheets
from tests.support.specification import Given

from .test_matter import (
    ELEVEN,
    SEATS,
    SETTLED,
)
from .test_session import (
    CALLED,
    CLOSED,
    DECIDED,
    MATTER,
    MONDAY,
    NEXT_MONDAY,
    NOTICED,
    OPEN,
    OPENED,
    ROLL,
    SETTING,
    USABLE,
    calling,
    held,
    recording,
)

# --- C-23

REGULAR = replace(CALLED, kind=SessionKind.REGULAR, matter=None, level=Level.STREET)
MEETING: tuple[SessionEvent, ...] = (REGULAR, *OPEN[1:])
NO_MATTER = replace(SETTING, matter=None)
RATINGS = Ratings(good=9, fair=1, poor=1)


def hearing(item: AgendaItem, ratings: Ratings | None = None, record: str = "已听取。"):  # type: ignore[no-untyped-def]
    return lambda s: agenda.hear(s, item, record, ratings, SETTING, NEXT_MONDAY)


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
        return s.close("已听取。", NEXT_MONDAY)

    held(*MEETING).when(closing).breaks("C-23", field="item")
    held(*MEETING).when(hearing(AgendaItem.BUDGET)).leads_to().when(closing).leads_to()
    community = replace(REGULAR, level=Level.COMMUNITY)
    held(community, *OPEN[1:]).when(closing).leads_to()


# --- C-26


def test_C_26_what_is_technical_has_an_opinion_from_outside_before_it_is_decided() -> None:
    settled = replace(SETTLED, technical=True)
    technical = replace(SETTING, matter=replace(MATTER, settled=settled))
    decide = partial(Session.record, said=USABLE, votes=None, setting=technical, now=NEXT_MONDAY)
    held(*OPEN).when(decide).breaks("C-26", clause="官办通〔2018〕58号 六.2.3", field=None)
    filed = OpinionFiled(title="交通影响意见书", source=Source.EXPERT)
    with_it = held(*OPEN).when(lambda s: s.opinion("交通影响意见书", Source.EXPERT)).then(filed)
    decided = with_it.when(decide).then(DECIDED)
    decided.when(lambda s: s.close("同意。", NEXT_MONDAY)).leads_to()
    decided.when(lambda s: s.opinion(" ", Source.EXPERT)).refused(Malformed, field="title")


# --- C-03


def test_C_03_who_never_came_without_a_reason_was_absent() -> None:
    excused = SeatExcused(seat="s20", reason="住院。")
    here = held(*OPEN, DECIDED).when(lambda s: s.excuse("s20", "住院。", SETTING)).then(excused)
    late = here.when(lambda s: s.arrive(("s11",), SETTING, NEXT_MONDAY)).leads_to()
    gone = late.when(lambda s: s.leave(("s11", "s1"), NEXT_MONDAY)).leads_to()
    after = gone.when(lambda s: s.close("同意划线。", NEXT_MONDAY)).leads_to().state
    assert after.absent == SEATS[12:20]
    here.when(lambda s: s.excuse("s20", " ", SETTING)).breaks("C-03", field="reason")
    here.when(lambda s: s.excuse("x1", "出差。", SETTING)).refused(UnknownReference, field="seat")


def test_C_03_an_excuse_that_is_known_after_the_session_takes_the_absence_off() -> None:
    """Else a slip of paper that lay on the clerk's desk is a third of the ground for a dismissal."""
    closed = held(*OPEN, DECIDED).when(lambda s: s.close("同意划线。", NEXT_MONDAY)).leads_to()
    few = SeatsArrived(seats=SEATS[:10], at=NEXT_MONDAY)
    short = held(CALLED, NOTICED, few).when(lambda s: s.adjourn("人数不足。", SETTING, NEXT_MONDAY))
    for over in (closed, short.leads_to()):
        assert {"s11", "s20"} <= set(over.state.absent)
        after = over.when(lambda s: s.excuse("s20", "住院。", SETTING)).leads_to().state
        assert set(over.state.absent) - set(after.absent) == {"s20"} <= set(after.excused)
        over.when(lambda s: s.excuse("s20", " ", SETTING)).breaks("C-03", field="reason")
        over.when(lambda s: s.excuse("s1", "住院。", SETTING)).breaks(
            "C-03", clause=OURS, field="seat"
        )
    nobody = held(CALLED).when(lambda s: s.adjourn("改期。", SETTING, NEXT_MONDAY)).leads_to()
    nobody.when(lambda s: s.excuse("s1", "住院。", SETTING)).breaks("C-03", clause=OURS, field=None)


def test_C_14_an_excuse_after_the_end_stands_beside_the_minutes_as_they_were_sealed() -> None:
    """Else a paper with other names on it bears the seal of the one that was signed."""
    names = sheets.Names(committee="议事委员会")

    def away(here: Given[Session]) -> dict[str, str]:
        lines = dict(sheets.minutes(here.state, names).lines)
        return {name: lines[name] for name in lines if "缺席" in name or "请假" in name}

    told = held(*OPEN, DECIDED).when(lambda s: s.excuse("s19", "出差。", SETTING)).leads_to()
    closed = told.when(lambda s: s.close("同意划线。", NEXT_MONDAY)).leads_to()
    assert (sealed := away(closed))["请假席位"] == "s19" and "s20" in sealed["缺席席位"]
    since = closed.when(lambda s: s.excuse("s20", "住院。", SETTING)).leads_to()
    assert away(since) == {**sealed, "会后补登请假": "s20"}


def test_C_03_nobody_is_absent_from_a_session_without_notice() -> None:
    urgent = UrgencyDeclared(reason="汛期将至。")
    here = held(CALLED, urgent, ROLL, OPENED, DECIDED)
    assert here.when(lambda s: s.close("同意。", NEXT_MONDAY)).leads_to().state.absent == ()


def test_C_03_who_stays_away_where_too_few_come_is_absent_though_it_is_adjourned() -> None:
    """The more stay away, the less would it count otherwise; of what was called off nobody stayed away."""
    few = SeatsArrived(seats=SEATS[:10], at=NEXT_MONDAY)
    excused = SeatExcused(seat="s20", reason="住院。")
    left = SeatsLeft(seats=("s1",), at=NEXT_MONDAY)

    def absent(*events: SessionEvent, now: datetime = NEXT_MONDAY) -> tuple[str, ...]:
        adjourned = held(CALLED, *events).when(lambda s: s.adjourn("人数不足。", SETTING, now))
        return adjourned.leads_to().state.absent

    assert absent(NOTICED, few, excused) == SEATS[10:20]
    assert absent(NOTICED, few, now=NEXT_MONDAY - timedelta(seconds=1)) == ()
    assert absent(NOTICED) == absent(few) == absent(NOTICED, ROLL) == ()
    assert absent(NOTICED, ROLL, OPENED, left) == SEATS[11:]
    assert absent(NOTICED, ROLL, OPENED) == ()
    short = held(CALLED, NOTICED, few).when(lambda s: s.adjourn("人数不足。", SETTING, NEXT_MONDAY))
    missed, came = (
        rights.year_of(seat, 2025, [short.leads_to().state], [], []) for seat in ("s15", "s1")
    )
    assert (missed.sessions, missed.absent, came.absent) == (0, 1, 0)
    assert rights.year_of("s15", 2026, [short.leads_to().state], [], []).absent == 0


@pytest.mark.parametrize("why", ["notice too late", "committee too small", "day on paper"])
def test_C_03_nobody_stays_away_from_what_could_not_have_opened(why: str) -> None:
    """Though the clerk takes its roll and adjourns it, as the refusal of opening it tells him."""
    few = SeatsArrived(seats=SEATS[:10], at=NEXT_MONDAY)
    late = replace(NOTICED, at=NEXT_MONDAY - timedelta(hours=1))
    small = replace(SETTING, members=SETTING.members[:12])
    on_paper = replace(NO_MATTER, on_paper=frozenset({NEXT_MONDAY.date()}))
    events, setting = {
        "notice too late": ((CALLED, late, few), SETTING),
        "committee too small": ((CALLED, NOTICED, few), small),
        "day on paper": ((replace(REGULAR, level=Level.COMMUNITY), NOTICED, few), on_paper),
    }[why]

    def adjourned(*more: SessionEvent, on: Setting = SETTING) -> tuple[str, ...]:
        when = NEXT_MONDAY + timedelta(days=9)
        here = held(*events, *more).when(lambda s: s.adjourn("人数不足。", on, when))
        return here.leads_to().state.absent

    assert adjourned(on=setting) == ()
    urgent = UrgencyDeclared(reason="汛期。")
    assert adjourned(urgent) == SEATS[10:]


def test_C_03_nobody_is_absent_who_was_seated_after_the_notice_went_out() -> None:
    told = held(CALLED).when(lambda s: s.notice(NOTICED.papers, SETTING, MONDAY)).then(NOTICED)
    assert told.state.noticed == SETTING.fixed
    for seats, absent in ((SEATS[:20], SEATS[11:20]), (SEATS, SEATS[11:]), ((), SEATS[11:])):
        here = held(CALLED, replace(NOTICED, seats=seats), ROLL, OPENED, DECIDED)
        ended = here.when(lambda s: s.close("同意。", NEXT_MONDAY)).leads_to().state
        assert ended.absent == absent


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
