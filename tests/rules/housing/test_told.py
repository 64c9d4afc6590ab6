"""What others are promised to hear of it."""

from functools import reduce

from contracts import housing as told
from contracts.event import Event
from services.housing.announce import of_agreements, of_communities
from services.housing.domain import community
from services.housing.domain.agreement import AgreementEvent, evolve

from .test_agreement import cancelled, extended, fulfilled, half, overdue, rest, signed
from .test_register import entered, seeded

ABOUT = {
    "street": "yiliu",
    "community": "yunxiang",
    "units": ("housing_construction",),
    "agreement": "a1",
}


def last_told(*happened: AgreementEvent) -> Event | None:
    state = reduce(evolve, (signed, *happened), None)
    return of_agreements((signed, *happened)[-1], state)


def changed(change: str, due: str, *, was_overdue: bool) -> told.AgreementChanged:
    return told.AgreementChanged(
        **ABOUT, change=change, due_before="2026-06-30", due=due, was_overdue=was_overdue
    )


def test_signed_handed_over_and_overdue() -> None:
    assert last_told() == told.AgreementSigned(**ABOUT, area_owed=120_050, due="2026-06-30")
    assert last_told(half) == told.PremisesHandedOver(**ABOUT, area=60_000, at=half.at)
    assert last_told(overdue) == told.AgreementOverdue(
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
    assert isinstance(done, told.AgreementChanged)
    assert (done.due_before, done.was_overdue) == ("2026-09-30", False)


def test_a_community_is_profiled_with_or_without_a_street() -> None:
    bare = of_communities(seeded, community.evolve(None, seeded))
    assert bare == told.CommunityProfiled(
        community="shijicheng",
        code="shijicheng",
        name="世纪城",
        valid_from="2026-03-02",
        listed=15,
    )
    full = of_communities(entered, community.evolve(None, entered))
    assert full == told.CommunityProfiled(
        street="guandu",
        community="shijicheng",
        code="shijicheng",
        name="世纪城",
        kind="urban",
        households=5200,
        valid_from="2026-03-09",
        listed=15,
    )
