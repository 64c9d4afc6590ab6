"""The rules of an agreement."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from chassis.kernel.errors import OURS, Malformed, RuleBroken, UnknownReference
from services.housing.domain.agreement import Agreement, Status, evolve, sign, succeed
from services.housing.domain.events import (
    AgreementCancelled,
    AgreementEvent,
    AgreementExtended,
    AgreementFulfilled,
    AgreementOverdue,
    AgreementReplaced,
    AgreementSigned,
    Handover,
    InspectionCorrected,
    PremisesHandedOver,
    PremisesInspected,
    RemedyDone,
    Terms,
)
from services.housing.domain.inspection import Inspection, Point, Remedy, inspect
from tests.support.specification import Given, past

SIGNED_AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DUE = date(2026, 6, 30)
LATER, LATEST = date(2026, 9, 30), date(2026, 12, 31)
LAST_SECOND = datetime(2026, 6, 30, 15, 59, 59, tzinfo=UTC)
ENDED = datetime(2026, 6, 30, 16, 0, tzinfo=UTC)
"""Midnight in Shanghai, after the due day."""
LATER_ENDED = datetime(2026, 9, 30, 16, 0, tzinfo=UTC)

signed = AgreementSigned(
    agreement="a1",
    project="滨河花园",
    community="yunxiang",
    street="yiliu",
    developer="dev_001",
    households=4000,
    area_owed=120_050,
    due=DUE,
    at=SIGNED_AT,
)
half = PremisesHandedOver(area=60_000, at=SIGNED_AT, inspection=1)
rest = PremisesHandedOver(area=60_050, at=SIGNED_AT, inspection=2)
ALL_SEEN = {Point.OUTSIDE: True, Point.CLOSE: True, Point.DECORATED: True}
PHOTOS = {point: ("a" * 64,) for point in Point}


def inspection(number: int, area: int, **how: Any) -> Inspection:
    usual = {"first": area, "second": 0, "seen": ALL_SEEN, "photos": PHOTOS, "at": SIGNED_AT}
    return inspect(number=number, area=area, **{**usual, **how})


seen_half = PremisesInspected(inspection=inspection(1, 60_000))
seen_rest = PremisesInspected(inspection=inspection(2, 60_050))
made_right = InspectionCorrected(inspection=inspection(1, 6_000), reason="多写一个零")
bare = PremisesInspected(
    inspection=inspection(1, 60_000, seen={**ALL_SEEN, Point.DECORATED: False})
)
remedy = Remedy(point=Point.DECORATED, what="补做基本装修", due=date(2026, 4, 1))
accepted_bare = PremisesHandedOver(area=60_000, at=SIGNED_AT, inspection=1, remedies=(remedy,))
remedied = RemedyDone(inspection=1, point=Point.DECORATED, photos=("b" * 64,), at=SIGNED_AT)
terms = Terms(
    project="滨河花园二期",
    developer="dev_002",
    households=3000,
    area_owed=90_000,
    due=date(2026, 12, 31),
)
replaced = AgreementReplaced(by="a2", terms=terms, reason="项目调整", at=SIGNED_AT)
fulfilled = AgreementFulfilled()
overdue = AgreementOverdue(due=DUE, outstanding=120_050)
extended = AgreementExtended(due_before=DUE, due=LATER, reason="主体工程停工")
cancelled = AgreementCancelled(reason="规划调整")


def given(*happened: AgreementEvent) -> Given[Agreement]:
    return past(None, evolve, (signed, *happened))


def hand_over(
    number: int,
    *remedies: Remedy,
    now: datetime = SIGNED_AT,
    at: datetime = SIGNED_AT,
) -> Any:
    return lambda a: a.hand_over(inspection=number, remedies=remedies, at=at, now=now)


def replace_by(terms: Terms = terms, reason: str = "项目调整", now: datetime = SIGNED_AT) -> Any:
    return lambda a: a.replace(by="a2", terms=terms, reason=reason, now=now)


def remedy_done(point: Point = Point.DECORATED, photos: tuple[str, ...] = ("b" * 64,)) -> Any:
    return lambda a: a.remedy(inspection=1, point=point, photos=photos, now=SIGNED_AT)


def extend(due: date = LATER, reason: str = "主体工程停工", now: datetime = SIGNED_AT) -> Any:
    return lambda a: a.extend(due=due, reason=reason, now=now)


def cancel(reason: str = "规划调整", now: datetime = SIGNED_AT) -> Any:
    return lambda a: a.cancel(reason=reason, now=now)


def lapse(now: datetime) -> Any:
    return lambda a: a.lapse(now=now)


class TestSigning:
    def test_H_03_owes_thirty_square_metres_for_a_hundred_households(self) -> None:
        exact = replace(signed, households=250, area_owed=7500)
        assert sign(exact) == (exact,)

    @pytest.mark.parametrize(("households", "area"), [(250, 7499), (100, 2999), (1, 29), (1, 0)])
    def test_H_03_not_a_hundredth_less(self, households: int, area: int) -> None:
        with pytest.raises(RuleBroken) as refusal:
            sign(replace(signed, households=households, area_owed=area))
        assert refusal.value.rule.id == "H-03"
        assert refusal.value.clause == "官民函〔2021〕64号 一"
        assert refusal.value.field == "area"

    def test_more_than_that_may_be_promised(self) -> None:
        generous = replace(signed, households=100, area_owed=90_000)
        assert sign(generous) == (generous,)

    @pytest.mark.parametrize(
        ("field", "value"),
        [("project", " "), ("developer", " "), ("households", 0), ("households", -100)],
    )
    def test_H_06_names_the_project_its_developer_and_its_households(
        self, field: str, value: Any
    ) -> None:
        with pytest.raises(RuleBroken) as refusal:
            sign(replace(signed, **{field: value}))
        assert (refusal.value.rule.id, refusal.value.field) == ("H-06", field)

    def test_begins_open_with_everything_outstanding(self) -> None:
        state = given().state
        assert (state.status, state.accepted, state.outstanding, state.surplus) == (
            Status.OPEN,
            0,
            120_050,
            0,
        )


def both_seen(*happened: AgreementEvent) -> Given[Agreement]:
    return given(seen_half, seen_rest, *happened)


class TestHandingOver:
    def test_H_06_in_parts_until_nothing_is_outstanding(self) -> None:
        first = both_seen().when(hand_over(1)).then(half)
        assert (first.state.outstanding, first.state.status) == (60_050, Status.OPEN)
        last = first.when(hand_over(2)).then(rest, fulfilled)
        assert (last.state.outstanding, last.state.status) == (0, Status.FULFILLED)
        assert last.state.handovers == (
            Handover(area=60_000, at=SIGNED_AT, inspection=1),
            Handover(area=60_050, at=SIGNED_AT, inspection=2),
        )

    def test_H_06_a_hundredth_short_is_not_fulfilled(self) -> None:
        seen = PremisesInspected(inspection=inspection(2, 60_049))
        short = PremisesHandedOver(area=60_049, at=SIGNED_AT, inspection=2)
        after = given(seen_half, seen, half).when(hand_over(2)).then(short)
        assert (after.state.outstanding, after.state.status) == (1, Status.OPEN)

    def test_H_06_more_than_owed_is_a_surplus_never_negative(self) -> None:
        much = PremisesInspected(inspection=inspection(2, 70_000))
        little = PremisesInspected(inspection=inspection(3, 1_000))
        after = given(seen_half, much, little, half).when(hand_over(2)).leads_to()
        assert (after.state.outstanding, after.state.surplus) == (0, 9_950)
        more = PremisesHandedOver(area=1_000, at=SIGNED_AT, inspection=3)
        again = after.when(hand_over(3)).then(more)
        assert (again.state.outstanding, again.state.surplus) == (0, 10_950)

    def test_is_not_in_the_future_and_not_before_its_inspection(self) -> None:
        second = timedelta(seconds=1)
        both_seen().when(hand_over(1, at=SIGNED_AT + second)).refused(Malformed, field="at")
        both_seen().when(hand_over(1, at=SIGNED_AT - second)).refused(Malformed, field="at")

    def test_H_04_is_of_what_was_inspected_and_once(self) -> None:
        given().when(hand_over(1)).refused(UnknownReference, field="inspection")
        both_seen(half).when(hand_over(1)).breaks("H-04", field="inspection")


class TestInspecting:
    def test_H_04_all_of_it_on_floor_one_and_everything_seen(self) -> None:
        assert seen_half.inspection.missed == ()
        given().when(lambda a: a.inspect(seen_half.inspection, now=SIGNED_AT)).then(seen_half)

    @pytest.mark.parametrize(
        ("first", "second", "missed"),
        [
            (50_00, 50_00, ()),
            (49_99, 50_01, (Point.GROUND_HALF,)),
            (60_00, 39_99, (Point.FLOORS,)),
            (40_00, 40_00, (Point.FLOORS, Point.GROUND_HALF)),
            (0, 100_00, (Point.GROUND_HALF,)),
        ],
    )
    def test_H_04_floors_one_and_two_only_and_half_of_it_on_floor_one(
        self, first: int, second: int, missed: tuple[Point, ...]
    ) -> None:
        assert inspection(1, 100_00, first=first, second=second).missed == missed

    @pytest.mark.parametrize("point", ALL_SEEN)
    def test_H_04_what_was_not_seen_is_missed(self, point: Point) -> None:
        assert inspection(1, 100, seen={**ALL_SEEN, point: False}).missed == (point,)

    @pytest.mark.parametrize("point", Point)
    def test_H_04_every_point_has_its_photo(self, point: Point) -> None:
        with pytest.raises(RuleBroken) as refusal:
            inspection(1, 100, photos={**PHOTOS, point: ()})
        assert (refusal.value.rule.id, refusal.value.field) == ("H-04", "photos")

    @pytest.mark.parametrize(("area", "first", "second"), [(0, 0, 0), (100, 60, 41)])
    def test_floors_are_no_more_than_the_whole(self, area: int, first: int, second: int) -> None:
        with pytest.raises(Malformed):
            inspection(1, area, first=first, second=second)

    def test_is_not_in_the_future(self) -> None:
        later = replace(seen_half.inspection, at=SIGNED_AT + timedelta(seconds=1))
        given().when(lambda a: a.inspect(later, now=SIGNED_AT)).refused(Malformed, field="at")


def correct(number: int = 1, area: int = 6_000, reason: str = "多写一个零", **how: Any) -> Any:
    floors = {"first": area, "second": 0, **how}
    return lambda a: a.correct(inspection=number, area=area, **floors, reason=reason)


class TestCorrecting:
    def test_H_04_an_area_typed_wrong_is_put_right_with_a_reason(self) -> None:
        after = given(seen_half).when(correct()).then(made_right)
        assert after.state.inspections == (made_right.inspection,)
        handed = after.when(hand_over(1)).leads_to()
        assert handed.state.accepted == 6_000
        given(seen_half).when(correct(reason=" ")).refused(Malformed, field="reason")
        given(seen_half).when(correct(2)).refused(UnknownReference, field="inspection")
        given(seen_half).when(correct(first=5_000, second=1_001)).refused(Malformed, field="area")

    def test_H_04_what_follows_from_the_areas_is_found_anew_and_what_was_seen_stays(self) -> None:
        after = given(bare).when(correct(first=2_000, second=4_000)).leads_to()
        missed = after.state.inspections[0].missed
        assert missed == (Point.GROUND_HALF, Point.DECORATED)
        again = after.when(correct(reason="复核")).leads_to()
        assert again.state.inspections[0].missed == (Point.DECORATED,)

    def test_H_04_what_was_handed_over_stays_as_it_was(self) -> None:
        given().when(correct()).breaks("H-04")
        given(seen_half, half).when(correct()).breaks("H-04")
        other = given(seen_half, half, seen_rest)
        other.when(correct()).breaks("H-04", field="inspection")
        assert other.when(correct(2)).leads_to().state.inspections[0] == seen_half.inspection


class TestRemedies:
    def test_H_04_what_was_missed_is_refused_or_accepted_with_a_dated_remedy(self) -> None:
        given(bare).when(hand_over(1)).breaks("H-04", field="remedies")
        given(bare).when(hand_over(1, remedy)).then(accepted_bare)

    def test_H_04_the_document_says_what_premises_are_like_and_the_platform_how_that_is_seen(
        self,
    ) -> None:
        letter = "官民函〔2021〕64号 一"
        given(bare).when(hand_over(1)).breaks("H-04", clause=letter, field="remedies")
        late = replace(remedy, due=date(2026, 3, 2))
        given(bare).when(hand_over(1, late)).breaks("H-04", clause=OURS, field="remedies")
        unseen = given(bare, accepted_bare).when(remedy_done(photos=()))
        unseen.breaks("H-04", clause=OURS, field="photos")

    @pytest.mark.parametrize("wrong", [{"due": date(2026, 3, 2)}, {"what": " "}])
    def test_H_04_a_remedy_says_what_and_by_when(self, wrong: Any) -> None:
        given(bare).when(hand_over(1, replace(remedy, **wrong))).breaks("H-04", field="remedies")

    def test_a_remedy_is_for_what_was_missed_and_one_for_each(self) -> None:
        other = replace(remedy, point=Point.CLOSE)
        given(bare).when(hand_over(1, remedy, other)).refused(Malformed, field="remedies")
        given(bare).when(hand_over(1, remedy, remedy)).refused(Malformed, field="remedies")

    def test_H_04_a_remedy_is_done_once_with_its_photo(self) -> None:
        start = given(bare, accepted_bare)
        start.when(remedy_done(photos=())).breaks("H-04", field="photos")
        start.when(remedy_done(point=Point.CLOSE)).breaks("H-04", field="point")
        after = start.when(remedy_done()).then(remedied)
        [done] = after.state.handovers[0].remedies
        assert (done.due, done.done_at, done.photos) == (remedy.due, SIGNED_AT, ("b" * 64,))
        after.when(remedy_done()).breaks("H-04")


class TestReplacing:
    def test_H_12_ends_this_one_and_begins_the_other_with_what_was_handed_over(self) -> None:
        after = both_seen(half).when(replace_by()).then(replaced)
        assert (after.state.status, after.state.stands) == (Status.REPLACED, False)
        assert (after.state.counted, after.state.lapses_at) == (0, None)
        successor = after.state.successor(replaced)
        assert succeed(successor) == (successor,)
        begun = evolve(None, successor)
        assert (begun.id, begun.replaces, begun.community) == ("a2", "a1", "yunxiang")
        assert (begun.accepted, begun.outstanding) == (60_000, 30_000)
        assert begun.inspections == after.state.inspections

    def test_H_12_the_other_is_fulfilled_where_that_is_enough(self) -> None:
        less = replace(terms, households=1000, area_owed=60_000)
        after = both_seen(half).when(replace_by(less)).leads_to()
        assert after.state.replacement is not None
        successor = after.state.successor(after.state.replacement)
        assert succeed(successor) == (successor, fulfilled)

    def test_H_03_the_other_owes_no_less_than_its_households_are_due(self) -> None:
        given().when(replace_by(replace(terms, area_owed=89_999))).breaks("H-03", field="area")

    def test_H_07_a_date_that_has_passed_is_missed_first(self) -> None:
        late = replace(replaced, at=ENDED)
        given().when(replace_by(now=ENDED)).then(overdue, late)

    def test_has_a_reason(self) -> None:
        given().when(replace_by(reason=" ")).refused(Malformed, field="reason")


class TestTheDueDate:
    def test_H_07_is_not_missed_in_its_last_second(self) -> None:
        given().when(lapse(LAST_SECOND)).then()

    def test_H_07_is_missed_when_the_day_has_ended_in_shanghai(self) -> None:
        assert given().state.lapses_at == ENDED
        after = given().when(lapse(ENDED)).then(overdue)
        assert (after.state.overdue, after.state.missed) == (True, (DUE,))

    def test_H_07_says_what_is_outstanding(self) -> None:
        given(half).when(lapse(ENDED)).then(AgreementOverdue(due=DUE, outstanding=60_050))

    def test_H_07_is_missed_once(self) -> None:
        given(overdue).when(lapse(ENDED + timedelta(days=400))).then()
        assert given(overdue).state.lapses_at is None

    @pytest.mark.parametrize("over", [(half, rest, fulfilled), (cancelled,)])
    def test_H_07_is_nobodys_when_it_is_over(self, over: tuple[AgreementEvent, ...]) -> None:
        given(*over).when(lapse(ENDED)).then()
        assert given(*over).state.lapses_at is None

    def test_H_07_is_missed_first_where_the_clock_comes_round_late(self) -> None:
        late = ENDED + timedelta(hours=1)
        given().when(extend(now=late)).then(overdue, extended)
        given().when(cancel(now=late)).then(overdue, cancelled)
        seen = PremisesInspected(inspection=inspection(1, 120_050))
        all_of_it = PremisesHandedOver(area=120_050, at=SIGNED_AT, inspection=1)
        given(seen).when(hand_over(1, now=late)).then(overdue, all_of_it, fulfilled)

    def test_late_premises_are_not_overdue_any_more(self) -> None:
        assert not given(overdue, half, rest, fulfilled).state.overdue
        assert not given(overdue, cancelled).state.overdue


class TestExtending:
    def test_H_07_gives_a_later_date(self) -> None:
        after = given().when(extend()).then(extended)
        assert (after.state.due, after.state.lapses_at) == (LATER, LATER_ENDED)

    @pytest.mark.parametrize("due", [DUE, date(2026, 6, 29)])
    def test_H_07_is_to_a_later_date(self, due: date) -> None:
        given().when(extend(due=due)).breaks("H-07", field="due")

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_H_07_has_a_reason(self, reason: str) -> None:
        given().when(extend(reason=reason)).breaks("H-07", field="reason")

    def test_H_07_after_the_due_date_leaves_it_missed(self) -> None:
        given().when(extend(now=LATER_ENDED)).breaks("H-07", field="due")
        given().when(extend(now=LATER_ENDED - timedelta(seconds=1))).then(overdue, extended)
        after = given(overdue).when(extend(now=ENDED + timedelta(days=5))).then(extended)
        assert (after.state.missed, after.state.overdue) == ((DUE,), False)

    def test_H_07_the_new_date_can_be_missed_in_its_turn(self) -> None:
        again = AgreementOverdue(due=LATER, outstanding=120_050)
        given(overdue, extended).when(lapse(LATER_ENDED - timedelta(seconds=1))).then()
        after = given(overdue, extended).when(lapse(LATER_ENDED)).then(again)
        assert after.state.missed == (DUE, LATER)
        after.when(lapse(LATER_ENDED)).then()
        last = AgreementExtended(due_before=LATER, due=LATEST, reason="主体工程停工")
        after.when(extend(due=LATEST, now=LATER_ENDED)).then(last)


def test_cancelling_has_a_reason() -> None:
    given().when(cancel(reason=" ")).refused(Malformed, field="reason")
    given().when(cancel()).then(cancelled)


OPEN, FULFILLED, CANCELLED, REPLACED = Status
STEPS: dict[str, tuple[Callable[[Agreement], object], set[Status]]] = {
    "inspect": (
        lambda a: a.inspect(seen_half.inspection, now=SIGNED_AT),
        {OPEN, FULFILLED},
    ),
    "hand_over": (hand_over(1), {OPEN, FULFILLED}),
    "replace": (replace_by(), {OPEN}),
    "extend": (extend(), {OPEN}),
    "cancel": (cancel(), {OPEN}),
}


@pytest.mark.parametrize(("status", "step"), list(product(Status, STEPS)))
def test_H_06_each_step_only_in_its_statuses(status: Status, step: str) -> None:
    decide, possible_while = STEPS[step]
    agreement = replace(both_seen().state, status=status)
    assert (step in agreement.next_steps()) == (status in possible_while)
    if status in possible_while:
        decide(agreement)
    else:
        past(agreement, evolve, ()).when(decide).breaks("H-06")
