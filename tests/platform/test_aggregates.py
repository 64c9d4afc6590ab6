"""One command, one document: state, trail, outbox and seen are written together, on every store."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from chassis import trail
from chassis.aggregates import Aggregates
from chassis.kernel.errors import (
    AlreadyThere,
    KeyReused,
    Malformed,
    NotFound,
    RuleBroken,
    Stale,
    Unavailable,
)
from chassis.store import Document, Store
from contracts.event import Envelope
from tests.support.stores import store
from tests.support.toy import JARS, KEY, NOON, Jar, Lidded, Put, PutIn, Silent, cause, jars

__all__ = ["store"]
Jars = Aggregates[Jar, PutIn | Lidded]


@pytest.fixture
async def kept(store: Store) -> Jars:
    found = jars(store, Silent())
    await found.prepare()
    return found


async def put(kept: Jars, amount: int, **why: object) -> object:
    return await kept.record("jar", lambda jar: (jar or Jar()).put(amount, NOON), cause(**why))


async def stored(kept: Jars) -> Document:
    found = await kept.store.get("jars", "jar")
    assert found is not None
    return found


async def test_one_write_holds_state_trail_outbox_and_seen(kept: Jars) -> None:
    await put(kept, 5, key="caller:k1", fingerprint="f")
    document = await stored(kept)
    assert document["state"] == {"holds": 5, "lidded": False, "due": "2026-03-03T04:00:00.000000Z"}
    assert [entry["type"] for entry in document["trail"]] == ["PutIn"]
    assert document["trail"][0]["at"] == "2026-03-02T04:00:00.000000Z"
    [message] = document["outbox"]
    assert message["trailhead"] == document["trail"][0]["mark"]
    assert message["sequence"] == "000000000001"
    assert None not in [*message.values(), *message["data"].values()]
    assert document["pending_since"] == "2026-03-02T04:00:00.000000Z"
    assert document["next_due"] == "2026-03-03T04:00:00.000000Z"
    assert len(document["seen"]) == 1
    assert json.loads(json.dumps(document)) == document


async def test_an_event_id_follows_from_the_version_so_a_repeated_save_invents_no_second(
    kept: Jars,
) -> None:
    await put(kept, 1)
    await put(kept, 1)
    ids = [message["id"] for message in (await stored(kept))["outbox"]]
    assert len(set(ids)) == 2
    Envelope.model_validate((await stored(kept))["outbox"][0])


async def test_W_08_a_trail_and_its_aggregate_are_of_one_reading(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write between two readings would show a sound trail as one that was tampered with."""
    kept = jars(store, Silent())
    await kept.prepare()
    await put(kept, 1)
    read, written = store.get, 0

    async def then_written(collection: str, id: str) -> Document | None:
        nonlocal written
        found = await read(collection, id)
        if found is not None and not written:
            written = 1
            await put(kept, 1)
        return found

    monkeypatch.setattr(store, "get", then_written)
    held, entries = await kept.history("jar")
    assert written == 1
    assert not list(trail.faults(KEY, kept.subject("jar"), entries, held.version))


async def test_a_state_folded_from_its_trail_owes_nothing_to_the_one_that_is_stored(
    kept: Jars,
) -> None:
    await put(kept, 5)
    document = await stored(kept)
    document["state"]["holds"] = 9
    assert await kept.store.replace("jars", document, document["rev"])
    assert [held.aggregate.holds async for held in kept.every({"lidded": False})] == [9]
    [folded] = [held async for held in kept.every_folded({"lidded": False})]
    assert (folded.id, folded.version, folded.aggregate.holds) == ("jar", 1, 5)
    assert [held async for held in kept.every_folded({"lidded": True})] == []


async def test_a_refusal_changes_nothing(kept: Jars) -> None:
    await put(kept, 999)
    before = await stored(kept)
    with pytest.raises(RuleBroken):
        await put(kept, 2)
    assert await stored(kept) == before


async def test_the_same_request_is_answered_again_from_its_version(kept: Jars) -> None:
    first = await put(kept, 5, key="c:k", fingerprint="f")
    await put(kept, 7)
    again = await put(kept, 5, key="c:k", fingerprint="f")
    assert again.repeated and again.version == first.version == 1  # type: ignore[attr-defined]
    assert again.aggregate == first.aggregate  # type: ignore[attr-defined]
    assert (await kept.get("jar")).aggregate.holds == 12


async def test_a_key_is_not_for_two_requests(kept: Jars) -> None:
    await put(kept, 5, key="c:k", fingerprint="f")
    with pytest.raises(KeyReused):
        await put(kept, 6, key="c:k", fingerprint="g")


async def test_callers_keys_go_after_seven_days_and_events_ids_stay(kept: Jars) -> None:
    await put(kept, 1, key="c:k", fingerprint="f")
    await put(kept, 1, key="event:/gongzhi/x/1")
    later = NOON + timedelta(days=7, seconds=1)
    await put(kept, 1, key="c:k2", fingerprint="f", now=later)
    assert len((await stored(kept))["seen"]) == 2
    await put(kept, 1, key="event:/gongzhi/x/1", now=later)
    assert (await kept.get("jar")).aggregate.holds == 3


