"""W-14: what the index finds weak in a street stands on the quarterly sheet, once, as it was last told."""

from itertools import permutations
from typing import get_args

import pytest

from contracts.index import WeaknessFlagged
from services.whistle.kinds import weakness_keys
from services.whistle.queries.words import WORDS
from tests.support.memory import MemoryStore

from .test_consumers import hear
from .test_W_16_reporters import desk

flagged = WeaknessFlagged(
    street="liujia", theme="whistles", quarter="2026-Q1", level=5850, before=7000, why="below"
)
corrected = flagged.model_copy(update={"level": 6100, "why": "falling"})
News = tuple[int, WeaknessFlagged]
first, last = (4, flagged), (9, corrected)
ID = "liujia.whistles.2026-Q1"


async def heard(*news: News) -> tuple[WeaknessFlagged | None, MemoryStore]:
    """What stands after these, each told under its teller's sequence."""
    store = MemoryStore()
    there = desk(store, MemoryStore())
    for sequence, event in news:
        id, subject = f"e-{sequence}", f"weaknesses/{ID}"
        await hear(there, event, id, subject=subject, sequence=sequence)
    return await there.weaknesses.look(ID), store


async def test_W_14_a_weakness_is_listed_once_however_often_it_is_told() -> None:
    found, store = await heard(first, first, first)
    assert found == flagged
    [document] = [await store.get(*place) for place in store.kept]
    assert document is not None and (document["id"], document["version"]) == (ID, 1)


@pytest.mark.parametrize("order", list(permutations((first, last, first))))
async def test_W_14_the_tellers_latest_stands_in_whatever_order(order: tuple[News, ...]) -> None:
    found, _ = await heard(*order)
    assert found == corrected


def test_W_14_a_weakness_is_found_by_its_street_and_its_quarter() -> None:
    found = weakness_keys(flagged.model_dump())
    assert found == {"street": "liujia", "quarter": "2026-Q1"}


def test_W_14_why_a_street_is_weak_has_a_word() -> None:
    whys = get_args(WeaknessFlagged.model_fields["why"].annotation)
    assert whys and [why for why in whys if why not in WORDS] == []
