"""The store port: one suite, every adapter."""

import asyncio
import json
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo import ReadPreference
from pymongo.errors import (
    ConfigurationError,
    DocumentTooLarge,
    ExecutionTimeout,
    WriteConcernError,
    WriteError,
)

from chassis.kernel.errors import Malformed, Unavailable
from chassis.store import HEAVY, DuplicateKey, Has, In, Index, Missing, Page, Range, Store
from chassis.store_mongo import MongoStore
from chassis.store_sqlite import SqliteStore
from tests.platform.test_bus_nodes import Way
from tests.support.mongo import database_of
from tests.support.ports import LOOPBACK, free_port
from tests.support.stores import store

__all__ = ["store"]


@pytest.fixture
async def things(store: Store) -> Store:
    indexes = [
        Index(field="keys.street"),
        Index(field="keys.units", array=True),
        Index(field="keys.street", then="keys.opened"),
        Index(field="due", sparse=True),
        Index(field="number", unique=True),
    ]
    await store.prepare("things", indexes)
    return store


def thing(id: str, number: int, **more: Any) -> dict[str, Any]:
    return {"id": id, "rev": 1, "number": number, **more}


async def test_what_was_inserted_is_read_back_whole(things: Store) -> None:
    document = thing("a", 1, text="哨", nested={"list": [1, {"x": "y"}], "flag": True}, big=2**53)
    await things.insert("things", document)
    assert await things.get("things", "a") == document
    assert await things.get("things", "b") is None


async def test_preparing_twice_keeps_what_is_there(things: Store) -> None:
    await things.insert("things", thing("a", 1))
    await things.prepare("things", [Index(field="keys.street")])
    assert await things.get("things", "a") is not None


async def test_an_id_is_taken_once(things: Store) -> None:
    await things.insert("things", thing("a", 1))
    with pytest.raises(DuplicateKey) as taken:
        await things.insert("things", thing("a", 2))
    assert taken.value.index == "id"


async def test_a_unique_value_is_taken_once_and_is_not_called_the_id(things: Store) -> None:
    await things.insert("things", thing("a", 1))
    with pytest.raises(DuplicateKey) as taken:
        await things.insert("things", thing("b", 1))
    assert taken.value.index != "id"


async def test_a_replacement_needs_the_revision_it_saw(things: Store) -> None:
    await things.insert("things", thing("a", 1))
    assert await things.replace("things", {**thing("a", 1), "rev": 2, "n": 1}, 1)
    assert not await things.replace("things", {**thing("a", 1), "rev": 2, "n": 2}, 1)
    assert not await things.replace("things", thing("missing", 9), 1)
    found = await things.get("things", "a")
    assert found is not None
    assert (found["rev"], found["n"]) == (2, 1)


async def test_of_twenty_who_saw_the_same_revision_one_wins(things: Store) -> None:
    await things.insert("things", thing("a", 1))
    attempts = [things.replace("things", {**thing("a", 1), "rev": 2, "n": n}, 1) for n in range(20)]
    assert sum(await asyncio.gather(*attempts)) == 1


async def test_find_takes_equality_lists_arrays_and_ranges(things: Store) -> None:
    for n in range(6):
        keys = {
            "street": "guanshang" if n % 2 else "taihe",
            "units": [f"u{n}", "water"],
            "on": n > 3,
        }
        await things.insert("things", thing(f"t{n}", n, keys=keys, due=f"2026-01-0{n + 1}"))

    async def ids(**where: Any) -> list[str]:
        named = {name.replace("__", "."): wanted for name, wanted in where.items()}
        return [found["id"] for found in await things.find("things", named)]

    assert await ids(keys__street="guanshang") == ["t1", "t3", "t5"]
    assert await ids(number=In([0, 5, 99])) == ["t0", "t5"]
    assert await ids(keys__units=Has(["u2"])) == ["t2"]
    assert len(await ids(keys__units=Has(["water"]))) == 6
    assert await ids(keys__units=Has(["water", "u3"])) == ["t3"]
    assert await ids(keys__units=Has(["u2", "u3"])) == []
    assert await ids(keys__on=True) == ["t4", "t5"]
    assert await ids(due=Range(at_least="2026-01-02", below="2026-01-04")) == ["t1", "t2"]
    assert await ids(due=Range(above="2026-01-04", at_most="2026-01-05")) == ["t4"]
    assert await ids(keys__street="taihe", number=4) == ["t4"]


