"""The rules of an agreement."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from chassis.kernel.errors import Malformed, RuleBroken
from services.housing.domain.agreement import (
    Agreement,
    AgreementCancelled,
    AgreementEvent,
    AgreementExtended,
    AgreementFulfilled,
    AgreementOverdue,
    AgreementSigned,
    Handover,
    PremisesHandedOver,
    Status,
    evolve,
    sign,
)
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
half = PremisesHandedOver(area=60_000, at=SIGNED_AT)
rest = PremisesHandedOver(area=60_050, at=SIGNED_AT)
fulfilled = AgreementFulfilled()
overdue = AgreementOverdue(due=DUE, outstanding=120_050)
extended = AgreementExtended(due_before=DUE, due=LATER, reason="主体工程停工")
cancelled = AgreementCancelled(reason="规划调整")


def given(*happened: AgreementEvent) -> Given[Agreement]:
    return past(None, evolve, (signed, *happened))


def hand_over(area: int, now: datetime = SIGNED_AT, at: datetime = SIGNED_AT) -> Any:
    return lambda a: a.hand_over(area=area, at=at, now=now)


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
        ("field", "value"), [("project", " "), ("households", 0), ("households", -100)]
    )
    def test_H_06_names_the_project_and_its_households(self, field: str, value: Any) -> None:
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


class TestHandingOver:
    def test_H_06_in_parts_until_nothing_is_outstanding(self) -> None:
        first = given().when(hand_over(60_000)).then(half)
        assert (first.state.outstanding, first.state.status) == (60_050, Status.OPEN)
        last = first.when(hand_over(60_050)).then(rest, fulfilled)
        assert (last.state.outstanding, last.state.status) == (0, Status.FULFILLED)
        assert last.state.handovers == (
            Handover(area=60_000, at=SIGNED_AT),
            Handover(area=60_050, at=SIGNED_AT),
        )

    def test_H_06_a_hundredth_short_is_not_fulfilled(self) -> None:
        short = PremisesHandedOver(area=60_049, at=SIGNED_AT)
        after = given(half).when(hand_over(60_049)).then(short)
        assert (after.state.outstanding, after.state.status) == (1, Status.OPEN)

    def test_H_06_more_than_owed_is_a_surplus_never_negative(self) -> None:
        after = given(half).when(hand_over(70_000)).leads_to()
        assert (after.state.outstanding, after.state.surplus) == (0, 9_950)
        more = PremisesHandedOver(area=1_000, at=SIGNED_AT)
        again = after.when(hand_over(1_000)).then(more)
        assert (again.state.outstanding, again.state.surplus) == (0, 10_950)

    @pytest.mark.parametrize("area", [0, -1])
    def test_is_of_something(self, area: int) -> None:
        given().when(hand_over(area)).refused(Malformed, field="area")

    def test_is_not_in_the_future(self) -> None:
        second = timedelta(seconds=1)
        given().when(hand_over(1, now=SIGNED_AT, at=SIGNED_AT + second)).refused(
            Malformed, field="at"
        )


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
        all_of_it = PremisesHandedOver(area=120_050, at=SIGNED_AT)
        given().when(hand_over(120_050, now=late)).then(overdue, all_of_it, fulfilled)

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


OPEN, FULFILLED, CANCELLED = Status
STEPS: dict[str, tuple[Callable[[Agreement], object], set[Status]]] = {
    "handovers": (hand_over(100), {OPEN, FULFILLED}),
    "extend": (extend(), {OPEN}),
    "cancel": (cancel(), {OPEN}),
}


@pytest.mark.parametrize(("status", "step"), list(product(Status, STEPS)))
def test_H_06_each_step_only_in_its_statuses(status: Status, step: str) -> None:
    decide, possible_while = STEPS[step]
    agreement = replace(given().state, status=status)
    assert (step in agreement.next_steps()) == (status in possible_while)
    if status in possible_while:
        decide(agreement)
    else:
        past(agreement, evolve, ()).when(decide).breaks("H-06")