async def test_a_stale_version_is_refused_and_the_right_one_goes_through(kept: Jars) -> None:
    await put(kept, 1)
    with pytest.raises(Stale):
        await put(kept, 1, expected=2)
    await put(kept, 1, expected=1)
    with pytest.raises(Stale):
        await put(kept, 1, expected=1)


async def test_a_version_of_what_is_not_there_is_stale_and_makes_nothing(kept: Jars) -> None:
    with pytest.raises(Stale):
        await put(kept, 1, expected=0)
    assert await kept.look("jar") is None


async def test_changing_what_is_not_there_is_not_found(kept: Jars) -> None:
    with pytest.raises(NotFound):
        await kept.change("nowhere", lambda jar: jar.put(1, NOON), cause())
    with pytest.raises(NotFound):
        await kept.get("nowhere")
    with pytest.raises(NotFound):
        await kept.history("nowhere")


async def test_what_is_there_is_not_created_again_but_the_same_request_finds_it(
    kept: Jars,
) -> None:
    async def create(key: str) -> object:
        return await kept.create("jar", lambda: Jar().put(5, NOON), cause(key=key, fingerprint="f"))

    await create("c:k")
    before = await stored(kept)
    assert (await create("c:k")).repeated  # type: ignore[attr-defined]
    with pytest.raises(AlreadyThere):
        await create("c:other")
    assert await stored(kept) == before


async def test_who_decides_that_nothing_happens_writes_and_offers_nothing(kept: Jars) -> None:
    await put(kept, 5)
    before, outlet = await stored(kept), kept.outlet
    assert isinstance(outlet, Silent)
    found = await kept.once("jar", [PutIn(amount=9, at=NOON)], cause())
    assert (found.events, found.version, found.aggregate.holds) == ((), 1, 5)
    assert await stored(kept) == before
    assert len(outlet.offered) == 1


async def test_nothing_is_begun_by_deciding_nothing(kept: Jars) -> None:
    with pytest.raises(NotFound):
        await kept.record("jar", lambda _: (), cause())
    assert await kept.look("jar") is None


async def test_what_no_promise_admits_is_malformed_and_nothing_is_written(store: Store) -> None:
    kind = replace(JARS, announce=lambda *_: Put(amount=1, street="not a code"))
    kept = Aggregates(kind, store, KEY, Silent())
    await kept.prepare()
    with pytest.raises(Malformed) as refusal:
        await put(kept, 1)
    assert refusal.value.field == "street"
    assert await kept.look("jar") is None


async def test_what_is_not_announced_waits_for_nobody(kept: Jars) -> None:
    await put(kept, 0)
    document, outlet = await stored(kept), kept.outlet
    assert isinstance(outlet, Silent)
    assert document["version"] == 1
    assert "outbox" not in document and "pending_since" not in document
    assert outlet.offered == []


