"""Deadlines counted again at a start: one record that can't be holds up neither the others nor the start."""

from collections.abc import Iterable

import pytest

from chassis.kernel.errors import Unavailable
from chassis.renewal import renew
from tests.support.memory import MemoryStore
from tests.support.toy import NOON, Jar, Lidded, PutIn, cause, jars


def lidded(jar: Jar) -> Iterable[Lidded]:
    if jar.holds == 2:
        raise ValueError("a fault of ours")
    return [Lidded()]


async def test_one_that_cannot_be_read_or_counted_holds_up_no_other() -> None:
    kept = jars(MemoryStore())
    await kept.prepare()
    for n, id in enumerate(("a", "b", "c", "d"), start=1):
        await kept.record(id, lambda _, n=n: [PutIn(amount=n, at=NOON)], cause())  # type: ignore[misc]
    document = await kept.store.get("jars", "c")
    assert document is not None
    later = {
        **document,
        "state": {**document["state"], "holds": "much"},
        "rev": document["rev"] + 1,
    }
    assert await kept.store.replace("jars", later, document["rev"])
    await renew(kept, [{}], lidded, NOON)
    assert [(held.id, held.aggregate.lidded) for held in await kept.readable({})] == [
        ("a", True),
        ("b", False),
        ("d", True),
    ]


async def test_a_store_that_is_away_is_waited_for() -> None:
    kept = jars(MemoryStore())
    await kept.prepare()
    await kept.record("a", lambda _: [PutIn(amount=1, at=NOON)], cause())

    def away(_: Jar) -> Iterable[Lidded]:
        raise Unavailable("-")

    with pytest.raises(Unavailable):
        await renew(kept, [{}], away, NOON)
