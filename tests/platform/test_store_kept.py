"""What a store keeps up with every write, so that a list, a count or a sum costs the same however many there are."""

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from chassis.store import Has, In, Index, Page, Store, Total, Where
from chassis.store_sqlite import SqliteStore
from tests.support.stores import store

__all__ = ["store"]

OF = ("keys.amount", "keys.late")
BY_STREET = Total(fields=("keys.street", "keys.quarter"), by="keys.state", of=OF)
Q1 = {"keys.street": "guandu", "keys.quarter": "Q1"}


def bill(id: str, street: str, state: str, amount: int) -> dict[str, Any]:
    late = int(state == "open")
    keys = {"street": street, "quarter": "Q1", "state": state, "amount": amount, "late": late}
    return {"id": id, "rev": 1, "keys": keys}


async def tallied(store: Store) -> list[tuple[Any, ...]]:
    rows = await store.tally("bills", Q1, by="keys.state", sums=OF)
    return [tuple(row.values()) for row in rows]


async def test_a_total_is_what_a_tally_gives_whatever_is_written(store: Store) -> None:
    await store.prepare("bills", [], [BY_STREET])
    for n in range(6):
        state = "open" if n % 2 else "paid"
        await store.insert("bills", bill(f"b{n}", "guandu", state, n))
    await store.insert("bills", bill("c", "liujia", "paid", 100))
    await store.insert("bills", {"id": "d", "rev": 1, "keys": {"quarter": "Q1"}})
    assert await tallied(store) == [("open", 3, 9, 3), ("paid", 3, 6, 0)]
    await store.replace("bills", {**bill("b1", "guandu", "paid", 10), "rev": 2}, 1)
    await store.replace("bills", {**bill("b3", "liujia", "open", 3), "rev": 2}, 1)
    assert not await store.replace("bills", {**bill("b5", "guandu", "paid", 9), "rev": 2}, 7)
    await store.delete("bills", "b0")
    assert await tallied(store) == [("open", 1, 5, 1), ("paid", 3, 16, 0)]
    await store.delete("bills", "b5")
    assert [row[0] for row in await tallied(store)] == ["paid"]
    only = await store.tally("bills", Q1, by="keys.state", sums=OF[:1])
    assert only == [{"keys.state": "paid", "count": 3, "keys.amount": 16}]
    every = await store.tally("bills", {"keys.street": "guandu"}, by="keys.state", sums=OF)
    assert [row["count"] for row in every] == [3]
    among = {**Q1, "keys.street": In(["guandu", "liujia"])}
    assert [row["count"] for row in await store.tally("bills", among, by="keys.state")] == [1, 4]


async def test_a_total_counts_what_was_there_and_is_made_again_when_it_asks_for_more(
    store: Store,
) -> None:
    await store.prepare("bills", [])
    await store.insert("bills", bill("a", "guandu", "open", 4))
    less = Total(fields=BY_STREET.fields, by=BY_STREET.by, of=OF[:1])
    for total in (less, BY_STREET, BY_STREET):
        await store.prepare("bills", [], [total])
        assert await tallied(store) == [("open", 1, 4, 1)]
    await store.insert("bills", bill("b", "guandu", "open", 1))
    assert await tallied(store) == [("open", 2, 5, 2)]


async def test_a_total_is_looked_up_and_not_added_up(tmp_path: Path) -> None:
    path = tmp_path / "bills.db"
    store = SqliteStore(path)
    await store.prepare("bills", [], [BY_STREET])
    await store.insert("bills", bill("a", "guandu", "open", 4))
    with sqlite3.connect(path) as beside:
        table = "bills__keys_street__keys_quarter__by__keys_state"
        beside.execute(f"UPDATE {table} SET count = 1000")
    beside.close()
    assert (await tallied(store))[0][1] == 1000
    await store.close()


BY_UNIT = Total(fields=("keys.units[]",), by="keys.state")
ALL = Total(fields=(), by="keys.state")
UNITS, STATES = ["gongan", "jiaotong", "shuiwu"], ["blown", "dispatched", "closed"]


def whistle(chance: random.Random, n: int) -> dict[str, Any]:
    """For two units of three, one of them named twice now and then."""
    units = chance.choices(UNITS, k=2)
    keys = {"units": units, "state": chance.choice(STATES), "opened": chance.randrange(9)}
    return {"id": f"w{n:02}", "rev": 1, "keys": keys}


