"""The rules of a community's rooms, and what they come to."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from chassis.kernel.errors import Malformed, NotFound
from services.housing.domain.booking import Booking, Purpose
from services.housing.domain.premises import (
    CommunityNoted,
    Obtained,
    OutcomeNoted,
    Premises,
    PremisesEvent,
    Room,
    RoomChanged,
    RoomKind,
    RoomListed,
    RoomStruck,
    StandardAssessed,
    Tenure,
    Use,
    evolve,
)
from services.housing.domain.standard import Assessment, Scope, assess, in_force
from services.housing.shown.premises import shown
from services.housing.vocabulary import WORDS
from tests.support.specification import Given, past

DAY = date(2026, 3, 2)
noted = CommunityNoted(community="haihua", street="liujia", households=1000, sequence=1)
office = Room(
    id="haihua~1",
    name="一站式服务大厅",
    kind=RoomKind.OFFICE,
    use=Use.SOCIAL_SECURITY,
    area=15_000,
    floor=1,
    own_use=True,
    obtained=Obtained.HANDED_OVER,
    tenure=Tenure.OWNED,
)
reading = replace(
    office,
    id="haihua~2",
    name="图书室",
    kind=RoomKind.ACTIVITY,
    use=Use.READING,
    area=25_000,
    obtained=Obtained.COORDINATED,
    tenure=Tenure.BORROWED,
)
listed, second = RoomListed(room=office), RoomListed(room=reading)
below = Assessment(
    day=DAY,
    standard="two_rooms",
    required=40_000,
    area=15_000,
    met=False,
    households=1000,
    owed=30_000,
    per_hundred=1500,
    households_met=False,
)
assessed = StandardAssessed(assessment=below)
changed = RoomChanged(room=replace(office, area=16_000), reason="重新测量")
struck = RoomStruck(room="haihua~1", reason="房屋收回")


def given(*happened: PremisesEvent) -> Given[Premises]:
    return past(None, evolve, (noted, *happened))


def list_room(room: Room) -> Any:
    return lambda p: p.list_room(room, today=DAY)


def change_room(room: Room, reason: str = "重新测量") -> Any:
    return lambda p: p.change_room(room, reason=reason, today=DAY)


def strike_room(id: str = "haihua~1", reason: str = "房屋收回", *booked: Booking) -> Any:
    return lambda p: p.strike_room(id, reason=reason, booked=booked, today=DAY)


def note(noted: CommunityNoted) -> Any:
    return lambda p: p.note(noted, today=DAY)


class TestRooms:
    def test_H_05_premises_are_obtained_in_one_of_the_ways_that_the_documents_name(self) -> None:
        """官民函〔2021〕64号 names four, and 〔2022〕61号 another three for the pilots."""
        four = ["产权划拨", "协调使用", "修缮建盖", "移交配建"]
        assert [WORDS[way] for way in Obtained] == [*four, "置换", "购买", "租用"]
        for way in Obtained:
            room = replace(office, obtained=way)
            assert given().when(list_room(room)).leads_to().state.rooms == (room,)

    @pytest.mark.parametrize(
        ("kind", "use"),
        [
            (RoomKind.OFFICE, Use.GENERAL),
            (RoomKind.OFFICE, Use.SOCIAL_SECURITY),
            (RoomKind.ACTIVITY, Use.PARTY_MEMBERS),
            (RoomKind.ACTIVITY, Use.ELDERLY),
            (RoomKind.ACTIVITY, Use.WORKERS_YOUTH_WOMEN),
            (RoomKind.ACTIVITY, Use.TEENAGERS),
            (RoomKind.ACTIVITY, Use.FITNESS),
            (RoomKind.ACTIVITY, Use.CULTURE),
            (RoomKind.ACTIVITY, Use.READING),
        ],
    )
    def test_H_01_a_use_belongs_to_one_kind(self, kind: RoomKind, use: Use) -> None:
        other = RoomKind.OFFICE if kind is RoomKind.ACTIVITY else RoomKind.ACTIVITY
        given().when(list_room(replace(office, kind=kind, use=use))).leads_to()
        given().when(list_room(replace(office, kind=other, use=use))).breaks("H-01", field="use")

    def test_the_first_room_brings_the_first_answer(self) -> None:
        given().when(list_room(office)).then(listed, assessed)

    @pytest.mark.parametrize(("field", "value"), [("area", 0), ("area", -1), ("name", " ")])
    def test_a_room_has_a_name_and_an_area(self, field: str, value: Any) -> None:
        given().when(list_room(replace(office, **{field: value}))).refused(Malformed, field=field)

    def test_numbers_are_not_used_again(self) -> None:
        after = given(listed, struck).state
        assert (after.rooms, after.next_room()) == ((), "haihua~2")

    def test_changing_and_striking_say_why_and_which(self) -> None:
        given(listed).when(change_room(office, reason=" ")).refused(Malformed, field="reason")
        given(listed).when(strike_room(reason="")).refused(Malformed, field="reason")
        given(listed).when(strike_room("haihua~9")).refused(NotFound)
        given(listed).when(change_room(replace(office, id="haihua~9"))).refused(NotFound)
        given(listed).when(change_room(office)).then()

    def test_H_10_a_room_that_is_booked_is_not_given_up(self) -> None:
        start = datetime(2026, 3, 10, 1, tzinfo=UTC)
        booked = Booking(
            id="b1",
            start=start,
            end=start + timedelta(hours=1),
            purpose=Purpose.PUBLIC,
            by="community:haihua",
        )
        given(listed).when(strike_room("haihua~1", "房屋收回", booked)).breaks("H-10")
        after = given(listed).when(strike_room()).leads_to().state
        assert (after.had("haihua~1"), after.had("haihua~2"), after.had("other~1")) == (
            True,
            False,
            False,
        )


class TestTheStandard:
    def test_H_02_four_hundred_are_enough_and_a_hundredth_less_is_not(self) -> None:
        start = given(listed, assessed)
        met = replace(below, area=40_000, met=True, per_hundred=4000, households_met=True)
        start.when(list_room(reading)).then(second, StandardAssessed(assessment=met))
        short = replace(reading, area=24_999)
        after = start.when(list_room(short)).leads_to()
        assert after.state.answer is not None
        assert (after.state.own_area, after.state.answer.met) == (39_999, False)

    @pytest.mark.parametrize("tenure", Tenure)
    def test_H_02_own_use_counts_whatever_the_tenure(self, tenure: Tenure) -> None:
        for own_use, counted in ((True, 25_000), (False, 0)):
            room = replace(reading, tenure=tenure, own_use=own_use)
            state = given(RoomListed(room=room)).state
            assert (state.own_area, state.listed_area) == (counted, 25_000)

    def test_H_02_is_told_when_the_answer_or_the_area_changes_and_not_else(self) -> None:
        """An index makes a figure of the area, which was that of years ago."""
        start = given(listed, assessed)
        measured = replace(below, area=16_000, per_hundred=1600)
        start.when(change_room(changed.room)).then(changed, StandardAssessed(assessment=measured))
        renamed = RoomChanged(room=replace(office, name="便民大厅"), reason="重新测量")
        start.when(change_room(renamed.room)).then(renamed)
        lent = RoomListed(room=replace(reading, own_use=False))
        start.when(list_room(lent.room)).then(lent)
        lost = given(listed, assessed).when(list_room(reading)).leads_to()
        gone = lost.when(strike_room("haihua~2")).happened
        assert isinstance(gone[-1], StandardAssessed)
        assert gone[-1].assessment.met is False

    def test_H_02_what_is_shown_beside_the_answer_is_what_the_rooms_come_to_now(self) -> None:
        """Also where that was told before each change of the area was."""
        event = RoomListed(room=replace(reading, area=6_000))
        more = replace(noted, households=2000, sequence=2)
        state = given(listed, assessed, event, more).state
        assert state.answer == below
        out = shown(state)
        assert out.answer is not None
        figures = (out.answer.area, out.answer.per_hundred, out.answer.owed, out.answer.households)
        assert figures == (out.own_area, "10.50", "600.00", 2000) and out.own_area == "210.00"
        assert (out.answer.met, out.answer.day) == (False, DAY)
        assert shown(given().state).answer is None

    @pytest.mark.parametrize(
        "code", ["shijicheng", "xinyazhoutiyucheng", "luosiwan", "fenghuangshan"]
    )
    def test_H_05_the_large_communities_need_a_thousand(self, code: str) -> None:
        large = assess(code, area=99_999, households=None, day=DAY)
        assert (large.standard, large.required, large.met) == ("large_community", 100_000, False)
        assert assess(code, area=100_000, households=None, day=DAY).met is True
        before = assess(code, area=40_000, households=None, day=date(2020, 8, 20))
        assert (before.standard, before.met) == ("two_rooms", True)

    def test_H_03_households_are_measured_once_the_register_knows_them(self) -> None:
        unknown = assess("haihua", area=40_000, households=None, day=DAY)
        assert (unknown.owed, unknown.per_hundred, unknown.households_met) == (None, None, None)
        assert assess("haihua", area=30, households=1, day=DAY).households_met is True
        assert assess("haihua", area=29, households=1, day=DAY).households_met is False
        third = assess("haihua", area=40_000, households=3333, day=DAY)
        assert (third.owed, third.per_hundred) == (99_990, 1200)

    def test_no_standard_before_it_held(self) -> None:
        assert in_force(Scope.COMMUNITY, date(2016, 12, 31)) is None
        for scope, day in (
            (Scope.COMMUNITY, date(2017, 1, 1)),
            (Scope.LARGE_COMMUNITY, date(2020, 8, 21)),
            (Scope.HOUSEHOLDS, date(2018, 1, 1)),
        ):
            found = in_force(scope, day)
            assert found is not None and found.since == day
        early = assess("haihua", area=50_000, households=10, day=date(2016, 12, 31))
        assert (early.standard, early.met, early.households_met) == (None, None, None)

    def test_nothing_listed_is_not_below_the_standard(self) -> None:
        assert given().state.assessed(DAY) is None


class TestTheRegistersWord:
    def test_the_latest_wins_in_any_order(self) -> None:
        more = replace(noted, households=2000, sequence=3)
        after = given().when(note(more)).then(more)
        after.when(note(replace(noted, households=1500, sequence=2))).then()

    def test_a_word_that_changes_nothing_comes_after_those_before_it_all_the_same(self) -> None:
        same = replace(noted, sequence=3)
        after = given(listed, assessed).when(note(same)).then(same)
        after.when(note(replace(noted, households=1500, sequence=2))).then()
        after.when(note(same)).then()

    def test_households_change_the_answer(self) -> None:
        fewer = replace(noted, households=500, sequence=2)
        now = replace(below, households=500, owed=15_000, per_hundred=3000, households_met=True)
        given(listed, assessed).when(note(fewer)).then(fewer, StandardAssessed(assessment=now))

    @pytest.mark.parametrize("before", ["guandu", None])
    def test_H_11_the_answer_is_told_of_the_street_that_the_community_lies_in_now(
        self, before: str | None
    ) -> None:
        """Once, as of that day: what it was told before, the other street had until then."""
        there, later = replace(noted, street=before, sequence=2), DAY + timedelta(days=40)
        moved = replace(noted, sequence=3)
        told = StandardAssessed(assessment=replace(below, day=later))
        known = given(there, listed, assessed)
        after = known.when(lambda one: one.note(moved, today=later)).then(moved, told)
        again = replace(moved, sequence=4)
        after.when(lambda one: one.note(again, today=later)).then(again)

    def test_H_11_a_move_of_a_community_without_rooms_tells_nothing(self) -> None:
        moved = replace(noted, street="guandu", sequence=2)
        given().when(note(moved)).then(moved)


@forall(st.lists(st.tuples(st.integers(1, 10**9), st.booleans()), min_size=1, max_size=40))
def test_H_09_the_parts_are_the_whole_to_the_hundredth(parts: list[tuple[int, bool]]) -> None:
    state = given(
        *(RoomListed(room=replace(office, area=area, own_use=own)) for area, own in parts)
    ).state
    borrowed = sum(room.area for room in state.rooms if not room.own_use)
    assert state.own_area + borrowed == state.listed_area == sum(area for area, _ in parts)
    assert type(state.own_area) is int


def test_what_a_session_decided_on_premises_is_noted_once_and_stands_by_time() -> None:
    first, second = (
        OutcomeNoted(matter=f"m-{n}", outcome="usable_here", at=datetime(2026, 3, n, tzinfo=UTC))
        for n in (1, 2)
    )
    late = past(None, evolve, (noted, second))
    assert late.state.note_outcome(second) == ()
    both = past(None, evolve, (noted, second, *late.state.note_outcome(first)))
    assert both.state.outcomes == (first, second)