async def test_two_who_begin_it_at_once_both_count(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second finds the place taken, and decides again on what is there."""
    first, second = jars(store), jars(store)
    await first.prepare()
    read, begun = store.get, 0

    async def then_begun(collection: str, id: str, **how: bool) -> Document | None:
        nonlocal begun
        found = await read(collection, id, **how)
        if not begun:
            begun = 1
            await put(second, 2)
        return found

    monkeypatch.setattr(store, "get", then_begun)
    await put(first, 1)
    held = await first.get("jar")
    assert (held.version, held.aggregate.holds) == (2, 3)


async def test_whether_a_request_has_been_carried_out(kept: Jars) -> None:
    this, other = cause(key="c:k", fingerprint="f"), cause(key="c:k2", fingerprint="f")
    assert not await kept.recalls("jar", this)
    await put(kept, 1, key="c:k", fingerprint="f")
    assert await kept.recalls("jar", this)
    assert not await kept.recalls("jar", other)
    assert not await kept.recalls("jar", cause())


async def test_a_chain_of_causes_keeps_its_beginning_and_each_step_names_its_own(
    kept: Jars,
) -> None:
    await put(kept, 1, correlation="chain")
    await put(kept, 2, correlation="other", causation="e-9")
    await put(kept, 3)
    document = await stored(kept)
    assert document["correlation"] == (await kept.get("jar")).correlation == "chain"
    assert [entry.get("causation", "") for entry in document["trail"]] == ["", "e-9", ""]
    messages = document["outbox"]
    assert [message["correlationid"] for message in messages] == ["chain", "other", "chain"]
    assert [message.get("causationid") for message in messages] == [None, "e-9", None]
    await kept.record("alone", lambda _: Jar().put(1, NOON), cause())
    assert (await kept.get("alone")).correlation == "alone"


async def test_what_is_told_in_anothers_name_carries_its_source_and_id(store: Store) -> None:
    voice = replace(JARS, voice=lambda event, jar: ("/partner/x", "x-1"))
    kept = Aggregates(voice, store, KEY, Silent())
    await kept.prepare()
    await put(kept, 1)
    [message] = (await stored(kept))["outbox"]
    assert (message["source"], message["id"]) == ("/partner/x", "x-1")


async def test_who_loses_every_race_is_told_to_come_again(
    kept: Jars, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(kept, 1)

    async def lost(*_: object, **__: object) -> bool:
        return False

    monkeypatch.setattr(type(kept.store), "replace", lost)
    with pytest.raises(Unavailable):
        await put(kept, 1)


async def test_lists_counts_and_sums_are_over_the_keys(kept: Jars) -> None:
    assert await kept.count({}) == 0
    for id, amount in (("a", 5), ("b", 1), ("c", 3)):
        putting = Jar().put(amount, NOON)
        await kept.once(id, putting, cause())
    await kept.change("b", lambda _: [Lidded()], cause())
    assert [held.id for held in await kept.find({})] == ["a", "b", "c"]
    most = await kept.find({"lidded": False}, sort="holds", descending=True, limit=1)
    assert [held.id for held in most] == ["a"]
    assert await kept.count({"lidded": False}) == 2
    rows = await kept.tally({}, by="lidded", sums=["holds"])
    assert sorted((row["lidded"], row["count"], row["holds"]) for row in rows) == [
        (False, 2, 8),
        (True, 1, 1),
    ]


async def test_fifty_at_once_all_count(kept: Jars) -> None:
    await asyncio.gather(*(put(kept, 1) for _ in range(50)))
    assert (await kept.get("jar")).aggregate.holds == 50
    assert (await kept.get("jar")).version == 50


async def test_between_processes_the_compare_and_set_decides(kept: Jars) -> None:
    """Two repositories share no lock, as two processes don't."""
    other = jars(kept.store)
    await put(kept, 1)
    rounds = [put(repository, 1) for _ in range(4) for repository in (kept, other)]
    results = await asyncio.gather(*rounds, return_exceptions=True)
    lost = [result for result in results if isinstance(result, BaseException)]
    assert all(isinstance(result, Unavailable) for result in lost)
    assert (await kept.get("jar")).aggregate.holds == 1 + 8 - len(lost)


async def test_the_state_is_the_fold_of_the_trail(kept: Jars) -> None:
    for amount in (1, 2, 3):
        await put(kept, amount)
    document = await stored(kept)
    assert kept.as_of(document, 3) == (await kept.get("jar")).aggregate
    assert kept.as_of(document, 2).holds == 3
    with pytest.raises(NotFound):
        kept.as_of(document, 0)


async def test_confirmed_events_leave_without_moving_the_version(kept: Jars) -> None:
    await put(kept, 1)
    first = await stored(kept)
    await put(kept, 2)
    done = {first["outbox"][0]["id"]}
    settled = await kept.settle_outbox(first, done, {})
    assert [message["data"]["amount"] for message in settled["outbox"]] == [2]
    assert settled["version"] == 2
    settled = await kept.settle_outbox(settled, {settled["outbox"][0]["id"]}, {})
    assert "outbox" not in settled and "pending_since" not in settled
    assert await stored(kept) == settled


async def test_it_has_waited_since_the_oldest_that_still_waits(kept: Jars) -> None:
    await put(kept, 1)
    await put(kept, 2, now=NOON + timedelta(hours=1))
    both = await stored(kept)
    assert both["pending_since"] == "2026-03-02T04:00:00.000000Z"
    settled = await kept.settle_outbox(both, {both["outbox"][0]["id"]}, {})
    assert settled["pending_since"] == "2026-03-02T05:00:00.000000Z"


async def test_what_was_deleted_while_it_was_published_has_nothing_left_to_publish(
    kept: Jars,
) -> None:
    await put(kept, 1)
    document = await stored(kept)
    await kept.store.delete("jars", "jar")
    left = await kept.settle_outbox(document, {document["outbox"][0]["id"]}, {})
    assert "outbox" not in left and "pending_since" not in left
    assert await kept.look("jar") is None


async def test_a_quarantined_event_stays_with_its_reason_and_is_not_pending(kept: Jars) -> None:
    await put(kept, 1)
    document = await stored(kept)
    settled = await kept.settle_outbox(document, set(), {document["outbox"][0]["id"]: "why"})
    assert settled["outbox"][0]["quarantined"] == "why"
    assert "pending_since" not in settled


def test_a_cause_without_its_key_is_not_recognised_again() -> None:
    keyed = cause(key="k", fingerprint="f", expected=3)
    assert keyed.unkeyed() == replace(keyed, key=None, fingerprint="", expected=None)


async def test_of_two_that_begin_the_next_of_a_row_at_once_one_does(kept: Jars) -> None:
    async def begin(id: str, key: str) -> None:
        await kept.create(id, lambda: Jar().put(1, NOON), cause(key=key))

    next = await kept.turn({}, cause(key="caller:first"))
    assert next == await kept.turn({}, cause(key="caller:second"))
    await begin(next, "caller:first")
    with pytest.raises(AlreadyThere):
        await begin(next, "caller:second")
    assert await kept.turn({}, cause(key="caller:first")) == next, "what this very request began"
    another = await kept.turn({}, cause(key="caller:second"))
    assert another != next
    await begin(another, "caller:second")
    assert (
        await kept.turn({}, cause(key="caller:third"), over=lambda held: held.id == next) == another
    )
