"""What others are promised to hear of it."""

from dataclasses import replace
from datetime import date

from contracts import housing as published
from contracts.event import Event
from services.housing.announce import of_agreements, of_communities, of_premises
from services.housing.domain import community, premises
from services.housing.domain.agreement import evolve
from services.housing.domain.events import AgreementEvent
from services.housing.domain.street import Street
from tests.support.specification import past

from .test_agreement import (
    cancelled,
    extended,
    fulfilled,
    half,
    overdue,
    remedied,
    replaced,
    rest,
    seen_half,
    signed,
)
from .test_premises import assessed, listed, noted, struck
from .test_premises import changed as room_changed
from .test_register import entered, seeded

ABOUT = {
    "street": "yiliu",
    "community": "yunxiang",
    "units": ("housing_construction",),
    "agreement": "a1",
}


def last_told(*happened: AgreementEvent) -> Event | None:
    state = past(None, evolve, (signed, *happened)).state
    return of_agreements((signed, *happened)[-1], state)


def changed(change: str, due: str, *, was_overdue: bool) -> published.AgreementChanged:
    return published.AgreementChanged(
        **ABOUT,
        change=change,
        due_before="2026-06-30",
        due=due,
        was_overdue=was_overdue,
        missed=("2026-06-30",) if was_overdue else (),
    )


def test_signed_handed_over_and_overdue() -> None:
    assert last_told() == published.AgreementSigned(**ABOUT, area_owed=120_050, due="2026-06-30")
    assert last_told(half) == published.PremisesHandedOver(**ABOUT, area=60_000, at=half.at)
    assert last_told(overdue) == published.AgreementOverdue(
        **ABOUT, due="2026-06-30", area_outstanding=120_050
    )


def test_a_change_says_whether_the_date_before_had_been_missed() -> None:
    assert last_told(extended) == changed("extended", "2026-09-30", was_overdue=False)
    assert last_told(overdue, extended) == changed("extended", "2026-09-30", was_overdue=True)
    assert last_told(half, rest, fulfilled) == changed("fulfilled", "2026-06-30", was_overdue=False)
    assert last_told(overdue, half, rest, fulfilled) == changed(
        "fulfilled", "2026-06-30", was_overdue=True
    )
    assert last_told(cancelled) == changed("cancelled", "2026-06-30", was_overdue=False)
    assert last_told(overdue, cancelled) == changed("cancelled", "2026-06-30", was_overdue=True)


def test_an_earlier_missed_date_does_not_make_the_extended_one_missed() -> None:
    done = last_told(overdue, extended, cancelled)
    assert isinstance(done, published.AgreementChanged)
    assert (done.due_before, done.was_overdue) == ("2026-09-30", False)
    assert done.missed == ("2026-06-30",)


def test_every_missed_date_is_told_when_it_is_fulfilled_after_all() -> None:
    again = replace(overdue, due=date(2026, 9, 30))
    done = last_told(overdue, extended, again, half, rest, fulfilled)
    assert isinstance(done, published.AgreementChanged)
    assert (done.change, done.missed) == ("fulfilled", ("2026-06-30", "2026-09-30"))


def test_a_replaced_agreement_names_the_one_that_takes_its_place() -> None:
    done = last_told(replaced)
    assert isinstance(done, published.AgreementChanged)
    assert (done.change, done.replacement, done.was_overdue) == ("replaced", "a2", False)


def test_inspections_and_remedies_are_not_told() -> None:
    assert last_told(seen_half) is None
    assert last_told(remedied) is None


def test_a_community_is_profiled_with_or_without_a_street() -> None:
    profiled = of_communities({"guandu": Street(code="guandu", name="官渡街道", communities=13)})
    bare = profiled(seeded, community.evolve(None, seeded))
    assert bare == published.CommunityProfiled(
        community="shijicheng",
        code="shijicheng",
        name="世纪城",
        valid_from="2026-03-02",
        listed=15,
    )
    full = profiled(entered, community.evolve(None, entered))
    assert full == published.CommunityProfiled(
        street="guandu",
        community="shijicheng",
        code="shijicheng",
        name="世纪城",
        street_name="官渡街道",
        kind="urban",
        households=5200,
        valid_from="2026-03-09",
        listed=15,
    )


def test_what_the_rooms_come_to_is_told_and_the_rooms_are_not() -> None:
    state = past(None, premises.evolve, (noted, listed, assessed)).state
    for silent in (noted, listed, room_changed, struck):
        assert of_premises(silent, state) is None
    assert of_premises(assessed, state) == published.StandardAssessed(
        street="liujia",
        community="haihua",
        day="2026-03-02",
        standard="two_rooms",
        required=40_000,
        area=15_000,
        met=False,
        households_met=False,
    )