async def test_find_goes_through_all_of_it_page_by_page_in_order(things: Store) -> None:
    for n in range(23):
        await things.insert("things", thing(f"t{n:02}", n, due=f"2026-01-{n // 4 + 1:02}"))
    for descending in (False, True):
        seen: list[str] = []
        after: Page | None = None
        while page := await things.find(
            "things", {}, sort="due", descending=descending, after=after, limit=5
        ):
            seen += [found["id"] for found in page]
            after = Page(page[-1]["due"], page[-1]["id"])
        assert seen == sorted(seen, reverse=descending)
        assert len(seen) == 23


async def test_a_document_without_the_sort_field_is_not_in_that_order(things: Store) -> None:
    await things.insert("things", thing("with", 1, due="2026-01-01"))
    await things.insert("things", thing("without", 2))
    assert [found["id"] for found in await things.find("things", {}, sort="due")] == ["with"]


async def test_tally_counts_and_sums_by_a_field(things: Store) -> None:
    for n in range(5):
        keys = {"street": "guanshang" if n < 2 else "taihe", "worth": n, "units": ["water"]}
        await things.insert("things", thing(f"t{n}", n, keys=keys))
    assert await things.tally("things", {}, by="keys.street", sums=["keys.worth"]) == [
        {"keys.street": "guanshang", "count": 2, "keys.worth": 1},
        {"keys.street": "taihe", "count": 3, "keys.worth": 9},
    ]
    assert await things.tally("things", {"keys.units": Has(["water"])}) == [{"count": 5}]
    assert await things.tally("things", {"keys.street": "wujing"}) == []


async def test_what_is_deleted_is_gone_once(things: Store) -> None:
    await things.insert("things", thing("a", 1))
    assert await things.delete("things", "a")
    assert not await things.delete("things", "a")
    assert await things.get("things", "a") is None


async def test_a_store_held_by_another_is_unavailable_and_no_fault(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "held.db")
    await store.prepare("things", [])
    await store._rows("PRAGMA busy_timeout=1")
    with sqlite3.connect(tmp_path / "held.db", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Unavailable):
            await store.insert("things", {"id": "a", "rev": 1})
        other.execute("ROLLBACK")
    other.close()
    await store.insert("things", {"id": "a", "rev": 1})
    await store.close()


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """In `things.db`."""
    store = SqliteStore(tmp_path / "things.db")
    await store.prepare("things", [])
    yield store
    await store.close()


async def test_a_file_that_was_moved_is_written_to_no_more_until_it_is_back(
    file: SqliteStore, tmp_path: Path
) -> None:
    """What was acknowledged meanwhile was in a file without a name, and gone with the process."""
    there, away = tmp_path / "things.db", tmp_path / "away.db"
    await file.insert("things", {"id": "a", "rev": 1})
    there.rename(away)
    with pytest.raises(Unavailable):
        await file.insert("things", {"id": "b", "rev": 1})
    there.write_bytes(away.read_bytes())  # another in its place
    with pytest.raises(Unavailable):
        await file.insert("things", {"id": "b", "rev": 1})
    away.rename(there)
    await file.insert("things", {"id": "b", "rev": 1})
    assert [one["id"] for one in await file.find("things", {})] == ["a", "b"]


