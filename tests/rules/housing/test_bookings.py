"""The rules of booking a room."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from chassis.kernel.errors import Malformed, NotAllowed, NotFound, RuleBroken
from chassis.kernel.holding import HELD_FOR
from services.housing.domain.booking import (
    BookingCancelled,
    BookingEvent,
    Purpose,
    RoomBooked,
    RoomClosed,
    RoomMonth,
    RoomReopened,
    book,
    close,
    days_in,
    evolve,
    month_of,
    months_ahead,
)
from tests.support.specification import Given, past

NOW = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
"""Eight in the morning in Shanghai."""
NINE = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

booked = RoomBooked(
    booking="b1",
    room="haihua~1",
    month="2026-03",
    street="liujia",
    community="haihua",
    start=NINE,
    end=NINE + HOUR,
    purpose=Purpose.VOLUNTEER,
    by="community:haihua",
)
cancelled = BookingCancelled(booking="b1", reason="活动改期")


def given(*happened: BookingEvent) -> Given[RoomMonth]:
    return past(None, evolve, happened)


def asking(**how: Any) -> Any:
    asked = replace(booked, booking="b2", **how)
    return lambda known: book(known, asked, now=NOW, days_ahead=90)


def test_H_10_what_is_to_come_stands_and_is_not_over() -> None:
    month = given(booked).state
    assert [one.id for one in month.to_come(NINE + HOUR - timedelta(minutes=1))] == ["b1"]
    assert month.to_come(NINE + HOUR) == ()
    assert given(booked, cancelled).state.to_come(NOW) == ()


def test_H_10_a_month_that_is_closed_takes_no_booking_until_it_is_open_again_or_long_closed() -> (
    None
):
    closing = RoomClosed(room="haihua~1", month="2026-03", community="haihua", at=NOW)
    given(booked).when(lambda known: close(known, closing)).breaks("H-10")
    given(booked, cancelled).when(lambda known: close(known, closing)).then(closing)
    shut = given(booked, cancelled, closing)
    shut.when(asking()).breaks("H-10")
    given(booked, cancelled, closing, RoomReopened()).when(asking()).leads_to()
    later = NOW + HELD_FOR
    again = replace(booked, booking="b2")
    shut.when(lambda known: book(known, again, now=later, days_ahead=90)).leads_to()
    assert months_ahead(NOW)[:2] == ("2026-03", "2026-04") and months_ahead(NOW)[-1] == "2027-03"


@pytest.mark.parametrize(
    ("start", "end", "free"),
    [
        (-60, 0, True),
        (60, 120, True),
        (-60, 1, False),
        (59, 120, False),
        (0, 60, False),
        (10, 20, False),
        (-60, 120, False),
    ],
)
def test_H_10_two_never_overlap(start: int, end: int, free: bool) -> None:
    slot = {"start": NINE + timedelta(minutes=start), "end": NINE + timedelta(minutes=end)}
    if free:
        given(booked).when(asking(**slot)).leads_to()
    else:
        given(booked).when(asking(**slot)).breaks("H-10", field="start")


def test_H_10_the_refusal_names_the_slot_that_is_taken() -> None:
    with pytest.raises(RuleBroken) as refusal:
        given(booked).when(asking()).leads_to()
    assert refusal.value.detail == "haihua~1 在 2026-03-10 09:00–10:00 已被预订。"


def test_H_10_a_cancelled_one_is_in_nobodys_way() -> None:
    assert given(booked, cancelled).state.minutes == 0
    given(booked, cancelled).when(asking()).then(replace(booked, booking="b2"))


@pytest.mark.parametrize(
    ("start", "hours", "within"),
    [
        (datetime(2026, 3, 9, 16, 0, tzinfo=UTC), 24, True),  # midnight to midnight in Shanghai
        (datetime(2026, 3, 9, 16, 0, tzinfo=UTC), 25, False),
        (datetime(2026, 3, 10, 15, 0, tzinfo=UTC), 1, True),
        (datetime(2026, 3, 10, 15, 0, tzinfo=UTC), 2, False),
        (datetime(2026, 3, 9, 23, 0, tzinfo=UTC), 2, True),  # the UTC day ends, Shanghai's doesn't
    ],
)
def test_H_10_lies_within_one_day_of_shanghai(start: datetime, hours: int, within: bool) -> None:
    decision = past(None, evolve, ()).when(asking(start=start, end=start + hours * HOUR))
    if within:
        decision.leads_to()
    else:
        decision.breaks("H-10", field="end")


@pytest.mark.parametrize(
    "start", [NOW - timedelta(minutes=1), datetime(2026, 5, 31, 16, 0, tzinfo=UTC)]
)
def test_H_10_lies_ahead_and_not_too_far(start: datetime) -> None:
    past(None, evolve, ()).when(asking(start=start, end=start + HOUR)).breaks("H-10", field="start")


def test_the_last_day_that_can_be_booked() -> None:
    last = datetime(2026, 5, 31, 15, 0, tzinfo=UTC)
    past(None, evolve, ()).when(asking(start=last, end=last + HOUR)).leads_to()


@pytest.mark.parametrize("end", [NINE, NINE - HOUR, NINE + timedelta(seconds=90)])
def test_ends_after_it_begins_on_the_minute(end: datetime) -> None:
    past(None, evolve, ()).when(asking(end=end)).refused(Malformed, field="end")


def cancel(
    id: str = "b1",
    reason: str = "活动改期",
    now: datetime = NOW,
    by: str = booked.by,
    keeps: bool = False,
) -> Any:
    return lambda month: month.cancel(id, by=by, keeps=keeps, reason=reason, now=now)


def test_H_10_is_cancelled_once_with_a_reason_before_it_is_over() -> None:
    given(booked).when(cancel()).then(cancelled)
    given(booked).when(cancel(reason=" ")).refused(Malformed, field="reason")
    given(booked).when(cancel("b9")).refused(NotFound)
    given(booked, cancelled).when(cancel()).breaks("H-10")
    given(booked).when(cancel(now=booked.end)).breaks("H-10")


def test_H_10_is_cancelled_by_who_booked_it_or_who_keeps_the_room() -> None:
    given(booked).when(cancel(by="department:water")).refused(NotAllowed)
    given(booked).when(cancel(by="department:water", keeps=True)).then(cancelled)


def test_H_10_what_nothing_opens_the_room_to_any_more_is_free_again() -> None:
    """Of whoever lost it, what has not begun; an hour that is being used stays used."""
    later = replace(booked, booking="b2", start=NINE + HOUR, end=NINE + 2 * HOUR)
    others = replace(later, booking="b3", start=NINE + 3 * HOUR, end=NINE + 4 * HOUR, by="x")
    month = given(booked, later, others).state

    def released(now: datetime) -> list[str]:
        ids = ("b1", "b2", "b3")
        return [one.booking for one in month.release(ids, by=booked.by, now=now)]

    assert released(NOW) == ["b1", "b2"]
    assert released(NINE) == ["b2"]
    assert [one.booking for one in month.release(["b1"], by=booked.by, now=NOW)] == ["b1"]


def test_the_month_is_shanghais() -> None:
    assert month_of(datetime(2026, 3, 31, 16, 0, tzinfo=UTC)) == "2026-04"
    assert month_of(datetime(2026, 3, 31, 15, 59, tzinfo=UTC)) == "2026-03"
    assert [days_in(month) for month in ("2026-02", "2028-02", "2026-04", "2026-12")] == [
        28,
        29,
        30,
        31,
    ]


@forall(st.lists(st.tuples(st.integers(0, 23), st.integers(1, 24)), max_size=30))
def test_H_10_whatever_is_asked_what_stands_never_overlaps(asked: list[tuple[int, int]]) -> None:
    midnight = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
    month: RoomMonth | None = None
    for number, (begin, length) in enumerate(asked):
        one = replace(
            booked,
            booking=f"b{number}",
            start=midnight + begin * HOUR,
            end=midnight + (begin + length) * HOUR,
        )
        try:
            month = reduce(evolve, book(month, one, now=NOW, days_ahead=90), month)
        except RuleBroken:
            continue
    standing = sorted(month.standing, key=lambda one: one.start) if month else []
    assert all(a.end <= b.start for a, b in zip(standing, standing[1:], strict=False))
    assert sum(one.minutes for one in standing) <= 24 * 60
