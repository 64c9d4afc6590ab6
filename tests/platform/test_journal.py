"""The journal takes events side by side, and who reads on from the last number misses none."""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from chassis.bus import Delivery, Park
from chassis.identity import Subject
from chassis.kernel.errors import Malformed, Unavailable
from chassis.sqlite_writer import Writer, opened_writer
from chassis.store import DuplicateKey, Index, Store
from chassis.store_sqlite import SqliteStore
from contracts.event import Envelope
from gateway.journal import EVENTS, Journal
from gateway.wanted import Wanted
from tests.support.buses import until
from tests.support.stores import store
from tests.support.toy import NOON

__all__ = ["store"]
CENTRE = Subject(sub="s", kind="command_centre", code=None, scopes=frozenset())


def envelope(number: int) -> Envelope:
    return Envelope(
        id=f"n-{number}",
        source="/partners/grid",
        type="toy.put.v1",
        subject=f"jars/{number}",
        time=NOON,
        sequence=f"{1:012d}",
        correlationid="case-1",
        data={"amount": number},
    )


async def nobody(_: str) -> None:
    """No partner began this case."""


@pytest.fixture
async def journal(store: Store) -> Journal:
    made = Journal(store, nobody, repr)
    await made.prepare()
    return made


async def reading(journal: Journal, enough: int) -> Sequence[str]:
    """From one number on to the next, while others write."""
    seen: list[str] = []
    after = 0
    while len(seen) < enough:
        for one in await journal.read(CENTRE, after, 7, Wanted()):
            seen.append(one["event"]["id"])
            after = int(one["id"])
        await asyncio.sleep(0)
    return seen


async def test_who_reads_on_from_the_last_number_misses_none_and_meets_none_twice(
    journal: Journal,
) -> None:
    reader = asyncio.create_task(reading(journal, 120))
    async with asyncio.timeout(60):
        await asyncio.gather(*(journal.append(envelope(n)) for n in range(120)))
        seen = await reader
    assert sorted(seen) == sorted(f"n-{n}" for n in range(120))


async def test_an_event_that_comes_again_is_kept_once(journal: Journal) -> None:
    await asyncio.gather(*(journal.append(envelope(n % 5)) for n in range(40)))
    await journal.append(envelope(5))
    found: list[dict[str, Any]] = await journal.read(CENTRE, 0, 100, Wanted())
    assert sorted(one["event"]["id"] for one in found) == [f"n-{n}" for n in range(6)]


async def test_what_is_no_event_is_parked_and_in_the_log(journal: Journal) -> None:
    with capture_logs() as logs:
        verdict = await journal.handle(Delivery(id="x-1", type="toy.put.v1", body=b"{}"))
    assert isinstance(verdict, Park)
    [line] = [one for one in logs if one["event"] == "delivery_park"]
    assert (line["queue"], line["id"], line["reason"]) == ("journal", "x-1", verdict.reason)


async def test_two_gateways_on_one_store_give_no_number_twice(store: Store) -> None:
    both = [Journal(store, nobody, repr), Journal(store, nobody, repr)]
    for one in both:
        await one.prepare()
    await asyncio.gather(*(both[n % 2].append(envelope(n)) for n in range(40)))
    found = await both[0].read(CENTRE, 0, 100, Wanted())
    assert len(found) == len({one["id"] for one in found}) == 40


