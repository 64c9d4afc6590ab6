"""Short case numbers, and the pairs of characters that a search looks for."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.numbers import LETTERS, LONGEST, number, prefix, sought, tokens


def test_a_number_says_the_street_and_the_shanghai_day() -> None:
    midnight = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
    assert prefix("关上街道", midnight) == "关上-1126"
    assert prefix("guanshang", midnight.replace(hour=15, minute=59)) == "guanshang-1125"


@given(st.uuids().map(str), st.integers(0, 4))
def test_four_characters_that_cannot_be_misheard_follow_from_the_id(id: str, attempt: int) -> None:
    made = number("关上-1126", id, attempt)
    begins, _, code = made.rpartition("-")
    assert begins == "关上-1126" and len(code) == 4 and set(code) <= set(LETTERS)
    assert made == number("关上-1126", id, attempt) != number("关上-1126", id, attempt + 1)


def test_each_attempt_and_each_id_has_another_number() -> None:
    made = {number("x", f"{id}", attempt) for id in range(2000) for attempt in range(2)}
    assert len(made) > 3950


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("河道排污", ["河道", "道排", "排污"]),
        ("3号楼 12B", ["3号", "号楼", "12", "2B"]),
        ("夜间、夜间", ["夜间"]),
        ("ＡＢc", ["AB", "BC"]),
        ("关上-1126-4F7K", ["关上", "11", "12", "26", "4F", "F7", "7K"]),
        ("水", ["水"]),
        ("，。-_", []),
    ],
)
def test_words_are_pairs_of_neighbours(text: str, pairs: list[str]) -> None:
    assert tokens(text) == pairs


@given(st.text("河道排污口夜间施工噪声3号楼", min_size=2, max_size=20), st.data())
def test_whatever_part_of_a_title_is_typed_finds_it(title: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(title) - 2))
    end = data.draw(st.integers(begin + 2, len(title)))
    assert set(sought(title[begin:end])) <= set(tokens(title))


def test_a_very_long_search_is_cut() -> None:
    assert len(sought("水" * 20 + "河" * 10_000)) <= LONGEST
