"""W-14: what the index finds weak in a street stands on the quarterly sheet, once, as it was last told."""

from dataclasses import replace
from itertools import permutations

import pytest

from services.whistle.domain.weakness import Weakness, WeaknessTold, Why, evolve, told

flagged = Weakness(
    street="liujia",
    theme="whistles",
    quarter="2026-Q1",
    level=5850,
    before=7000,
    why=Why.BELOW,
    sequence=4,
)
corrected = replace(flagged, level=6100, why=Why.FALLING, sequence=9)


def heard(*news: Weakness) -> tuple[Weakness | None, list[WeaknessTold]]:
    known, happened = None, []
    for one in news:
        for event in told(known, one):
            known = evolve(known, event)
            happened.append(event)
    return known, happened


def test_W_14_a_weakness_is_listed_once_however_often_it_is_told() -> None:
    assert heard(flagged, flagged, flagged) == (flagged, [WeaknessTold(weakness=flagged)])


@pytest.mark.parametrize("order", list(permutations((flagged, corrected, flagged))))
def test_W_14_the_tellers_latest_stands_in_whatever_order(order: tuple[Weakness, ...]) -> None:
    assert heard(*order)[0] == corrected
