"""Statements that wait together are written together, and each answers for itself."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from chassis import claims, sqlite_writer
from chassis.kernel.errors import Unavailable
from chassis.sealed import Sealed
from chassis.sqlite_writer import Statement, Writer
from chassis.store import DuplicateKey
from chassis.store_sqlite import SqliteStore
from services.whistle.reporters import Reporters
from tests.support.toy import KEY, NOON, Jar, Silent, cause, jars


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    made = SqliteStore(tmp_path / "toy.db")
    await made.prepare("jars", [])
    yield made
    await made.close()


def jar(id: str) -> dict[str, object]:
    return {"id": id, "rev": 1}


@pytest.fixture
def sizes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Of the transactions that are made."""
    found: list[int] = []
    transaction = Writer._transaction

    async def noted(self: Writer, together: Sequence[Statement]) -> list[int | Exception]:
        found.append(len(together))
        return await transaction(self, together)

    monkeypatch.setattr(Writer, "_transaction", noted)
    return found


async def test_what_waits_goes_in_together_and_a_broken_constraint_is_undone_alone(
    store: SqliteStore, sizes: list[int]
) -> None:
    names = [*(f"j{n}" for n in range(50)), "j7", *(f"k{n}" for n in range(50))]
    said = await asyncio.gather(
        *(store.insert("jars", jar(name)) for name in names), return_exceptions=True
    )
    assert [type(one) for one in said if one is not None] == [DuplicateKey]
    assert len(await store.find("jars", {}, limit=200)) == 100
    assert sum(sizes) == 101 and len(sizes) < 10
    await store.close()


async def test_no_transaction_is_longer_than_it_may_be(
    store: SqliteStore, sizes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_writer, "MOST", 3)
    await asyncio.gather(*(store.insert("jars", jar(f"j{n}")) for n in range(10)))
    assert len(await store.find("jars", {})) == 10
    assert sum(sizes) == 10 and max(sizes) == 3
    await store.close()


