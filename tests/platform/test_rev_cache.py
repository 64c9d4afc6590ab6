"""What is made of a document is kept while its `rev` stands, whoever writes it."""

from typing import Any

import pytest

from chassis.aggregates import Aggregates
from chassis.kind import Held
from chassis.rev_cache import RevCache
from chassis.store import Store
from tests.support.stores import store
from tests.support.toy import NOON, Jar, cause, jars

__all__ = ["store"]


class Maker:
    def __init__(self) -> None:
        self.made: list[int] = []

    def __call__(self, held: Held[Jar]) -> int:
        self.made.append(held.aggregate.holds)
        return held.aggregate.holds


@pytest.fixture
async def kept(store: Store) -> Aggregates[Jar, Any]:
    found = jars(store)
    await found.prepare()
    return found


async def test_it_is_made_once_for_each_state(kept: Aggregates[Jar, Any]) -> None:
    make = Maker()
    cache = RevCache(kept, make)
    assert await cache.look("jar") is None
    await kept.record("jar", lambda jar: (jar or Jar()).put(1, NOON), cause())
    assert [await cache.look("jar") for _ in range(3)] == [1, 1, 1]
    await kept.record("jar", lambda jar: (jar or Jar()).put(2, NOON), cause())
    assert [await cache.look("jar") for _ in range(3)] == [3, 3, 3]
    assert make.made == [1, 3]


async def test_what_another_process_has_written_is_seen(kept: Aggregates[Jar, Any]) -> None:
    cache = RevCache(kept, lambda held: held.aggregate.holds)
    await kept.record("jar", lambda jar: Jar().put(1, NOON), cause())
    assert await cache.look("jar") == 1
    document = await kept.store.get("jars", "jar")
    assert document is not None
    other = {**document, "rev": 9, "state": {**document["state"], "holds": 7}}
    assert await kept.store.replace("jars", other, document["rev"])
    assert await cache.look("jar") == 7
    await kept.store.delete("jars", "jar")
    assert await cache.look("jar") is None
