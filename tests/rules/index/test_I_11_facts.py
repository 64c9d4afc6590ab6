"""I-11, I-12: payments, evaluations and premises on a street's card, in whatever order they are heard."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

from services.index.domain.fact import (
    Fact,
    FactHeard,
    Premises,
    PremisesHeard,
    Theme,
    evolve,
    evolve_premises,
    hear,
    hear_premises,
)
from services.index.domain.scorecard import Figure, scorecard
from services.index.domain.weakness import last_day
from services.index.kinds import PREMISES, fact_keys
from services.index.replay import Book

MARCH = datetime(2026, 3, 30, 1, tzinfo=UTC)
OVERDUE = FactHeard(
    event="e-1",
    type="procurement.payment_overdue.v1",
    at=MARCH,
    street="guandu",
    theme=Theme.PAYMENT,
    on_time=False,
)
RELEASED = replace(
    OVERDUE,
    event="e-2",
    type="procurement.payment_released.v1",
    at=MARCH + timedelta(days=9),
    on_time=True,
)
EVALUATED = replace(
    OVERDUE,
    event="e-3",
    type="procurement.project_evaluated.v1",
    theme=Theme.EVALUATION,
    on_time=None,
    points=850,
)
ROOMS = PremisesHeard(event="e-4", sequence=3, day=date(2026, 3, 1), street="guandu", met=True)


def fact(*heard: FactHeard) -> Fact:
    made = None
    for one in heard:
        for event in hear(made, one):
            made = evolve(made, event)
    assert made is not None
    return made


def rooms(*heard: PremisesHeard) -> Premises:
    made = None
    for one in heard:
        for event in hear_premises(made, one):
            made = evolve_premises(made, event)
    assert made is not None
    return made


def test_I_11_a_payment_that_was_overdue_is_late_also_when_it_is_made() -> None:
    assert fact(RELEASED).on_time
    late = fact(OVERDUE, RELEASED)
    assert (late.on_time, late.quarter) == (False, "2026-Q1")
    keys = fact_keys(late)
    assert (keys["payments"], keys["payments_on_time"], keys["evaluations"]) == (1, 0, 0)
    assert fact_keys(fact(RELEASED))["payments_on_time"] == 1


def test_I_11_an_evaluation_counts_its_points_and_is_no_payment() -> None:
    keys = fact_keys(fact(EVALUATED))
    assert (keys["payments"], keys["evaluations"], keys["points"]) == (0, 1, 850)
    assert (keys["street"], keys["quarter"], keys["theme"]) == ("guandu", "2026-Q1", "evaluation")


def test_I_11_premises_are_as_they_stood_when_the_quarter_ended() -> None:
    lost = replace(ROOMS, event="e-5", sequence=4, day=date(2026, 4, 1), met=False)
    known = rooms(ROOMS, lost)
    assert last_day("2026-Q1") == date(2026, 3, 31)
    assert known.by(last_day("2026-Q1")) == ROOMS
    assert known.by(last_day("2026-Q2")) == lost
    assert known.by(date(2026, 2, 28)) is None


def test_I_11_a_community_stood_in_the_street_that_it_was_in() -> None:
    moved = replace(ROOMS, event="e-5", sequence=4, day=date(2026, 4, 1), street="taihe")
    known = rooms(ROOMS, moved)
    assert known.stood("guandu", date(2026, 3, 31)) == ROOMS
    assert known.stood("taihe", date(2026, 3, 31)) is None
    assert known.stood("guandu", date(2026, 4, 1)) is None
    assert known.stood("taihe", date(2026, 4, 1)) == moved
    assert PREMISES.keys(known) == {"streets": ["guandu", "taihe"]}
    book = Book()
    book.premises["haihua"] = known
    found = {
        (card.street, card.quarter): (card.figures[10].part, card.figures[10].of)
        for card in book.cards(("guandu", "taihe"), ("2026-Q1", "2026-Q2"))
    }
    assert found == {
        ("guandu", "2026-Q1"): (1, 1),
        ("taihe", "2026-Q1"): (0, 0),
        ("guandu", "2026-Q2"): (0, 0),
        ("taihe", "2026-Q2"): (1, 1),
    }


def test_I_11_the_card_shows_them_and_guesses_nothing() -> None:
    sums = {"payments": 3, "payments_on_time": 2, "evaluations": 2, "points": 1701}
    card = scorecard("guandu", "2026-Q1", {}, sums, (True, True, False, True), (120_050, 900), 4200)
    assert card.figures[8:] == (
        Figure(name="payments_on_time", value=6667, part=2, of=3),
        Figure(name="evaluation", value=8505, part=17_010, of=2),
        Figure(name="premises_at_standard", value=7500, part=3, of=4),
        Figure(name="area_per_100", value=13_339, part=12_005_000, of=900),
        Figure(name="consultation", value=4200),
    )
    empty = scorecard("guandu", "2026-Q1", {}, {}, ())
    assert {figure.value for figure in empty.figures[8:]} == {None}


def test_I_12_facts_and_premises_are_the_same_in_any_order_and_however_often() -> None:
    lost = replace(ROOMS, event="e-5", sequence=4, met=False)
    once, both = fact(OVERDUE, RELEASED), rooms(ROOMS, lost)
    assert {fact(*order) for order in permutations((OVERDUE, RELEASED, OVERDUE))} == {once}
    assert {rooms(*order) for order in permutations((ROOMS, lost, ROOMS))} == {both}
