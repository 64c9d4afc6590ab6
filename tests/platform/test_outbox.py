"""The relay: nothing written is lost, nothing of its own accord is sent twice, one bad event holds up no other."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis.aggregates import Aggregates
from chassis.bus import BusUnavailable, Message
from chassis.kernel.errors import Malformed
from chassis.outbox import Relay
from chassis.store import Document, Store
from chassis.telemetry import Telemetry
from contracts.event import MAX_BYTES
from tests.support.buses import until
from tests.support.stores import store
from tests.support.toy import JARS, KEY, NOON, Jar, Lidded, PutIn, cause, jars

__all__ = ["store"]
Jars = Aggregates[Jar, PutIn | Lidded]


class Wire:
    """A bus to publish on: remembers, and fails as it is told to."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.down: str | None = None
        self.loses_confirms = 0
        self.no_route: str | None = None
        """A subject whose events the broker gives back, as for want of a queue."""
        self.in_flight: Counter[str] = Counter()
        self.most_in_flight = 0

    async def publish(self, message: Message, *, only: str | None = None) -> None:
        if self.down:
            raise BusUnavailable(self.down)
        subject = str(message.body).partition('"subject":"')[2].partition('"')[0]
        self.in_flight[subject] += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight[subject])
        await asyncio.sleep(0.001)
        self.in_flight[subject] -= 1
        if subject == self.no_route:
            raise BusUnavailable("NO_ROUTE")
        self.sent.append(message)
        if self.loses_confirms:
            self.loses_confirms -= 1
            raise BusUnavailable("confirm lost")

    def trouble(self) -> str | None:
        return self.down


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def relay(wire: Wire, clock: Clock) -> AsyncIterator[Relay]:
    made = Relay(wire, clock, Telemetry("test"), sweep_after=10.0)  # type: ignore[arg-type]
    yield made
    await made.stop()


@pytest.fixture
async def kept(store: Store, relay: Relay) -> Jars:
    found = jars(store, relay)
    await found.prepare()
    relay.serve([found])
    return found


async def put(kept: Jars, id: str, amount: int = 1, **why: Any) -> None:
    await kept.record(id, lambda jar: (jar or Jar()).put(amount, NOON), cause(**why))


async def outbox(kept: Jars, id: str) -> list[Document]:
    found = await kept.store.get("jars", id)
    assert found is not None
    return list(found.get("outbox", []))


async def test_what_is_written_is_published_once_in_order_and_leaves_the_outbox(
    kept: Jars, relay: Relay, wire: Wire
) -> None:
    await asyncio.gather(*(put(kept, f"j{n % 5}") for n in range(50)))
    await relay.settled()
    assert len(wire.sent) == len({message.id for message in wire.sent}) == 50
    for jar in range(5):
        assert await outbox(kept, f"j{jar}") == []
        own = [message for message in wire.sent if f"jars/j{jar}".encode() in message.body]
        assert [message.body.partition(b'"sequence":"')[2][:12] for message in own] == [
            f"{n:012d}".encode() for n in range(1, 11)
        ]
    assert wire.most_in_flight == 1
    assert await relay.pending() == (0, None)


async def test_while_the_bus_is_away_events_wait_and_then_all_flow(
    kept: Jars, relay: Relay, wire: Wire, clock: Clock
) -> None:
    wire.down = "away"
    for n in range(30):
        await put(kept, f"j{n}")
    assert wire.sent == []
    assert await relay.pending() == (30, NOON)
    clock.now += timedelta(minutes=1)
    await relay.sweep()
    assert wire.sent == []
    wire.down = None
    await relay.sweep()
    await relay.settled()
    assert len(wire.sent) == 30
    assert await relay.pending() == (0, None)