async def test_who_takes_over_again_goes_on_after_the_newest_number(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, others = Journal(store, nobody, repr), Journal(store, nobody, repr)
    await mine.prepare()
    await mine.append(envelope(0))
    for n in range(1, 30):
        await others.append(envelope(n))
    tried, insert = [], store.insert

    async def counted(collection: str, document: dict[str, Any]) -> None:
        tried.append(document["id"])
        await insert(collection, document)

    monkeypatch.setattr(store, "insert", counted)
    for n in (30, 31):
        await mine.append(envelope(n))
    assert [int(one) for one in tried] == [2, 31, 32]
    assert await mine.newest() == 32


@pytest.mark.parametrize("refused", [Unavailable("away"), Malformed("10**30"), DuplicateKey("key")])
async def test_a_number_that_was_not_written_is_the_next_events(
    store: Store, monkeypatch: pytest.MonkeyPatch, refused: Exception
) -> None:
    """Left free, it went to whoever took over again from before it: behind what readers had seen, who never met it."""
    monkeypatch.setattr(store, "in_order", False)
    mine, others = Journal(store, nobody, repr), Journal(store, nobody, repr)
    await mine.prepare()
    await mine.append(envelope(0))
    insert = store.insert

    async def refusing(collection: str, document: dict[str, Any]) -> None:
        if document["event"]["id"] == "n-1":
            raise refused
        await insert(collection, document)

    monkeypatch.setattr(store, "insert", refusing)
    with suppress(type(refused)):
        await others.append(envelope(1))
    await others.append(envelope(2))
    [*_, seen] = await others.read(CENTRE, 0, 100, Wanted())
    await mine.append(envelope(3))
    found = await mine.read(CENTRE, int(seen["id"]), 100, Wanted())
    assert [one["event"]["id"] for one in found] == ["n-3"]


async def test_an_insert_that_failed_and_takes_place_later_is_not_behind_what_readers_have_seen(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server goes on with what its caller has given up."""
    monkeypatch.setattr(store, "in_order", False)
    made = Journal(store, nobody, repr)
    await made.prepare()
    late: list[dict[str, Any]] = []
    insert = store.insert

    async def given_up(collection: str, document: dict[str, Any]) -> None:
        late.append(document)
        raise Unavailable("away")

    monkeypatch.setattr(store, "insert", given_up)
    with pytest.raises(Unavailable):
        await made.append(envelope(1))
    monkeypatch.setattr(store, "insert", insert)
    await made.append(envelope(2))
    [seen] = await made.read(CENTRE, 0, 100, Wanted())
    with pytest.raises(DuplicateKey):
        await insert(EVENTS, late[0])
    await made.append(envelope(1))  # delivered again
    found = await made.read(CENTRE, int(seen["id"]), 100, Wanted())
    assert [one["event"]["id"] for one in found] == ["n-1"]


async def test_one_that_fails_after_it_was_cut_off_leaves_the_numbers_given_since(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "in_order", False)
    made = Journal(store, nobody, repr)
    await made.prepare()
    insert, asked, fails = store.insert, asyncio.Event(), asyncio.Event()

    async def failing(collection: str, document: dict[str, Any]) -> None:
        asked.set()
        await fails.wait()
        raise Unavailable("away")

    monkeypatch.setattr(store, "insert", failing)
    cut = asyncio.create_task(made.append(envelope(1)))
    await asked.wait()
    cut.cancel()
    await asyncio.wait([cut])
    monkeypatch.setattr(store, "insert", insert)
    for n in (2, 3):
        await made.append(envelope(n))
    fails.set()
    await until(lambda: not [one for one in asyncio.all_tasks() if "_insert" in repr(one)])
    await made.append(envelope(4))
    found = await made.read(CENTRE, 0, 100, Wanted())
    assert [one["event"]["id"] for one in found] == ["n-2", "n-3", "n-4"]


async def test_in_a_file_a_number_is_never_written_after_a_higher_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also while the file is still being opened: who waits for that comes before who comes later."""

    async def slowly(*said: Any) -> Writer:
        await asyncio.sleep(0.005)
        return await opened_writer(*said)

    monkeypatch.setattr("chassis.store_sqlite.opened_writer", slowly)
    kept = SqliteStore(tmp_path / "gateway.db")
    made = Journal(kept, nobody, repr)
    await made.prepare()
    writing = []
    for n in range(400):
        writing.append(asyncio.create_task(made.append(envelope(n))))
        await asyncio.sleep(0.0001)
    await asyncio.gather(*writing)
    await kept.close()
    with sqlite3.connect(tmp_path / "gateway.db") as db:
        [table] = [
            name
            for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if "__" not in name and not name.startswith("sqlite_")
        ]
        ids = [id for (id,) in db.execute(f"SELECT id FROM {table} ORDER BY rowid")]
    db.close()
    assert len(ids) == 400 and ids == sorted(ids)


async def test_no_event_overtakes_the_one_that_led_to_it(store: Store) -> None:
    """Whoever began a case may take long to be found: what came of it waits."""
    asked = 0

    async def began(_: str) -> None:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.05 if asked == 1 else 0)

    made = Journal(store, began, repr)
    await made.prepare()
    await asyncio.gather(*(made.append(envelope(number)) for number in (1, 2, 3)))
    assert await reading(made, 3) == ["n-1", "n-2", "n-3"]


async def test_the_earlier_version_starts_on_what_this_one_has_prepared(tmp_path: Path) -> None:
    """Going back: it asked for an index by the name that a table of the units' values would have had."""
    store = SqliteStore(tmp_path / "gateway.db")
    try:
        await Journal(store, nobody, repr).prepare()
        await store.prepare(EVENTS, [Index(field="keys.units")])
    finally:
        await store.close()
