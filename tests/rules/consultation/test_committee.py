"""C-01: how many sit on a committee, how many of them from outside the party, and for how long."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chassis.kernel.errors import OURS, Malformed
from services.consultation.domain.committee import (
    CommitteeSeated,
    Level,
    Member,
    SeatKind,
    seat,
    term,
    term_end,
)
from services.consultation.domain.policy import (
    Category,
    ConsultationPolicy,
    FollowUp,
    Head,
    Size,
    check,
)
from services.consultation.domain.roll import evolve
from tests.support.specification import past

MORNING = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)
CLAUSE = "官办通〔2018〕58号 六.1-2"
FOLLOW_UP = FollowUp(
    report_days=5,
    filing_days=5,
    decision_days=10,
    feedback_days=5,
    publication_days=10,
    progress_days=91,
)


def policy(least: int = 45, most: int = 55, small: Size | None = None) -> ConsultationPolicy:
    return ConsultationPolicy(
        publicity_days=5,
        notice_days=5,
        follow_up=FOLLOW_UP,
        street_size=Size(least=least, most=most),
        small_size=small or Size(least=5, most=15),
        categories={"noise": Category(name="噪声扰民")},
        community_heads={"plans": Head(name="计划")},
        street_heads={"plans": Head(name="计划")},
        referred_head="plans",
    )


def roll(count: int, outside: int, kind: SeatKind = SeatKind.FIXED) -> tuple[Member, ...]:
    return tuple(
        Member(seat=f"{kind[0]}{number}", kind=kind, non_party=number < outside)
        for number in range(count)
    )


def seated(level: Level, members: tuple[Member, ...], name: str = "议事委员会") -> CommitteeSeated:
    return CommitteeSeated(
        level=level,
        street="guanshang",
        community=None if level is Level.STREET else "guanshangzhongxinqu",
        name=name,
        members=members,
        policy=1,
        term_ends=date(2028, 3, 3),
        at=MORNING,
    )


def seating(level: Level, count: int, outside: int, numbers: ConsultationPolicy | None = None):  # type: ignore[no-untyped-def]
    asked = seated(level, roll(count, outside))
    return past(None, evolve, []).when(lambda _: seat(asked, numbers or policy()))


@pytest.mark.parametrize(
    ("level", "count"),
    [
        (Level.STREET, 45),
        (Level.STREET, 55),
        (Level.COMMUNITY, 20),
        (Level.COMMUNITY, 30),
        (Level.QUARTER, 5),
        (Level.QUARTER, 15),
        (Level.BUILDING, 5),
        (Level.BUILDING, 15),
    ],
)
def test_C_01_a_committee_of_the_right_size_is_seated(level: Level, count: int) -> None:
    seating(level, count, count).then(seated(level, roll(count, count)))


@pytest.mark.parametrize(
    ("level", "count"),
    [
        (Level.STREET, 44),
        (Level.STREET, 56),
        (Level.COMMUNITY, 19),
        (Level.COMMUNITY, 31),
        (Level.QUARTER, 4),
        (Level.QUARTER, 16),
        (Level.BUILDING, 4),
        (Level.BUILDING, 16),
    ],
)
def test_C_01_a_committee_of_another_size_is_not(level: Level, count: int) -> None:
    """The documents give a street "about 50", a community 20 to 30, and nothing below it."""
    clause = CLAUSE if level is Level.COMMUNITY else OURS
    seating(level, count, count).breaks("C-01", clause=clause, field="members")


def test_C_01_what_about_fifty_means_is_the_policy_s() -> None:
    seating(Level.STREET, 44, 44, policy(40, 60)).then(seated(Level.STREET, roll(44, 44)))
    seating(Level.COMMUNITY, 19, 19, policy(1, 60)).breaks("C-01")
    small = policy(small=Size(least=3, most=4))
    seating(Level.QUARTER, 3, 3, small).then(seated(Level.QUARTER, roll(3, 3)))
    seating(Level.BUILDING, 5, 5, small).breaks("C-01")


@pytest.mark.parametrize(
    ("fixed", "invited", "stands"),
    [
        (roll(20, 12), roll(5, 0, SeatKind.ADHOC), True),
        (roll(20, 10), roll(10, 10, SeatKind.ADHOC), False),
        (roll(30, 18), roll(10, 0, SeatKind.ADHOC), True),
        (roll(19, 19), roll(1, 1, SeatKind.ADHOC), False),
    ],
)
def test_C_01_invited_members_count_neither_for_the_size_nor_for_the_share(
    fixed: tuple[Member, ...], invited: tuple[Member, ...], stands: bool
) -> None:
    asked = seated(Level.COMMUNITY, (*invited, *fixed))
    seating_it = past(None, evolve, []).when(lambda _: seat(asked, policy()))
    if stands:
        seating_it.then(asked)
    else:
        seating_it.breaks("C-01", clause=CLAUSE, field="members")


def test_C_01_what_was_seated_by_an_earlier_reading_still_sits() -> None:
    earlier = seated(Level.QUARTER, (*roll(1, 0), *roll(2, 2, SeatKind.ADHOC)))
    sitting = past(None, evolve, [earlier]).state
    assert sitting.members == earlier.members
    sitting.in_office(MORNING)


@pytest.mark.parametrize(
    ("level", "count", "outside"),
    [
        (Level.STREET, 50, 30),
        (Level.COMMUNITY, 20, 12),
        (Level.COMMUNITY, 21, 13),
        (Level.QUARTER, 5, 3),
    ],
)
def test_C_01_sixty_percent_from_outside_the_party_are_enough(
    level: Level, count: int, outside: int
) -> None:
    seating(level, count, outside).then(seated(level, roll(count, outside)))


@pytest.mark.parametrize(
    ("level", "count", "outside"),
    [
        (Level.STREET, 50, 29),
        (Level.COMMUNITY, 20, 11),
        (Level.COMMUNITY, 21, 12),
        (Level.COMMUNITY, 22, 13),
        (Level.QUARTER, 5, 2),
        (Level.BUILDING, 6, 3),
    ],
)
def test_C_01_fewer_from_outside_the_party_are_not(level: Level, count: int, outside: int) -> None:
    seating(level, count, outside).breaks("C-01", clause=CLAUSE, field="members")


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        (date(2025, 3, 3), date(2028, 3, 3)),
        (date(2024, 2, 29), date(2027, 3, 1)),
        (date(2025, 12, 31), date(2028, 12, 31)),
    ],
)
def test_C_01_a_term_is_three_years(day: date, ends: date) -> None:
    assert term_end(day) == ends


def test_C_01_a_term_runs_from_the_day_that_a_committee_was_seated_on_paper() -> None:
    assert term(None, MORNING) == date(2028, 3, 3)
    assert term(date(2024, 5, 20), MORNING) == date(2027, 5, 20)
    assert term(date(2022, 3, 4), MORNING) == date(2025, 3, 4)
    here = past(None, evolve, [])
    here.when(lambda _: term(date(2022, 3, 3), MORNING)).breaks(
        "C-01", clause=CLAUSE, field="seated_on"
    )
    here.when(lambda _: term(date(2025, 3, 4), MORNING)).refused(Malformed, field="seated_on")


def test_C_01_nothing_new_is_taken_up_after_the_term() -> None:
    sitting = past(None, evolve, [seated(Level.COMMUNITY, roll(20, 20))])
    last_evening = datetime(2028, 3, 2, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
    sitting.state.in_office(last_evening)
    first_minute = datetime(2028, 3, 2, 16, 0, tzinfo=UTC)  # 00:00 in Shanghai
    sitting.when(lambda c: c.in_office(first_minute)).breaks(
        "C-01", clause=CLAUSE, field="committee"
    )


def test_a_roll_has_seats_and_no_seat_twice() -> None:
    nobody = past(None, evolve, [])
    twice = (*roll(20, 20), Member(seat="f0", kind=SeatKind.ADHOC, non_party=True))
    for asked in (seated(Level.QUARTER, ()), seated(Level.COMMUNITY, twice)):

        def seating(_: Any, asked: Any = asked) -> Any:
            return seat(asked, policy())

        nobody.when(seating).refused(Malformed, field="members")
    nameless = seated(Level.QUARTER, roll(5, 5), name=" ")
    nobody.when(lambda _: seat(nameless, policy())).refused(Malformed, field="name")


@pytest.mark.parametrize(("least", "most"), [(0, 5), (56, 55), (-1, 3)])
def test_a_policy_whose_sizes_make_no_sense_is_refused(least: int, most: int) -> None:
    size = Size(least=least, most=most)
    for field, numbers in {
        "street_size": policy(least, most),
        "small_size": policy(small=size),
    }.items():
        with pytest.raises(Malformed) as refusal:
            check(numbers)
        assert refusal.value.field == field


@pytest.mark.parametrize("level", ["street_heads", "community_heads"])
def test_the_head_of_what_is_referred_is_in_both_catalogues(level: str) -> None:
    none: dict[str, Any] = {level: {}}
    with pytest.raises(Malformed) as refusal:
        check(replace(policy(), **none))
    assert refusal.value.field == "referred_head"


def test_a_policy_may_ask_for_one_size_only() -> None:
    check(policy(50, 50))


def test_C_07_a_session_may_begin_early_or_late_by_less_than_a_day() -> None:
    def bounded(field: str, minutes: int) -> Any:
        return {field: minutes}

    for field in ("early_minutes", "late_minutes"):
        for minutes in (0, 1439):
            check(replace(policy(), **bounded(field, minutes)))
        for minutes in (-1, 1440):
            with pytest.raises(Malformed) as refusal:
                check(replace(policy(), **bounded(field, minutes)))
            assert refusal.value.field == field