async def test_what_waits_is_counted_only_where_something_does(
    kept: Jars, relay: Relay, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    count, counted = kept.store.tally, 0

    async def counting(*asked: Any) -> list[dict[str, Any]]:
        nonlocal counted
        counted += 1
        return await count(*asked)

    monkeypatch.setattr(kept.store, "tally", counting)
    assert await relay.pending() == (0, None)
    assert counted == 0
    wire.down = "away"
    await put(kept, "j")
    assert await relay.pending() == (1, NOON)
    assert counted == 1


async def test_a_lost_confirm_means_the_same_event_again_with_the_same_id(
    kept: Jars, relay: Relay, wire: Wire, clock: Clock
) -> None:
    wire.loses_confirms = 1
    await put(kept, "jar")
    await relay.settled()
    assert len(await outbox(kept, "jar")) == 1
    clock.now += timedelta(minutes=1)
    await relay.sweep()
    await relay.settled()
    assert len(wire.sent) == 2
    assert len({message.id for message in wire.sent}) == 1
    assert await outbox(kept, "jar") == []


async def test_the_sweep_leaves_alone_what_its_writer_may_still_be_at(
    kept: Jars, relay: Relay, wire: Wire, clock: Clock
) -> None:
    wire.down = "away"
    await put(kept, "jar")
    wire.down = None
    clock.now += timedelta(seconds=9)
    await relay.sweep()
    await relay.settled()
    assert wire.sent == []
    clock.now += timedelta(seconds=2)
    await relay.sweep()
    await relay.settled()
    assert len(wire.sent) == 1


async def test_a_clock_that_was_set_back_holds_up_nothing(
    kept: Jars, relay: Relay, wire: Wire, clock: Clock
) -> None:
    wire.down = "away"
    await put(kept, "jar")
    wire.down = None
    clock.now -= timedelta(days=1)
    await relay.sweep()
    await relay.settled()
    assert len(wire.sent) == 1


async def spoil(kept: Jars, id: str) -> None:
    """An entry in the store that no version of the envelope can carry."""
    found = await kept.store.get("jars", id)
    assert found is not None
    spoilt = {name: value for name, value in found["outbox"][0].items() if name != "sequence"}
    changed = {**found, "outbox": [spoilt, *found["outbox"][1:]], "rev": found["rev"] + 1}
    assert await kept.store.replace("jars", changed, found["rev"])


async def test_an_event_that_cannot_be_encoded_is_quarantined_and_holds_up_no_other(
    kept: Jars, relay: Relay, wire: Wire, clock: Clock
) -> None:
    wire.down = "away"
    await put(kept, "bad")
    await put(kept, "bad", 2)
    await put(kept, "good")
    await spoil(kept, "bad")
    wire.down = None
    clock.now += timedelta(minutes=1)
    await relay.sweep()
    await relay.settled()
    [left] = await outbox(kept, "bad")
    assert left["quarantined"] == "sequence: Field required"
    assert len(wire.sent) == 2
    assert await relay.pending() == (0, None)
    await relay.sweep()
    await relay.settled()
    assert len(wire.sent) == 2


async def test_an_event_that_finds_no_route_waits_and_holds_up_no_other(
    kept: Jars, relay: Relay, wire: Wire, clock: Clock
) -> None:
    """Nor is it given up: it goes, with what was written after it, once there is a route."""
    wire.no_route = "jars/lost"
    for n in range(5):
        await put(kept, "lost", n + 1)
        await put(kept, f"j{n}")
        await relay.settled()  # else the sweep may read what is just being published
        clock.now += timedelta(minutes=1)
        await relay.sweep()
        await relay.settled()
        assert len(wire.sent) == n + 1
    assert [len(await outbox(kept, f"j{n}")) for n in range(5)] == [0] * 5
    assert await relay.pending() == (1, NOON)
    waiting = [entry["id"] for entry in await outbox(kept, "lost")]
    wire.no_route = None
    await relay.sweep()
    await relay.settled()
    assert [message.id for message in wire.sent[5:]] == waiting
    assert await relay.pending() == (0, None)


async def test_an_event_over_the_limit_is_refused_before_anything_is_written(
    kept: Jars, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.outbox_entries.MAX_BYTES", 100)
    with pytest.raises(Malformed):
        await put(kept, "jar")
    assert await kept.look("jar") is None
    assert MAX_BYTES == 256 * 1024


async def test_an_event_of_just_the_limit_is_written_and_travels(
    kept: Jars, relay: Relay, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(kept, "jar1")
    await relay.settled()
    for place in ("chassis.outbox_entries.MAX_BYTES", "chassis.outbox.MAX_BYTES"):
        monkeypatch.setattr(place, len(wire.sent[0].body))
    await put(kept, "jar2")
    await relay.settled()
    assert [len(message.body) for message in wire.sent] == [len(wire.sent[0].body)] * 2
    assert await outbox(kept, "jar2") == []


async def test_an_event_that_has_become_too_large_is_quarantined_and_says_so(
    kept: Jars, relay: Relay, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And stays so: what comes later goes past it, and it isn't tried again."""
    with monkeypatch.context() as small:
        small.setattr("chassis.outbox.MAX_BYTES", 100)
        await put(kept, "jar")
        await relay.settled()
    [left] = await outbox(kept, "jar")
    assert left["quarantined"].endswith(" bytes, more than 100")
    assert wire.sent == []
    await put(kept, "jar")
    await relay.settled()
    assert await outbox(kept, "jar") == [left]
    assert [message.id for message in wire.sent] != [left["id"]]
    assert len(wire.sent) == 1


async def test_what_was_quarantined_goes_once_it_can_be_sent_and_somebody_says_so(
    kept: Jars, relay: Relay, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def again() -> None:
        assert await kept.refold("jar") == ["outbox"]
        await relay.settled()

    with monkeypatch.context() as small:
        small.setattr("chassis.outbox.MAX_BYTES", 100)
        await put(kept, "jar")
        await relay.settled()
        before = await outbox(kept, "jar")
        await again()
        assert await outbox(kept, "jar") == before, "no better than before"
    await again()
    assert [message.id for message in wire.sent] == [before[0]["id"]]
    assert await outbox(kept, "jar") == []
    assert await kept.refold("jar") == []


async def test_the_oldest_that_waits_is_found_among_all_kinds(
    kept: Jars, relay: Relay, wire: Wire
) -> None:
    pots: Jars = Aggregates(replace(JARS, collection="pots"), kept.store, KEY, relay)
    await pots.prepare()
    relay.serve([kept, pots])
    wire.down = "away"
    await put(kept, "a", now=NOON + timedelta(hours=1))
    assert await relay.pending() == (1, NOON + timedelta(hours=1))
    await put(kept, "b", now=NOON)
    await put(pots, "a", now=NOON + timedelta(hours=2))
    assert await relay.pending() == (3, NOON)
    await put(pots, "b", now=NOON - timedelta(hours=1))
    assert await relay.pending() == (4, NOON - timedelta(hours=1))


async def test_what_was_published_and_what_never_can_be_is_counted(
    store: Store, wire: Wire, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    telemetry = Telemetry("test")
    relay = Relay(wire, clock, telemetry)  # type: ignore[arg-type]
    kept = jars(store, relay)
    await kept.prepare()
    await put(kept, "good")
    await relay.settled()
    monkeypatch.setattr("chassis.outbox.MAX_BYTES", 100)
    await put(kept, "bad")
    await relay.settled()
    counted = telemetry.registry.get_sample_value
    labels = {"service": "toy", "type": "toy.put.v1"}
    assert counted("gongzhi_events_published_total", labels) == 1
    assert counted("gongzhi_outbox_quarantined_total", {"service": "toy"}) == 1


async def test_one_that_hangs_is_cut_off_and_published_by_the_next_sweep(
    kept: Jars, relay: Relay, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sweep waits for what it offered, and with one that never ended there was no other."""
    monkeypatch.setattr("chassis.outbox.PUBLISHED_WITHIN", 0.1)

    async def never(*_: object) -> Document:
        await asyncio.Event().wait()
        raise AssertionError

    with monkeypatch.context() as hanging:
        hanging.setattr(Aggregates, "settle_outbox", never)
        await put(kept, "jar")
        async with asyncio.timeout(60):
            await relay.settled()
    assert len(await outbox(kept, "jar")) == 1
    clock.now += timedelta(seconds=11)
    await relay.sweep()
    assert await outbox(kept, "jar") == []


async def test_a_letter_carries_the_trace_of_its_cause_and_else_none(
    kept: Jars, relay: Relay, wire: Wire
) -> None:
    parent = f"00-{'1' * 32}-{'2' * 16}-01"
    await put(kept, "jar", traceparent=parent)
    await put(kept, "jar")
    await relay.settled()
    assert [message.headers for message in wire.sent] == [{"traceparent": parent}, {}]


async def test_a_relay_that_has_stopped_leaves_what_is_written_to_the_next(
    kept: Jars, relay: Relay, wire: Wire, clock: Clock
) -> None:
    """And finishes first what it is at."""
    await put(kept, "first")
    await relay.stop()
    assert (len(wire.sent), await outbox(kept, "first")) == (1, [])
    await put(kept, "second")
    await relay.settled()
    assert (len(wire.sent), len(await outbox(kept, "second"))) == (1, 1)
    assert await relay.pending() == (1, NOON)


async def test_what_another_writes_while_the_last_is_settled_goes_with_it(
    kept: Jars, relay: Relay, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, settle, written = jars(kept.store, relay), kept.store.settle, 0

    async def then_written(collection: str, document: Document, rev: int) -> bool:
        nonlocal written
        settled = await settle(collection, document, rev)
        if not written:
            written = 1
            await put(other, "jar", 2)
        return settled

    monkeypatch.setattr(kept.store, "settle", then_written)
    await put(kept, "jar")
    await relay.settled()
    assert (len(wire.sent), await outbox(kept, "jar")) == (2, [])


async def test_the_sweeper_goes_on_by_itself_whatever_a_sweep_meets(
    kept: Jars, wire: Wire, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any, **__: Any) -> list[Document]:
        raise OSError("store away")

    wire.down = "away"
    await put(kept, "jar")
    clock.now += timedelta(minutes=1)
    sweeper = Relay(wire, clock, Telemetry("test"), sweep_after=0.02)  # type: ignore[arg-type]
    sweeper.serve([kept])
    with monkeypatch.context() as broken:
        broken.setattr(kept.store, "find", away)
        wire.down = None
        await sweeper.start()
        await asyncio.sleep(0.05)
    assert wire.sent == []
    await until(lambda: len(wire.sent) == 1)
    await sweeper.stop()
    assert await outbox(kept, "jar") == []


async def test_a_failing_store_stops_nothing(
    kept: Jars, relay: Relay, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong after publishing, the event stays in its document."""

    async def away(*_: Any) -> bool:
        raise OSError("store away")

    with monkeypatch.context() as broken:
        await put(kept, "first")
        broken.setattr(kept.store, "settle", away)
        await relay.settled()
    await put(kept, "second")
    await until(lambda: len(wire.sent) == 2)
    await relay.settled()
    assert len(await outbox(kept, "first")) == 1
    assert await outbox(kept, "second") == []
