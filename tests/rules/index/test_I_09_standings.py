"""I-09: how sure a street's place is, under other weights and normalisations, from a seed."""

import pytest

from services.index.domain.ranking import HIGHER, LOWER
from services.index.domain.scorecard import Figure, Scorecard, of_period
from services.index.domain.standing import Standing, standings

NOTHING: dict[str, int | None] = dict.fromkeys((*HIGHER, *LOWER))


def street(**own: int) -> dict[str, int | None]:
    return {**NOTHING, **own}


SEED = "0f1e2d3c4b5a6978"


def test_I_09_who_is_best_in_everything_is_first_in_every_draw() -> None:
    values = {
        "best": street(mean_score=9000, returns=0, satisfaction=500),
        "middle": street(mean_score=8000, returns=1, satisfaction=400),
        "last": street(mean_score=1000, returns=9, satisfaction=100),
    }
    found = standings(values, SEED, 500)
    assert found.streets == (
        Standing(street="best", rank=1, low=1, high=1),
        Standing(street="middle", rank=2, low=2, high=2),
        Standing(street="last", rank=3, low=3, high=3),
    )
    assert (found.seed, found.draws) == (SEED, 500)


def test_I_09_close_ones_change_places_and_the_same_seed_gives_the_same() -> None:
    values = {
        "one": street(mean_score=9000, satisfaction=400),
        "two": street(mean_score=8000, satisfaction=500),
        "far": street(mean_score=1000, satisfaction=100),
    }
    found = standings(values, SEED, 500)
    places = {one.street: (one.low, one.high) for one in found.streets}
    assert places == {"one": (1, 2), "two": (1, 2), "far": (3, 3)}
    assert standings(values, SEED, 500) == found


def test_I_09_less_is_better_of_returns_and_no_value_counts_for_nothing() -> None:
    values = {
        "few": street(returns=1),
        "many": street(returns=5, mean_score=9000),
        "none": street(),
        "other": street(returns=3, mean_score=9000),
    }
    found = standings(values, SEED, 100)
    assert found.figures == ("returns",)  # a mean that all share tells nobody apart
    assert [one.street for one in found.streets] == ["few", "other", "many"]


def test_I_09_what_a_street_has_no_value_of_leaves_its_weight_to_its_other_figures() -> None:
    values = {
        "half": street(mean_score=9000),
        "both": street(mean_score=9000, returns=1),
        "low": street(mean_score=1000, returns=2),
    }
    found = standings(values, SEED, 100)
    assert [(one.street, one.rank) for one in found.streets] == [
        ("both", 1),
        ("half", 1),
        ("low", 3),
    ]


def test_I_09_who_is_level_with_another_shares_its_place_whatever_the_digits_are() -> None:
    """a: 1/10 + 2/10, b: 3/10 + 0; in floating point the first is a little more."""
    values = {
        "a": street(returns=9, irregular=8),
        "b": street(returns=7, irregular=10),
        "x": street(returns=10, irregular=0),
        "y": street(returns=0, irregular=10),
    }
    ranks = {one.street: one.rank for one in standings(values, SEED, 50).streets}
    assert ranks == {"x": 1, "y": 1, "a": 3, "b": 3}


def test_I_09_nothing_to_rank_is_no_ranking() -> None:
    assert standings({"one": street(), "two": street()}, SEED, 100).streets == ()


def test_I_09_two_figures_agree_with_every_way_counted_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the multipliers fixed, the places are those of the three ways, written out by hand."""
    values = {
        "a": street(mean_score=100, satisfaction=60),
        "b": street(mean_score=80, satisfaction=90),
        "c": street(mean_score=60, satisfaction=100),
    }
    # span: a .5+0, b .25+.375, c 0+.5; share: a .5+.3, b .4+.45, c .3+.5; place: all .5 each
    expected = [{"a": 2, "b": 1, "c": 2}, {"a": 2, "b": 1, "c": 2}, {"a": 1, "b": 1, "c": 1}]
    for way, ranks in enumerate(expected):
        fixed = iter([way / 3 + 0.1, 0.5, 0.5] * 50)
        monkeypatch.setattr("services.index.domain.standing.chances", lambda _, one=fixed: one)
        found = standings(values, SEED, 50)
        assert {one.street: one.low for one in found.streets} == ranks
        assert {one.street: one.high for one in found.streets} == ranks


def test_I_09_a_year_is_made_of_all_parts_of_its_quarters() -> None:
    def card(quarter: str, *figures: Figure) -> Scorecard:
        return Scorecard(street="a", quarter=quarter, figures=figures)

    first = card(
        "2026-Q1",
        Figure(name="returns", value=2),
        Figure(name="arrival_on_time", value=10_000, part=1, of=1),
        Figure(name="mean_score", value=9000, part=9000, of=1),
        Figure(name="premises_at_standard", value=5000, part=1, of=2),
        Figure(name="evaluation", value=None, part=0, of=0),
    )
    second = card(
        "2026-Q2",
        Figure(name="returns", value=1),
        Figure(name="arrival_on_time", value=3333, part=1, of=3),
        Figure(name="mean_score", value=6000, part=12_000, of=2),
        Figure(name="premises_at_standard", value=None, part=0, of=0),
        Figure(name="evaluation", value=None, part=0, of=0),
    )
    assert of_period([first, second]) == {
        "returns": 3,
        "arrival_on_time": 5000,
        "mean_score": 7000,
        "premises_at_standard": 5000,
        "evaluation": None,
    }