async def test_a_file_that_another_holds_is_away_for_all_and_there_again_afterwards(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.store_sqlite.BUSY", 50)
    holder = sqlite3.connect(tmp_path / "toy.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    said = await asyncio.gather(
        *(store.insert("jars", jar(f"j{n}")) for n in range(3)), return_exceptions=True
    )
    assert [type(one) for one in said] == [Unavailable] * 3
    holder.execute("ROLLBACK")
    holder.close()
    await store.insert("jars", jar("j0"))
    assert [one["id"] for one in await store.find("jars", {})] == ["j0"]
    await store.close()


async def test_who_holds_a_file_is_waited_for_while_others_go_on(
    store: SqliteStore, tmp_path: Path
) -> None:
    await store.insert("jars", jar("j0"))
    with sqlite3.connect(tmp_path / "toy.db", isolation_level=None) as holder:
        holder.execute("BEGIN IMMEDIATE")
        asking = asyncio.create_task(store.insert("jars", jar("j1")))
        await asyncio.sleep(0.05)
        assert not asking.done()
        assert [one["id"] for one in await store.find("jars", {})] == ["j0"]
        holder.execute("COMMIT")
        await asking
    holder.close()
    assert [one["id"] for one in await store.find("jars", {})] == ["j0", "j1"]


async def test_a_whole_file_is_written_while_others_go_on(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    by: dict[str, str] = {}
    outcome = Writer._outcome

    def noted(self: Writer, one: Statement) -> int | Exception:
        by[one.values[0]] = threading.current_thread().name
        return outcome(self, one)

    monkeypatch.setattr(Writer, "_outcome", noted)
    await store.insert("jars", jar("small"))
    await store.insert("jars", {**jar("large"), "content": "x" * sqlite_writer.LARGE})
    assert by == {"small": threading.current_thread().name, "large": "write toy.db_0"}
    assert [one["id"] for one in await store.find("jars", {})] == ["large", "small"]


async def test_the_log_is_moved_into_the_file_by_who_waits_for_the_disk(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_writer, "LOGGED", 4)
    await store.insert("jars", jar("j0"))
    log = tmp_path / "toy.db-wal"
    for rev in range(2, 60):
        big = {**jar("j0"), "rev": rev, "outbox": [{"is": "很" * 3000}]}
        assert await store.settle("jars", big, rev - 1)
    grown = log.stat().st_size
    assert grown > 59 * 4096
    for n in range(1, 60):
        await store.insert("jars", {**jar(f"j{n}"), "is": "很" * 3000})
    assert log.stat().st_size < 1.3 * grown


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each transaction waited for the disk."""
    found: list[bool] = []
    commit = Writer._commit

    def noted(self: Writer) -> None:
        [(how,)] = self._connection.execute("PRAGMA synchronous").fetchall()
        found.append(how == 2)
        commit(self)

    monkeypatch.setattr(Writer, "_commit", noted)
    return found


async def test_what_is_written_ahead_waits_for_the_disk_with_what_comes_after(
    store: SqliteStore, waits: list[bool]
) -> None:
    await store.insert("jars", jar("box"), ahead=True)
    assert await store.replace("jars", {**jar("box"), "rev": 2}, 1, ahead=True)
    with pytest.raises(DuplicateKey):
        await store.insert("jars", jar("box"), ahead=True)
    await store.insert("jars", jar("record"))

    assert waits == [False, False, False, True]
    assert [one["rev"] for one in await store.find("jars", {})] == [2, 1]


async def test_a_change_with_its_box_and_its_claim_waits_for_the_disk_once(
    store: SqliteStore, waits: list[bool]
) -> None:
    sealed, kept = Sealed("toy", store, KEY, Silent()), jars(store)
    await claims.prepare(store)
    await sealed.kept.prepare()
    await kept.prepare()
    why = cause(key="anna key-0001", fingerprint="f", claims=True)
    named = sealed.keeping("jar", "name", {"name": "甲"}, why)

    await kept.create("jar", lambda: Jar().put(1, NOON), why, beside=named)

    assert waits == [False, False, True]


async def test_W_16_a_reporter_lasts_before_there_is_a_problem(
    tmp_path: Path, waits: list[bool]
) -> None:
    """It lies in a file of its own, for which the problem doesn't wait."""
    apart = SqliteStore(tmp_path / "reporters.db")
    reporters = Reporters(apart, KEY, KEY, Silent())
    await reporters.aggregates.prepare()

    await reporters.keep("p-1", {"asked": "路灯不亮"}, cause())

    assert waits == [True]
    await apart.close()


async def test_a_claim_that_changes_nothing_waits_for_the_disk_itself(
    store: SqliteStore, waits: list[bool]
) -> None:
    kept = jars(store)
    await claims.prepare(store)
    await kept.create("jar", lambda: Jar().put(1, NOON), cause())
    why = cause(key="anna key-0001", fingerprint="f", claims=True)

    await kept.change("jar", lambda _: [], why)

    assert waits == [True, True]


async def test_who_is_cancelled_takes_nothing_back_and_closing_waits(store: SqliteStore) -> None:
    asking = asyncio.create_task(store.insert("jars", jar("j0")))
    await asyncio.sleep(0)
    while store._writer is None or not store._writer._waiting:
        await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await store.close()
    assert [one["id"] for one in await store.find("jars", {})] == ["j0"]
    await store.close()


async def test_what_may_be_done_again_waits_for_the_disk_only_with_what_may_not(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[bool] = []
    wait = Writer._wait_for_disk

    def noted(self: Writer, wanted: bool) -> None:
        wait(self, wanted)
        # As the file's connection has it: 1 is NORMAL, 2 is FULL.
        waits.append(self._connection.execute("PRAGMA synchronous").fetchone() == (2,))

    monkeypatch.setattr(Writer, "_wait_for_disk", noted)
    await store.insert("jars", jar("a"))
    assert waits == [True]
    assert await store.settle("jars", {**jar("a"), "rev": 2}, 1)
    assert waits == [True, False]
    await asyncio.gather(
        store.settle("jars", {**jar("a"), "rev": 3}, 2), store.insert("jars", jar("b"))
    )
    assert waits == [True, False, True]
    await store.insert("jars", jar("c"))
    assert waits == [True, False, True, True]
