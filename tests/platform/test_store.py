"""The store port: one suite, every adapter."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from chassis.kernel.errors import Malformed, Unavailable
from chassis.store import Has, In, Index, Page, Range, Store, Taken
from chassis.store_mongo import MongoStore
from chassis.store_sqlite import SqliteStore
from tests.support.ports import LOOPBACK, free_port
from tests.support.stores import store

__all__ = ["store"]


@pytest.fixture
async def things(store: Store) -> Store:
    indexes = [
        Index(field="keys.street"),
        Index(field="keys.units"),
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
    with pytest.raises(Taken) as taken:
        await things.insert("things", thing("a", 2))
    assert taken.value.index == "id"


async def test_a_unique_value_is_taken_once_and_is_not_called_the_id(things: Store) -> None:
    await things.insert("things", thing("a", 1))
    with pytest.raises(Taken) as taken:
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


async def test_it_says_when_it_can_be_reached(things: Store) -> None:
    await things.ping()


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


@pytest.mark.parametrize("driver", ["motor", "pymongo"])
async def test_a_server_that_is_away_is_unavailable_and_no_fault(driver: str) -> None:
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


@pytest.mark.parametrize("beyond", [2**63, -(2**63) - 1, "\ud800"])
async def test_what_no_store_can_hold_is_the_callers_mistake(store: Store, beyond: Any) -> None:
    await store.prepare("things", [])
    with pytest.raises(Malformed):
        await store.find("things", {"size": beyond})
