"""What a record is called by, and what a list finds it by, on every store."""

from dataclasses import replace
from typing import Any

from chassis.aggregates import Aggregates
from chassis.kind import MOST_ACTORS
from chassis.numbers import number
from chassis.store import Has, Store
from tests.support.stores import store
from tests.support.toy import JARS, KEY, NOON, Jar, PutIn, Silent, cause, jars

__all__ = ["store"]


async def test_a_number_that_is_taken_is_another_one(store: Store) -> None:
    kept = jars(store)
    await kept.prepare()
    taken = number("关上-1126", "j2", 0)
    await store.insert("jars", {"id": "elsewhere", "rev": 1, "number": taken})
    first = await kept.create(
        "j1", lambda: [PutIn(amount=1, at=NOON)], cause(), numbered="关上-1126"
    )
    made = await kept.create(
        "j2", lambda: [PutIn(amount=1, at=NOON)], cause(), numbered="关上-1126"
    )
    assert first.number == number("关上-1126", "j1", 0)
    assert made.number == number("关上-1126", "j2", 1) != taken
    again = await kept.change("j2", lambda jar: jar.put(1, NOON), cause())
    assert again.number == made.number == (await kept.get("j2")).number
    assert (await kept.create("j3", lambda: [PutIn(amount=1, at=NOON)], cause())).number is None


async def test_a_record_of_before_gets_the_keys_it_lacks_at_the_start(store: Store) -> None:
    old = jars(store)
    await old.prepare()
    for id in ("j1", "j2"):
        await old.create(id, lambda: [PutIn(amount=1, at=NOON)], cause())
    kind = replace(
        JARS,
        keys=lambda jar: {"holds": jar.holds, "opened_at": 7},
        indexes=("opened_at",),
        always=("opened_at",),
        acted=True,
    )
    new: Aggregates[Jar, Any] = Aggregates(kind, store, KEY, Silent())
    assert await new.find({}, sort="opened_at") == []
    await new.prepare()
    assert [held.id for held in await new.find({}, sort="opened_at")] == ["j1", "j2"]
    mine = {"begun_by": "street:guanshang", "actors": Has(["street:guanshang"])}
    assert [held.id for held in await new.find(mine)] == ["j1", "j2"]
    assert [held.version for held in await new.find({})] == [1, 1]
    assert (await new.change("j1", lambda jar: jar.put(1, NOON), cause())).version == 2


async def test_a_record_is_found_by_who_began_it_and_by_each_who_acted_on_it(store: Store) -> None:
    kept: Aggregates[Jar, Any] = Aggregates(replace(JARS, acted=True), store, KEY, Silent())
    await kept.prepare()
    await kept.create("j1", lambda: [PutIn(amount=1, at=NOON)], cause(actor="street:taihe"))
    for actor in ("clock", "street:guanshang", "clock"):
        await kept.change("j1", lambda jar: jar.put(1, NOON), cause(actor=actor))
    document = await store.get("jars", "j1")
    assert document is not None
    assert document["keys"]["actors"] == ["street:taihe", "clock", "street:guanshang"]
    for actor, begun in (("street:taihe", 1), ("clock", 0), ("street:guanshang", 0)):
        assert await kept.count({"actors": Has([actor])}) == 1
        assert await kept.count({"begun_by": actor}) == begun
    assert await kept.count({"actors": Has(["command_centre"])}) == 0


async def test_the_offices_that_a_record_is_found_by_are_bounded(store: Store) -> None:
    kept: Aggregates[Jar, Any] = Aggregates(replace(JARS, acted=True), store, KEY, Silent())
    await kept.prepare()
    trail = [{"actor": f"department:u{number}"} for number in range(MOST_ACTORS + 9)]
    found = kept.kind.found_by(Jar(), None, trail)
    assert found["actors"] == [entry["actor"] for entry in trail[:MOST_ACTORS]]