@pytest.mark.parametrize("driver", ["motor", "pymongo"])
async def test_a_server_that_is_away_is_unavailable_and_no_fault(
    driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.store_mongo.ANSWERED_WITHIN", 1.0)
    store = MongoStore(f"mongodb://{LOOPBACK}:{free_port()}/", "away", driver=driver)
    answers = await asyncio.gather(
        store.get("things", "a"),
        store.find("things", {}),
        store.tally("things", {}),
        store.insert("things", {"id": "a", "rev": 1}),
        store.replace("things", {"id": "a", "rev": 2}, 1),
        store.delete("things", "a"),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers] == [Unavailable] * 6
    await store.close()


@pytest.mark.parametrize("driver", ["motor", "pymongo"])
async def test_a_server_that_says_nothing_is_not_waited_for_and_serves_again(
    driver: str, mongo_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Way(mongo_url).opened() as way:
        store = MongoStore(way.url, database_of(mongo_url), driver=driver)
        await store.prepare("things", [])
        await store.insert("things", {"id": "a", "rev": 1})
        way.open.clear()
        with monkeypatch.context() as shorter:
            shorter.setattr("chassis.store_mongo.ANSWERED_WITHIN", 0.5)
            asked = [
                asyncio.ensure_future(store.get("things", "a")),
                asyncio.ensure_future(store.find("things", {})),
                asyncio.ensure_future(store.tally("things", {})),
                asyncio.ensure_future(store.insert("things", {"id": "b", "rev": 1})),
            ]
            await asyncio.wait(asked, timeout=20)
        way.open.set()
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert [type(answer) for answer in answers] == [Unavailable] * 4
        assert await store.get("things", "a") == {"id": "a", "rev": 1}
        way.open.clear()
        began = time.monotonic()
        await store.close()
        assert time.monotonic() - began < 20, "motor's own goodbye is waited for half a minute"


@pytest.mark.parametrize("driver", ["motor", "pymongo"])
async def test_no_address_weakens_what_is_read_and_kept(driver: str) -> None:
    """A secondary is behind; what one member has kept, an election may take back."""
    asked = "readPreference=secondaryPreferred&w=1&journal=false"
    store = MongoStore(f"mongodb://{LOOPBACK}:{free_port()}/?{asked}", "asked", driver=driver)
    things = store._database["things"]
    assert things.read_preference == ReadPreference.PRIMARY
    assert things.write_concern.document == {"w": "majority", "j": True}
    await store.close()


class Refusing:
    """A collection of a server that answers, and does nothing that is asked of it."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, _: str) -> Any:
        async def refused(*_: object, **__: object) -> Any:
            raise self._error

        return refused


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (WriteError("no space left on device", 14031), Unavailable),
        (WriteConcernError("waiting for replication timed out", 64), Unavailable),
        (ExecutionTimeout("operation exceeded time limit", 50), Unavailable),
        (ConfigurationError("The DNS query name does not exist"), Unavailable),
        (DocumentTooLarge("BSON document too large"), Malformed),
    ],
)
async def test_what_a_server_refuses_is_no_fault_of_ours(
    error: Exception, said: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = MongoStore(f"mongodb://{LOOPBACK}:{free_port()}/", "refusing")
    monkeypatch.setattr(store, "_database", {"things": Refusing(error)})
    answers = await asyncio.gather(
        store.get("things", "a"),
        store.insert("things", {"id": "a", "rev": 1}),
        store.replace("things", {"id": "a", "rev": 2}, 1),
        store.settle("things", {"id": "a", "rev": 2}, 1),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers] == [said] * 4
    await store.close()


async def test_what_is_read_to_last_is_found_and_asked_of_a_majority(
    mongo_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = MongoStore(mongo_url, "lasting")
    await store.prepare("things", [])
    await store.insert("things", {"id": "a", "rev": 1})
    asked, under = [], AsyncIOMotorCollection.with_options

    def noted(kept: Any, **options: Any) -> Any:
        asked.append(options["read_concern"].level)
        return under(kept, **options)

    monkeypatch.setattr(AsyncIOMotorCollection, "with_options", noted)
    assert [one["id"] for one in await store.find("things", {}, lasting=True)] == ["a"]
    assert asked == ["majority"]
    assert len(await store.find("things", {})) == len(asked)
    await store.close()


@pytest.mark.parametrize("beyond", [2**63, -(2**63) - 1, "\ud800"])
async def test_what_no_store_can_hold_is_the_callers_mistake(store: Store, beyond: Any) -> None:
    await store.prepare("things", [])
    with pytest.raises(Malformed):
        await store.find("things", {"size": beyond})


async def test_nor_in_a_document(store: Store) -> None:
    await store.prepare("things", [])
    with pytest.raises(Malformed):
        await store.insert("things", {"id": "a", "rev": 1, "title": "\ud800"})
    assert await store.get("things", "a") is None


async def test_an_array_is_found_by_each_value_it_has_now(things: Store) -> None:
    async def of(unit: str) -> list[str]:
        found = await things.find("things", {"keys.units": Has([unit])})
        return [document["id"] for document in found]

    first = thing("a", 1, keys={"units": ["water", "health"]})
    await things.insert("things", first)
    await things.insert("things", thing("b", 2))
    assert await of("water") == await of("health") == ["a"]
    later = {**first, "rev": 2, "keys": {"units": ["health", "justice"]}}
    assert await things.replace("things", later, 1)
    assert (await of("water"), await of("justice")) == ([], ["a"])
    assert not await things.replace("things", {**first, "rev": 2}, 1)
    assert (await of("water"), await of("justice")) == ([], ["a"])
    assert await things.replace("things", thing("a", 1) | {"rev": 3}, 2)
    assert await of("justice") == []
    await things.delete("things", "a")
    await things.insert("things", thing("a", 1, keys={"units": ["water"]}))
    assert await of("water") == ["a"]


async def test_an_array_that_was_there_before_its_index_is_found(store: Store) -> None:
    await store.prepare("things", [Index(field="keys.units")])
    for number in range(3):
        await store.insert("things", thing(f"t{number}", number, keys={"units": [f"u{number}"]}))
    for _ in range(2):
        await store.prepare("things", [Index(field="keys.units", array=True)])
        found = await store.find("things", {"keys.units": Has(["u1"])})
        assert [one["id"] for one in found] == ["t1"]


async def test_what_lacks_a_field_is_found_by_that(things: Store) -> None:
    await things.insert("things", thing("a", 1, keys={"street": "guanshang"}))
    await things.insert("things", thing("b", 2, keys={}))
    await things.insert("things", thing("c", 3))
    found = await things.find("things", {"keys.street": Missing()})
    assert [one["id"] for one in found] == ["b", "c"]


async def test_lean_is_without_what_is_heavy(things: Store) -> None:
    whole = thing("a", 1, state={"x": 1}, trail=[1, 2], seen={"k": 1}, outbox=[{"id": "e"}])
    await things.insert("things", whole)
    await things.insert("things", thing("b", 2))
    light = {name: value for name, value in whole.items() if name not in HEAVY}
    assert await things.find("things", {}, lean=True) == [light, thing("b", 2)]
    assert await things.find("things", {}) == [whole, thing("b", 2)]
    assert await things.get("things", "a", lean=True) == light
    assert await things.get("things", "a") == whole
    settled = {**light, "rev": 2, "trail": [1, 2], "seen": {"k": 1}}
    assert await things.replace("things", settled, 1)
    assert await things.get("things", "a") == settled


async def test_what_is_settled_is_the_outbox_and_needs_the_revision_it_saw(things: Store) -> None:
    waiting = {"outbox": [{"id": "e1"}, {"id": "e2"}], "pending_since": "2026-03-02"}
    whole = thing("a", 1, keys={"street": "guanshang"}, trail=[1, 2], **waiting)
    await things.insert("things", whole)
    assert await things.find("things", {"pending_since": Range(above="")}) == [whole]
    some = {**whole, "rev": 2, "outbox": [{"id": "e2"}]}
    assert not await things.settle("things", some, 2)
    assert await things.get("things", "a") == whole
    assert await things.settle("things", some, 1)
    assert await things.get("things", "a") == some
    told = {name: value for name, value in whole.items() if name not in waiting} | {"rev": 3}
    assert await things.settle("things", told, 2)
    assert await things.find("things", {"keys.street": "guanshang"}) == [told]
    assert await things.find("things", {"pending_since": Missing()}) == [told]


BODY = "id TEXT PRIMARY KEY, rev INTEGER NOT NULL, body TEXT NOT NULL"
PENDING = "json_extract(body, '$.pending_since')"


@pytest.mark.parametrize("apart", [(), ("trail", "outbox")], ids=["in one column", "in two"])
async def test_a_file_of_before_is_read_and_written_on(
    tmp_path: Path, apart: tuple[str, ...]
) -> None:
    path = tmp_path / "whistle.db"
    waiting = {"outbox": [{"id": "e"}], "pending_since": "2026-03-02"}
    old = thing("a", 1, keys={"units": ["water"]}, trail=[{"type": "WhistleBlown"}], **waiting)
    body = {name: value for name, value in old.items() if name not in apart}
    tail = {name: old[name] for name in apart}
    with sqlite3.connect(path) as db:
        db.execute(f"CREATE TABLE things ({BODY}{', tail TEXT' if apart else ''})")
        db.execute(f"CREATE INDEX things__pending_since ON things ({PENDING})")
        row = ["a", 1, json.dumps(body), *([json.dumps(tail)] if apart else [])]
        db.execute(f"INSERT INTO things VALUES ({', '.join('?' * len(row))})", row)
    db.close()
    store = SqliteStore(path)
    indexes = [Index(field="keys.units", array=True), Index(field="pending_since", sparse=True)]
    await store.prepare("things", indexes)
    assert await store.get("things", "a") == old
    assert await store.find("things", {"pending_since": Range(above="")}) == [old]
    with sqlite3.connect(path) as db:
        [(made,)] = db.execute("SELECT sql FROM sqlite_master WHERE name = 'things__pending_since'")
    assert "json" not in made
    assert await store.find("things", {"keys.units": Has(["water"])}) == [old]
    told = {name: value for name, value in old.items() if name not in waiting} | {"rev": 2}
    assert await store.settle("things", told, 1)
    assert await store.get("things", "a") == told
    longer = {**told, "rev": 3, "trail": [*old["trail"], {"type": "WhistleRegistered"}]}
    assert await store.replace("things", longer, 2)
    assert await store.get("things", "a") == longer
    await store.close()


@pytest.mark.parametrize("descending", [False, True])
async def test_a_list_of_one_in_the_order_of_another_goes_page_by_page(
    things: Store, descending: bool
) -> None:
    for number in range(7):
        opened = f"2026-11-2{number}T01:00:00.000000Z"
        street = "guanshang" if number != 3 else "taihe"
        keys = {"street": street, "opened": opened}
        await things.insert("things", thing(f"t{(number * 3) % 7}", number, keys=keys))
    met, after = [], None
    while page := await things.find(
        "things",
        {"keys.street": "guanshang"},
        sort="keys.opened",
        descending=descending,
        after=after,
        limit=2,
    ):
        met += [one["number"] for one in page]
        after = Page(page[-1]["keys"]["opened"], page[-1]["id"])
    order = [0, 1, 2, 4, 5, 6]
    assert met == (order[::-1] if descending else order)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", ["keys.opened", "due"])
async def test_a_list_of_several_in_an_order_is_one_list(
    things: Store, descending: bool, sort: str
) -> None:
    """With an index that has each of them in this order, and with none."""
    streets = ["guanshang", "taihe", "jinma"]
    for number in range(12):
        street, day = streets[number % 3], f"2026-11-{10 + number * 5 % 7}"
        keys = {"street": street, "opened": day}
        await things.insert("things", thing(f"t{number:02}", number, keys=keys, due=day))
    wanted = {"keys.street": In(["taihe", "guanshang", "taihe"])}
    met: list[tuple[str, str]] = []
    after = None
    while page := await things.find(
        "things", wanted, sort=sort, descending=descending, after=after, limit=3
    ):
        met += [(one["due"], one["id"]) for one in page]
        after = Page(page[-1]["due"], page[-1]["id"])
    assert len(met) == 8
    assert met == sorted(set(met), reverse=descending)
    assert await things.tally("things", wanted) == [{"count": 8}]
    nobody = await things.find("things", {"keys.street": In([])}, sort=sort)
    assert nobody == []


async def test_several_are_read_side_by_side_from_their_index(tmp_path: Path) -> None:
    """No more of them than are wanted: nothing is put in order by itself."""
    path = tmp_path / "things.db"
    store = SqliteStore(path)
    await store.prepare("things", [Index(field="keys.street", then="keys.opened")])
    wanted = {"keys.street": In(["taihe", "guanshang", "jinma"])}
    asked: list[tuple[str, Any]] = []
    rows = store._rows

    async def noted(sql: str, values: Any = ()) -> Any:
        asked.append((sql, values))
        return await rows(sql, values)

    store._rows = noted  # type: ignore[method-assign]
    await store.find("things", wanted, sort="keys.opened", limit=5)
    sql, values = asked[-1]
    plan = [str(row[3]) for row in await rows(f"EXPLAIN QUERY PLAN {sql}", values)]
    await store.close()
    assert sum("USING INDEX things__keys_street__keys_opened" in step for step in plan) == 3
    assert not any("TEMP B-TREE" in step for step in plan), plan