async def lived(store: Store, totals: list[Total]) -> list[dict[str, Any]]:
    """What is there after a life of inserting, replacing and deleting by chance."""
    chance, there = random.Random(7), {}
    orders = [Index(field="keys.units", then="keys.opened", array=True)]
    for n in range(30):
        one = whistle(chance, n)
        await store.insert("whistles", one)
        there[one["id"]] = one
        if n == 9:  # half of them were there before anything was kept
            await store.prepare("whistles", orders, totals)
    for _ in range(60):
        one = chance.choice([*there.values()])
        if chance.random() < 0.1:
            await store.delete("whistles", one["id"])
            del there[one["id"]]
            continue
        again = {**whistle(chance, int(one["id"][1:])), "rev": one["rev"] + 1}
        assert await store.replace("whistles", again, one["rev"])
        there[one["id"]] = again
    return [*there.values()]


async def count(store: Store, where: Where) -> int:
    return sum(row["count"] for row in await store.tally("whistles", where))


async def test_counts_of_an_array_are_kept_by_each_of_its_values(store: Store) -> None:
    await store.prepare("whistles", [])
    there = await lived(store, [BY_UNIT, ALL])

    def counted(unit: str | None, *states: str) -> int:
        mine = [one["keys"] for one in there if unit is None or unit in one["keys"]["units"]]
        return sum(keys["state"] in (states or STATES) for keys in mine)

    for unit in (*UNITS, None):
        whose = {"keys.units": Has([unit])} if unit else {}
        assert await count(store, whose) == counted(unit)
        for state in STATES:
            assert await count(store, {**whose, "keys.state": state}) == counted(unit, state)
        two = {**whose, "keys.state": In(["blown", "closed", "blown"])}
        assert await count(store, two) == counted(unit, "blown", "closed")
        each = await store.tally("whistles", whose, by="keys.state")
        found = [(row["keys.state"], row["count"]) for row in each]
        assert found == [(s, n) for s in sorted(STATES) if (n := counted(unit, s))]
    assert await count(store, {"keys.units": Has(["nobody"])}) == 0
    both = {"keys.units": Has(UNITS[:2])}
    of_both = [one for one in there if {*UNITS[:2]} <= {*one["keys"]["units"]}]
    assert await count(store, both) == len(of_both) > 0


@pytest.mark.parametrize("descending", [False, True])
async def test_a_list_of_one_value_of_an_array_is_in_the_order_kept_for_it(
    store: Store, descending: bool
) -> None:
    await store.prepare("whistles", [])
    there = await lived(store, [])
    for wanted in (["gongan"], ["jiaotong", "gongan"]):
        met, after = [], None
        while page := await store.find(
            "whistles",
            {"keys.units": Has(wanted), "keys.state": In(["blown", "closed"])},
            sort="keys.opened",
            descending=descending,
            after=after,
            limit=2,
        ):
            met += [(one["keys"]["opened"], one["id"]) for one in page]
            after = Page(page[-1]["keys"]["opened"], page[-1]["id"])
        mine = [
            (one["keys"]["opened"], one["id"])
            for one in there
            if {*wanted} <= {*one["keys"]["units"]} and one["keys"]["state"] != "dispatched"
        ]
        assert met == sorted(mine, reverse=descending) != []


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[tuple[Path, SqliteStore]]:
    path = tmp_path / "whistles.db"
    store = SqliteStore(path)
    yield path, store
    await store.close()


async def test_a_page_of_an_array_in_order_is_read_and_not_sorted(
    file: tuple[Path, SqliteStore],
) -> None:
    """Looked up among 2,000 of its own: no more of them than are shown, nothing put in order by itself."""
    path, store = file
    order = Index(field="keys.units", then="keys.opened", array=True)
    await store.prepare("whistles", [order], [BY_UNIT])
    keys = [{"units": ["gongan"], "opened": n, "state": "blown"} for n in range(2000)]
    documents = ({"id": f"w{n:04}", "rev": 1, "keys": own} for n, own in enumerate(keys))
    await asyncio.gather(*(store.insert("whistles", one) for one in documents))
    steps: list[int] = []
    plans: list[str] = []
    rows = store._rows

    async def noted(sql: str, values: Any = ()) -> Any:
        with sqlite3.connect(path) as beside:
            plans.extend(str(row[3]) for row in beside.execute(f"EXPLAIN QUERY PLAN {sql}", values))
            beside.set_progress_handler(lambda: steps.append(1), 100)
            beside.execute(sql, values).fetchall()
        beside.close()
        return await rows(sql, values)

    store._rows = noted  # type: ignore[method-assign]
    mine = {"keys.units": Has(["gongan"])}
    page = await store.find("whistles", mine, sort="keys.opened", descending=True, limit=5)
    assert [one["keys"]["opened"] for one in page] == [1999, 1998, 1997, 1996, 1995]
    assert await store.tally("whistles", mine) == [{"count": 2000}]
    assert not any("TEMP B-TREE" in plan for plan in plans), plans
    assert len(steps) < 20, (
        "both read a few rows: every row of its own would be 2,000 times as many"
    )
