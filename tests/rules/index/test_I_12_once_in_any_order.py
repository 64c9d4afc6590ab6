"""I-12: an event counts once, however often and in whatever order it comes."""

import random
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.index.domain.entry import Entry, TurnHeard, evolve, hear
from services.index.domain.scorecard import Scorecard, scorecard
from services.index.kinds import entry_keys
from tests.support.index_year import Book, others, whistles

from .cases import LIFE, closed, delivered, missed, rejected, reopened

NEWS = (rejected, *LIFE)


def test_I_12_what_was_heard_before_is_not_entered_again() -> None:
    entry = delivered(missed, closed)
    assert list(hear(entry, missed)) == []
    assert list(hear(entry, closed)) == []
    assert list(hear(entry, reopened)) == [reopened]
    assert list(hear(None, missed)) == [missed]


@pytest.mark.parametrize("order", list(permutations(LIFE)))
def test_I_12_every_order_gives_the_same_entry(order: tuple[TurnHeard, ...]) -> None:
    assert delivered(*order) == Entry(heard=LIFE)


@given(st.permutations(NEWS), st.lists(st.sampled_from(NEWS), max_size=12), st.randoms())
def test_I_12_any_order_and_any_repetition_give_the_same_entry(
    order: list[TurnHeard], again: list[TurnHeard], chance: object
) -> None:
    news = [*order, *again]
    chance.shuffle(news)  # type: ignore[attr-defined]
    assert delivered(*news) == Entry(heard=NEWS)


@given(st.lists(st.sampled_from(NEWS), min_size=1, max_size=12))
def test_I_12_a_part_of_the_news_is_a_set_of_it(some: list[TurnHeard]) -> None:
    once = sorted(set(some), key=lambda one: one.sequence)
    entry = delivered(*some)
    assert entry == Entry(heard=tuple(once))
    assert entry_keys(entry) == entry_keys(delivered(*reversed(some)))


def test_I_12_the_fold_itself_does_not_mind_the_order() -> None:
    """A replay folds the trail, whatever order it was written in."""
    assert evolve(evolve(None, closed), missed) == evolve(evolve(None, missed), closed)


def test_I_12_the_street_is_what_was_said_last() -> None:
    moved = [
        TurnHeard(
            event=f"m-{n}",
            type=closed.type,
            sequence=n,
            turn=closed.turn,
            at=closed.at,
            street=street,
            account=closed.account,
        )
        for n, street in ((1, "guandu"), (2, "liujia"))
    ]
    assert delivered(*moved).street == delivered(*reversed(moved)).street == "liujia"


def card(news: list[TurnHeard]) -> Scorecard:
    kept = entry_keys(delivered(*news))
    return scorecard("liujia", "2026-Q1", {kept["standing"]: {**kept, "count": 1}}, {}, ())


@given(st.permutations(LIFE), st.lists(st.sampled_from(LIFE), max_size=6))
def test_I_12_replaying_gives_the_same_card_digit_for_digit(
    order: list[TurnHeard], again: list[TurnHeard]
) -> None:
    assert repr(card([*order, *again])) == repr(card(list(LIFE)))


@pytest.mark.parametrize("seed", range(3))
def test_I_12_a_whole_year_three_times_and_shuffled_gives_the_same_cards_byte_for_byte(
    seed: int,
) -> None:
    chance = random.Random(seed)
    year = [*whistles(chance, 600), *others(chance, 120)]
    once, again = Book(), Book()
    once.hear(year)
    shuffled = [*year, *year, *year]
    chance.shuffle(shuffled)
    again.hear(shuffled)
    assert repr(again.all_cards()) == repr(once.all_cards())
    figures = [figure.value for card in once.all_cards() for figure in card.figures]
    assert sum(value is not None for value in figures) > 300  # there is something to compare
