"""I-11: the streets side by side: better is first, the same value the same place, no value no place."""

import pytest

from services.index.domain.ranking import HIGHER, LOWER, Place, places
from services.index.domain.scorecard import AREA, CONSULTATION, FACTS, FIGURES, PREMISES
from services.index.queries.rankings import FIGURES as TITLES


def test_I_11_higher_is_better_and_ties_are_said() -> None:
    values = {"a": 9000, "b": 9500, "c": 9000, "d": 100, "e": None}
    assert places("mean_score", values) == {
        "b": Place(value=9500, rank=1, among=4, tied=False),
        "a": Place(value=9000, rank=2, among=4, tied=True),
        "c": Place(value=9000, rank=2, among=4, tied=True),
        "d": Place(value=100, rank=4, among=4, tied=False),
    }


@pytest.mark.parametrize("figure", LOWER)
def test_I_11_of_returns_alarms_and_irregular_ones_fewer_is_better(figure: str) -> None:
    ranked = places(figure, {"a": 3, "b": 0, "c": 0})
    assert {street: place.rank for street, place in ranked.items()} == {"a": 3, "b": 1, "c": 1}


def test_I_11_every_figure_but_the_count_is_ranked() -> None:
    every = {*FIGURES, *FACTS, PREMISES, AREA, CONSULTATION}
    assert {*HIGHER, *LOWER} == every - {"whistles_closed"} == set(TITLES)
    with pytest.raises(KeyError):
        places("whistles_closed", {"a": 1})
    assert places("mean_score", {"a": None}) == {}
